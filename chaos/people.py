"""People who write alerts, approve, correct and cancel them, whatever is down; and an operator who looks after them."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread
from uuid import UUID

import requests

from benchmarks.alerts import Agency
from benchmarks.drained import HasParts, replay_failed
from benchmarks.sure_people import SurePeople
from benchmarks.tales import Tale, go_on, tale
from notify_core.kernel.errors import NotifyError
from notify_core.kernel.ids import BroadcastMessageId

# Seconds between two new alerts, and between two looks.
PACE = 4.0
_REST = 0.5


@dataclass
class People:
    """``until`` is the moment, by the monotonic clock, at which they give up."""

    agency: Agency
    container: HasParts
    until: float
    tales: list[Tale] = field(default_factory=list, init=False)
    replayed: int = field(default=0, init=False)
    failure: BaseException | None = field(default=None, init=False)
    _no_more: Event = field(default_factory=Event, init=False)

    def begin(self) -> None:
        self._thread = Thread(target=self._run, name="people", daemon=True)
        self._thread.start()

    def no_more(self) -> None:
        """What has begun is brought to its end; nothing new is written."""
        self._no_more.set()

    @property
    def done(self) -> bool:
        """Every tale is told, or nobody goes on."""
        return not self._thread.is_alive()

    def look_after(self) -> None:
        """The operator goes on when all tales are told: what waited for another broadcast may fail after that."""
        with suppress(NotifyError):
            self.replayed += replay_failed(self.container)

    def _run(self) -> None:
        people, written, told = SurePeople(self.agency, self.container, self.until), 0.0, False
        try:
            while time.monotonic() < self.until and not (self._no_more.is_set() and told):
                if not self._no_more.is_set() and time.monotonic() > written + PACE:
                    written = time.monotonic()
                    self._write()
                # The database may be away for a moment.
                with suppress(NotifyError):
                    told = go_on(self.tales, people, self.container)
                self.look_after()
                time.sleep(_REST)
        except BaseException as error:
            self.failure = error
            raise

    def _write(self) -> None:
        """An alert of which nobody heard that it was written, nobody approves."""
        with suppress(requests.RequestException):
            message = self.agency.pending()
            self.tales.append(tale(len(self.tales), message, BroadcastMessageId(UUID(message))))
