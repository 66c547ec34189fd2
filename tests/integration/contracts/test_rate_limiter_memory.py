from datetime import timedelta

import pytest

from notify_adapters.options import BadOption
from notify_adapters.rate_limiter.memory import MemoryRateLimiter, build
from notify_core.testing.contracts.rate_limiter import RateLimiterContract
from notify_core.testing.fakes.clock import FakeClock


class TestMemory(RateLimiterContract):
    @pytest.fixture
    def limiter(self):
        self.clock = FakeClock()
        return MemoryRateLimiter(self.clock.monotonic)

    def let_pass(self, length):
        self.clock.advance(length)

    def test_a_lowered_limit_says_when_there_is_really_room(self, limiter):
        minute = timedelta(minutes=1)
        for _ in range(3):
            limiter.allow("a", limit=3, window=minute)
            self.let_pass(timedelta(seconds=10))
        wait = limiter.allow("a", limit=2, window=minute)
        self.let_pass(wait)
        assert limiter.allow("a", limit=2, window=minute) is None

    def test_keys_that_nobody_uses_are_forgotten(self, limiter):
        for number in range(100):
            limiter.allow(str(number), limit=1, window=timedelta(seconds=1))
        self.let_pass(timedelta(minutes=2))
        limiter.allow("a", limit=1, window=timedelta(seconds=1))
        assert set(limiter._moments) == {"a"}


class TestOnTheRealClock(RateLimiterContract):
    @pytest.fixture
    def limiter(self):
        return build({})


def test_has_no_options():
    with pytest.raises(BadOption, match="url"):
        build({"url": "redis://"})
