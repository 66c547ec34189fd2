"""What was read a moment ago, kept for the requests that follow."""

import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, Final, TypeVar

T = TypeVar("T")

LONGEST: Final = timedelta(seconds=2)
# Some hundred bytes each, templates some thousand.
MOST: Final = 10_000

_Key = tuple[str, *tuple[Hashable, ...]]


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    changes: int
    value: Any


class Recent:
    """Values by keys that begin with the name of the table they come from; of too many, the oldest are dropped."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._monotonic = monotonic
        self._most = most
        self._lock = Lock()
        self._changes: dict[str, int] = {}
        self._kept: dict[_Key, _Kept] = {}

    def get(self, key: _Key, read: Callable[[], T]) -> T:
        """The value under ``key``, read anew when it is too old; what ``read`` raises is not kept."""
        now, changes = self._monotonic(), self._changes.get(key[0], 0)
        found = self._kept.get(key)
        if found is not None and now < found.until and changes == found.changes:
            kept: T = found.value
            return kept
        value = read()
        with self._lock:
            self._kept.pop(key, None)
            while len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            # By its count of changes it is known if this process changed the table while it was being read.
            self._kept[key] = _Kept(now + LONGEST.total_seconds(), changes, value)
        return value

    def forget(self, tables: Iterable[str]) -> None:
        """Read anew what is in ``tables``, which this process has just changed."""
        with self._lock:
            for table in tables:
                self._changes[table] = self._changes.get(table, 0) + 1
