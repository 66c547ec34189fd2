"""What goes wrong, at random and by a seed: parts die, servers restart, those outside are unwell, clocks are moved."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from signal import SIGKILL
from threading import Event, Thread, Timer

from chaos.outside import LAMBDA, MAIL, S3, SUBSCRIBER, TEXTS, ZENDESK
from chaos.platform import RELAYS, WORKERS, ChaosPlatform
from chaos.servers import PostgreSql, Redis
from chaos.trouble import Trouble
from demo.production import BEAT, WEB

# Kinds of faults, as the report names them.
KILLED, CHILD_KILLED, CLOCK = "killed", "a process of it killed", "killed, and its clock set"
RESTARTED, EMPTIED, UNWELL = "restarted", "emptied", "unwell"
# No fault of ours: a process that finds no database when it starts ends, and its supervisor starts it again.
ENDED = "ended by itself"
# How often each is drawn from one deck; when it is used up there is a new one. So each happens, in any order.
_DECK: Mapping[str, int] = {
    "worker": 4,
    "relay": 2,
    "web": 2,
    "beat": 1,
    "clock": 3,
    "redis": 2,
    "postgresql": 2,
    "unwell": 8,
}
# In seconds: between two faults, as long as somebody is unwell, until a supervisor notices a death, without Redis.
_PAUSE, _UNWELL, _NOTICED, _AWAY = (1.0, 5.0), (4.0, 15.0), (0.0, 1.0), (0.2, 4.0)
_MOVED = (-90, -45, 45, 90)
# What is taken and not said is the hardest.
_TROUBLES: Mapping[Trouble, int] = {
    Trouble.ERRORS: 1,
    Trouble.REFUSING: 1,
    Trouble.SLOW: 1,
    Trouble.CUT: 2,
    Trouble.LATE: 2,
}
_LOOK = 0.5


@dataclass(frozen=True)
class Fault:
    """``target`` is a part, a server or somebody outside; times are seconds since 1970."""

    kind: str
    target: str
    began: float
    ended: float
    note: str = ""

    @property
    def is_death(self) -> bool:
        return self.kind in {KILLED, CHILD_KILLED, CLOCK}


@dataclass
class Faults:
    """One after the other; somebody unwell stays so while others die."""

    platform: ChaosPlatform
    postgresql: PostgreSql
    redis: Redis
    seed: int
    happened: list[Fault] = field(default_factory=list, init=False)
    failure: BaseException | None = field(default=None, init=False)
    _unwell: dict[str, tuple[Trouble, float]] = field(default_factory=dict, init=False)
    _stop: Event = field(default_factory=Event, init=False)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._thread = Thread(target=self._run, name="faults", daemon=True)
        self._kinds: Mapping[str, Callable[[], None]] = {
            "worker": lambda: self._kill(self._random.choice(WORKERS)),
            "relay": lambda: self._kill(self._random.choice(RELAYS)),
            "web": lambda: self._kill(WEB),
            "beat": lambda: self._kill(BEAT),
            "clock": self._move_a_clock,
            "redis": self._lose_what_is_in_redis,
            "postgresql": self._restart_postgresql,
            "unwell": self._make_unwell,
        }

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Everybody is well, every clock is right, and all parts run."""
        self._stop.set()
        self._thread.join(180)
        for name in list(self._unwell):
            self._recover(name)
        for part in [part for part, moved in self.platform.clocks.items() if moved]:
            self._restart(part, CLOCK, moved=0)

    def supervise(self) -> None:
        """What has ended by itself is started again."""
        for part in set(self.platform.ended()) & set(self.platform.parts):
            began = time.time()
            self.platform.start(part)
            self._note(ENDED, part, began)

    def _run(self) -> None:
        deck: list[str] = []
        try:
            for number in count():
                # Anew for each: what one meets, and draws because of it, changes nothing of the next.
                self._random = random.Random(f"{self.seed} {number}")  # noqa: S311 - to be repeated, not unguessable
                until = time.monotonic() + self._random.uniform(*_PAUSE)
                while time.monotonic() < until:
                    if self._stop.wait(_LOOK):
                        return
                    self.supervise()
                if not deck:
                    deck = [kind for kind, times in _DECK.items() for _ in range(times)]
                    self._random.shuffle(deck)
                self._kinds[deck.pop()]()
        except BaseException as error:
            self.failure = error
            raise

    def _kill(self, part: str) -> None:
        """All of it, or one of its processes, which it replaces by itself."""
        began = time.time()
        if self._random.random() < 0.5 and self.platform.kill_child(part):
            self._note(CHILD_KILLED, part, began)
        else:
            self._restart(part, KILLED, moved=self.platform.clocks.get(part, 0))

    def _move_a_clock(self) -> None:
        self._restart(self._random.choice(WORKERS), CLOCK, moved=self._random.choice(_MOVED))

    def _restart(self, part: str, kind: str, *, moved: int) -> None:
        began = time.time()
        self.platform.kill(part)
        self.platform.clocks[part] = moved
        time.sleep(self._random.uniform(*_NOTICED))
        self.platform.start(part)
        self._note(kind, part, began, f"clock {moved:+d} s" if moved else "")

    def _lose_what_is_in_redis(self) -> None:
        began = time.time()
        if self._random.random() < 0.5:
            self.redis.empty()
            self._note(EMPTIED, "redis", began)
            return
        self.redis.end(SIGKILL)
        time.sleep(self._random.uniform(*_AWAY))
        self.redis.start()
        self._note(RESTARTED, "redis", began, "empty when it came back")

    def _restart_postgresql(self) -> None:
        began, crash = time.time(), self._random.random() < 0.5
        self.postgresql.restart(crash=crash)
        self._note(RESTARTED, "postgresql", began, "it crashed" if crash else "")

    def _make_unwell(self) -> None:
        well = [name for name in (*TEXTS, MAIL, ZENDESK, SUBSCRIBER, S3, LAMBDA) if name not in self._unwell]
        if not well:
            return
        name = self._random.choice(well)
        (trouble,) = self._random.choices(list(_TROUBLES), list(_TROUBLES.values()))
        self._unwell[name] = trouble, time.time()
        self.platform.outside.trouble(name, trouble)
        recovery = Timer(self._random.uniform(*_UNWELL), self._recover, [name])
        recovery.daemon = True
        recovery.start()

    def _recover(self, name: str) -> None:
        # Whoever is first: its time, or the end of all troubles.
        trouble, began = self._unwell.pop(name, (None, 0.0))
        if trouble is not None:
            self.platform.outside.trouble(name, Trouble.NONE)
            self._note(UNWELL, name, began, str(trouble))

    def _note(self, kind: str, target: str, began: float, note: str = "") -> None:
        self.happened.append(Fault(kind, target, began, time.time(), note))
        print(f"    {target} {kind}{f' ({note})' if note else ''}", flush=True)
