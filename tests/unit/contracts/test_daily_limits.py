import pytest

from notify_core.testing.contracts.daily_limits import DailyLimitsContract
from notify_core.testing.fakes.daily_limits import MemoryDailyLimits


class TestMemoryDailyLimits(DailyLimitsContract):
    @pytest.fixture
    def limits(self):
        return MemoryDailyLimits()

    def another(self, limits):
        return limits
