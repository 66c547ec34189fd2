"""What was read a moment ago, kept for the requests that follow."""

import time
from collections.abc import Callable, Collection, Hashable
from datetime import timedelta
from threading import Lock
from typing import Any, Final, TypeVar

T = TypeVar("T")

LONGEST: Final = timedelta(seconds=2)
# Some hundred bytes each, templates some thousand.
MOST: Final = 10_000

_Key = tuple[str, *tuple[Hashable, ...]]


class Recent:
    """Values by keys that begin with the name of the table they come from; of too many, the oldest are dropped."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._monotonic = monotonic
        self._most = most
        self._lock = Lock()
        self._kept: dict[_Key, tuple[float, Any]] = {}
        self._forgotten = 0

    def get(self, key: _Key, read: Callable[[], T]) -> T:
        """The value under ``key``, read anew when it is too old; what ``read`` raises is not kept."""
        now = self._monotonic()
        found = self._kept.get(key)
        if found is not None and now < found[0]:
            kept: T = found[1]
            return kept
        forgotten = self._forgotten
        value = read()
        with self._lock:
            # What was read while this process changed it may be what it was before.
            if forgotten == self._forgotten:
                self._kept.pop(key, None)
                while len(self._kept) >= self._most:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = (now + LONGEST.total_seconds(), value)
        return value

    def forget(self, tables: Collection[str]) -> None:
        """Read anew what is in ``tables``, which this process has just changed."""
        if not tables:
            return
        with self._lock:
            self._forgotten += 1
            self._kept = {key: value for key, value in self._kept.items() if key[0] not in tables}
