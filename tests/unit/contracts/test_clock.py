from datetime import timedelta

import pytest

from notify_core.testing.contracts.clock import ClockContract
from notify_core.testing.fakes.clock import NOON, FakeClock


class TestFakeClock(ClockContract):
    @pytest.fixture
    def clock(self):
        return FakeClock()

    def test_time_passes_when_told(self, clock):
        clock.advance(timedelta(minutes=1))
        clock.sleep(0.5)
        assert clock.now() == NOON + timedelta(seconds=60.5)
        assert clock.monotonic() == 60.5

    def test_putting_the_clock_right_changes_no_duration(self, clock):
        clock.set(NOON - timedelta(hours=1))
        assert clock.now() == NOON - timedelta(hours=1)
        assert clock.monotonic() == 0
