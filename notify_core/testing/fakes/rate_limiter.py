"""A rate limiter that counts in this process, by a given clock."""

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock

from notify_core.ports.clock import Clock


@dataclass
class MemoryRateLimiter:
    clock: Clock
    _seen: dict[str, deque[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def allow(self, key: str, *, limit: int, window: timedelta) -> timedelta | None:
        with self._lock:
            now = self.clock.monotonic()
            seen = self._seen.setdefault(key, deque())
            while seen and seen[0] <= now - window.total_seconds():
                seen.popleft()
            if len(seen) < limit:
                seen.append(now)
                return None
            # A limit of 0 never has room.
            oldest = seen[0] if seen else now
            return timedelta(seconds=oldest + window.total_seconds() - now)
