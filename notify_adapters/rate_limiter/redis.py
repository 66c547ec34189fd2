"""A rate limiter that counts in Redis, for all processes together.

A process takes permits in portions, so that few requests wait for Redis: one at first, twice as many when a portion was
used up, fifty at most, and never more than a twentieth of what is left. A permit is used within a twentieth of the
window, a second at most, or given back with the next portion. So a limit is never exceeded; a request may be refused
while other processes hold permits that they do not use.

While Redis is away every process counts for itself, which lets in as many times the limit as there are processes.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from threading import Lock
from typing import Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from notify_adapters.options import BadOption, known, required, seconds
from notify_adapters.rate_limiter.memory import MemoryRateLimiter
from notify_adapters.rate_limiter.redis_script import TAKE
from notify_core.ports.rate_limiter import RateLimiter

OPTIONS: Mapping[str, str] = {
    "url": "redis://…, rediss://… or unix://… (required)",
    "prefix": "what the keys begin with (default: notify)",
    "timeout": "seconds that a request waits for Redis at most (default: 0.25)",
}

LARGEST_PORTION: Final = 50
# Without an answer Redis is left alone for so many seconds.
PAUSE: Final = 1.0
_SAY_EVERY: Final = 10.0
_LONGEST_HOLD: Final = 1.0
_TIDY_EVERY: Final = 60.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Portion:
    """``name`` and ``size`` are how Redis knows it; it is used until ``until``."""

    name: str
    size: int
    left: int
    until: float
    limit: int

    def next_size(self, now: float) -> int:
        """As many as were used; more where they were used up in time."""
        used = self.size - self.left
        return min(LARGEST_PORTION, used * 2 if now < self.until else max(1, used))


class RedisRateLimiter:
    def __init__(self, redis: Redis, prefix: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._prefix = prefix
        self._monotonic = monotonic
        self._take = redis.register_script(TAKE)
        self._lock = Lock()
        self._portions: dict[str, _Portion] = {}
        self._tidy_at = monotonic() + _TIDY_EVERY
        self._alone = MemoryRateLimiter(monotonic)
        self._away_until = self._say_at = float("-inf")
        self._counted_alone = 0

    def allow(self, key: str, *, limit: int, window: timedelta) -> timedelta | None:
        if limit <= 0:
            return window
        with self._lock:
            now = self._monotonic()
            if self._use_one(key, limit, now):
                return None
            if now >= self._away_until:
                try:
                    wait = self._ask(key, limit, window, now)
                except RedisError as error:
                    self._away_until = now + PAUSE
                    self._say_away(error, now)
                else:
                    self._say_back()
                    return wait
            self._counted_alone += 1
            return self._alone.allow(key, limit=limit, window=window)

    def _use_one(self, key: str, limit: int, now: float) -> bool:
        portion = self._portions.get(key)
        if portion is None or not portion.left or now >= portion.until or portion.limit != limit:
            return False
        portion.left -= 1
        return True

    def _ask(self, key: str, limit: int, window: timedelta, now: float) -> timedelta | None:
        """Take a portion and use one permit of it, or be told how long to wait."""
        if now >= self._tidy_at:
            self._tidy(now)
        former, name = self._portions.get(key), token_hex(8)
        hold = min(_LONGEST_HOLD, window.total_seconds() / 20)
        both = f"{self._prefix}:rate:{{{key}}}"
        taken, wait = self._take(
            keys=[f"{both}:portions", f"{both}:taken"],
            args=[
                limit,
                round(window.total_seconds() * 1_000_000),
                round(hold * 1_000_000),
                former.next_size(now) if former else 1,
                name,
                f"{former.name}:{former.size}" if former else "",
                former.size - former.left if former else 0,
            ],
        )
        if not taken:
            self._portions.pop(key, None)
            return timedelta(microseconds=max(1, wait))
        # From before the question: Redis counts a permit for a window from the end of the time that it is used in.
        self._portions[key] = _Portion(name, taken, taken - 1, now + hold, limit)
        return None

    def _tidy(self, now: float) -> None:
        """Forget keys that nobody uses any more; what is left of their portions ends with the window."""
        self._tidy_at = now + _TIDY_EVERY
        for key in [key for key, portion in self._portions.items() if portion.until + _TIDY_EVERY <= now]:
            del self._portions[key]

    def _say_away(self, error: RedisError, now: float) -> None:
        if now >= self._say_at:
            self._say_at = now + _SAY_EVERY
            log.warning(
                "the rate limiter's Redis is away (%s): this process counts for itself, %d requests so far",
                type(error).__name__,
                self._counted_alone,
            )

    def _say_back(self) -> None:
        if self._counted_alone:
            log.warning(
                "the rate limiter's Redis answers again; this process counted %d requests for itself",
                self._counted_alone,
            )
            self._counted_alone, self._say_at = 0, float("-inf")


def build(options: Mapping[str, str]) -> RateLimiter:
    """Redis is asked when the first request comes, not now: the API starts while it is away.

    :raises BadOption: the address is missing, or none of a Redis server.
    """
    known(options, *OPTIONS)
    url, patience = required(options, "url"), seconds(options, "timeout", 0.25)
    try:
        redis = Redis.from_url(
            url,
            socket_timeout=patience,
            socket_connect_timeout=patience,
            # A connection that the server has closed meanwhile is opened again, once.
            retry=Retry(NoBackoff(), 1),
        )
    except ValueError:
        # Without the cause, which may quote the password.
        raise BadOption("option url must be redis://…, rediss://… or unix://…") from None
    return RedisRateLimiter(redis, options.get("prefix", "").strip() or "notify")
