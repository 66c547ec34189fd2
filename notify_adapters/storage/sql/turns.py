"""Whose turn it is to write.

SQLite lets one transaction write at a time, and a second one finds out by trying again, up to 100 ms
apart: threads of one process would wait for each other far longer than the other takes, some of them
again and again. So they queue up before they ask SQLite. Other processes still meet its own lock.
"""

from threading import Lock
from typing import Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from notify_adapters.storage.sql.engine import PATIENCE
from notify_core.kernel.errors import TransientError


class Turn(Protocol):
    def take(self) -> None:
        """Wait until it is this thread's turn.

        :raises TransientError: it did not come in time.
        """
        ...

    def give_up(self) -> None:
        """The next one's turn."""
        ...


class _OneByOne:
    def __init__(self) -> None:
        self._lock = Lock()

    def take(self) -> None:
        if not self._lock.acquire(timeout=PATIENCE):
            raise TransientError("the database is busy")

    def give_up(self) -> None:
        self._lock.release()


class _AllAtOnce:
    """PostgreSQL locks rows, not the database."""

    def take(self) -> None:
        pass

    def give_up(self) -> None:
        pass


_TURNS: WeakKeyDictionary[Engine, Turn] = WeakKeyDictionary()
_MAKING = Lock()


def turn_to_write(engine: Engine) -> Turn:
    """The same for all threads that write through ``engine``."""
    with _MAKING:
        if engine not in _TURNS:
            _TURNS[engine] = _OneByOne() if engine.dialect.name == "sqlite" else _AllAtOnce()
        return _TURNS[engine]
