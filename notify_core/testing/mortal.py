"""A platform whose process can be killed between any two things that it does to the world outside it: for tests that
work which was broken off anywhere is done again, and ends the same."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from notify_core.ports.clock import Clock
from notify_core.registry.reactions import react
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.letter_printer import MemoryLetterPrinter
from notify_core.testing.fakes.letter_store import MemoryLetterStore
from notify_core.testing.fakes.unit_of_work import MemoryStorage
from notify_core.testing.platform import InMemoryPlatform


class Killed(BaseException):
    """The process is gone. No error, so that nothing catches it."""


@dataclass
class Steps:
    """``done`` are the things done so far, ``last`` how many of them are done before the process is killed, once."""

    done: int = 0
    last: int | None = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def next(self) -> None:
        """:raises Killed: this is one too many."""
        with self._lock:
            if self.done == self.last:
                self.last = None
                raise Killed
            self.done += 1


class _MortalStore(MemoryLetterStore):
    def __init__(self, clock: Clock, step: Callable[[], None]) -> None:
        super().__init__(clock)
        self._step = step

    def _request(self, name: str) -> None:
        self._step()
        super()._request(name)


class _MortalPrinter(MemoryLetterPrinter):
    def __init__(self, step: Callable[[], None]) -> None:
        super().__init__()
        self._step = step

    def _play(self) -> None:
        self._step()
        super()._play()


class _MortalStorage(MemoryStorage):
    def __init__(self, database: MemoryDatabase, step: Callable[[], None]) -> None:
        super().__init__(database, react)
        self._step = step

    def raise_if_scripted(self) -> None:
        self._step()
        super().raise_if_scripted()


class MortalPlatform(InMemoryPlatform):
    """Its ``steps`` are the requests to the store of letters, the calls to the printer and the commits, begun by use
    cases; where the ledger records how a task ended, nobody is killed."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = Steps()
        self.letter_store = _MortalStore(self.clock, self.steps.next)
        self.letter_printer = _MortalPrinter(self.steps.next)
        self.work = self.recent = _MortalStorage(self.database, self.steps.next)
