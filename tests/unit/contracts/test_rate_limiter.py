import pytest

from notify_core.testing.contracts.rate_limiter import RateLimiterContract
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.rate_limiter import MemoryRateLimiter


class TestMemoryRateLimiter(RateLimiterContract):
    @pytest.fixture
    def limiter(self):
        self.clock = FakeClock()
        return MemoryRateLimiter(self.clock)

    def let_pass(self, length):
        self.clock.advance(length)
