"""Killing parts of a platform at random moments, and starting them again, for as long as it is told to."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Event, Thread

from demo.platform import Platform

# Whole parts, with all their processes, as often as single processes of them.
_WHOLE = 0.5


@dataclass
class Kills:
    """``pause`` is the shortest and the longest one between two kills, in seconds."""

    platform: Platform
    pause: tuple[float, float]
    count: Counter[str] = field(default_factory=Counter, init=False)
    failure: BaseException | None = field(default=None, init=False)
    _stop: Event = field(default_factory=Event, init=False)
    _thread: Thread = field(init=False)

    def begin(self) -> None:
        self._thread = Thread(target=self._run, name="kills", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Returns when everything has been started again."""
        self._stop.set()
        self._thread.join(120)

    def _run(self) -> None:
        try:
            while not self._stop.wait(random.uniform(*self.pause)):  # noqa: S311 - nobody guesses at it
                self._strike()
        except BaseException as error:
            self.failure = error
            raise

    def _strike(self) -> None:
        part = random.choice(self.platform.parts)  # noqa: S311
        if random.random() > _WHOLE and self.platform.kill_child(part):  # noqa: S311
            self.count[f"a process of {part}"] += 1
            return
        self.platform.kill(part)
        self.count[part] += 1
        # As long as a supervisor may take to notice.
        time.sleep(random.uniform(0, 1))  # noqa: S311
        self.platform.start(part)
