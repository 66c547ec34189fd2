"""A database in memory: tables, transactions, and a clock of its own."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any, TypeVar

from notify_core.kernel.errors import NotifyError
from notify_core.testing.fakes.clock import NOON

K = TypeVar("K")
V = TypeVar("V")

_ABSENT: Any = object()


class MemoryTable(MutableMapping[K, V]):
    """Frozen values by key. A change inside a transaction is undone when that fails; one outside a
    transaction lasts at once, which is how tests put things in place."""

    def __init__(self, database: "MemoryDatabase") -> None:
        self._database = database
        self._rows: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        with self._database.lock:
            return self._rows[key]

    def __setitem__(self, key: K, value: V) -> None:
        with self._database.lock:
            self._database.note(self._rows, key, self._rows.get(key, _ABSENT))
            self._rows[key] = value

    def __delitem__(self, key: K) -> None:
        with self._database.lock:
            self._database.note(self._rows, key, self._rows[key])
            del self._rows[key]

    def __iter__(self) -> Iterator[K]:
        with self._database.lock:
            # A copy, so that a loop may change the table it walks.
            return iter(list(self._rows))

    def __len__(self) -> int:
        return len(self._rows)


class _Transaction:
    def __init__(self, *, read_only: bool) -> None:
        self.read_only = read_only
        self.undo: list[tuple[dict[Any, Any], Any, Any]] = []
        self.refused: NotifyError | None = None

    def roll_back(self) -> None:
        while self.undo:
            rows, key, before = self.undo.pop()
            if before is _ABSENT:
                rows.pop(key, None)
            else:
                rows[key] = before


class MemoryDatabase:
    """One transaction at a time: each holds ``lock`` from its begin to its end."""

    def __init__(self, now: datetime = NOON) -> None:
        self.lock = RLock()
        self._tables: dict[str, MemoryTable[Any, Any]] = {}
        self._now = now.astimezone(UTC)
        self._open: list[_Transaction] = []

    def table(self, name: str) -> MemoryTable[Any, Any]:
        """The table with this name, made at its first use."""
        with self.lock:
            return self._tables.setdefault(name, MemoryTable(self))

    def now(self) -> datetime:
        """Database time, which need not be any process's time."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let database time pass."""
        self._now += by

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, so that a fake supplier can object to being called inside one."""
        return bool(self._open)

    def begin(self, *, read_only: bool = False) -> None:
        """Open a transaction; other threads wait.

        :raises RuntimeError: this thread already has one that writes open: with a real database
            the two would wait for each other.
        """
        self.lock.acquire()
        if not read_only and any(not transaction.read_only for transaction in self._open):
            self.lock.release()
            raise RuntimeError("this thread already has a unit of work open, which the new one would wait for")
        self._open.append(_Transaction(read_only=read_only))

    def refuse(self, error: NotifyError) -> None:
        """A constraint is broken. As with a real database that shows when the transaction commits, not before;
        outside a transaction at once."""
        if not self._open:
            raise error
        self._open[-1].refused = self._open[-1].refused or error

    def raise_if_refused(self) -> None:
        """What :meth:`refuse` was told first in the open transaction, which must not be kept then."""
        if self._open and self._open[-1].refused is not None:
            raise self._open[-1].refused

    def end(self, *, keep: bool) -> None:
        """Close the transaction opened last, keeping its changes or not."""
        transaction = self._open.pop()
        if not keep:
            transaction.roll_back()
        self.lock.release()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Changes inside the block happen together or not at all."""
        self.begin()
        try:
            yield
            self.raise_if_refused()
        except BaseException:
            self.end(keep=False)
            raise
        self.end(keep=True)

    def note(self, rows: dict[Any, Any], key: Any, before: Any) -> None:
        """A table tells what it is about to overwrite."""
        if not self._open:
            return
        if self._open[-1].read_only:
            raise RuntimeError("this unit of work is read only: open one that writes")
        self._open[-1].undo.append((rows, key, before))
