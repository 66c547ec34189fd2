"""A rate limiter that counts in this process: exact for one process, per process for several."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import timedelta
from threading import Lock

from notify_adapters.options import known
from notify_core.ports.rate_limiter import RateLimiter

OPTIONS: Mapping[str, str] = {}

_TIDY_EVERY = 60.0


class MemoryRateLimiter:
    """Keeps the moment of every request in the window, so it is exact at 8 bytes a request."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._moments: dict[str, deque[float]] = {}
        self._idle_from: dict[str, float] = {}
        self._tidy_at = monotonic() + _TIDY_EVERY

    def allow(self, key: str, *, limit: int, window: timedelta) -> timedelta | None:
        length = window.total_seconds()
        with self._lock:
            now = self._monotonic()
            if now >= self._tidy_at:
                self._tidy(now)
            moments = self._moments.get(key)
            if moments is None:
                moments = self._moments[key] = deque()
            while moments and moments[0] <= now - length:
                moments.popleft()
            if len(moments) < limit:
                moments.append(now)
                self._idle_from[key] = now + length
                return None
            # There is room when as many have left the window as are too many; a limit of 0 never has any.
            return timedelta(seconds=moments[len(moments) - limit] + length - now) if limit > 0 else window

    def _tidy(self, now: float) -> None:
        """Forget keys that nobody uses any more."""
        self._tidy_at = now + _TIDY_EVERY
        for key in [key for key in self._moments if self._idle_from.get(key, now) <= now]:
            del self._moments[key]
            self._idle_from.pop(key, None)


def build(options: Mapping[str, str]) -> RateLimiter:
    known(options, *OPTIONS)
    return MemoryRateLimiter()
