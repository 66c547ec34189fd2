"""How every clock behaves."""

from datetime import UTC, timedelta

import pytest

from notify_core.ports.clock import Clock


class ClockContract:
    """Supply ``clock``."""

    @pytest.fixture
    def clock(self) -> Clock:
        raise NotImplementedError

    def test_now_is_aware_and_in_utc(self, clock: Clock) -> None:
        assert clock.now().tzinfo is UTC
        assert clock.now().utcoffset() == timedelta()

    def test_durations_never_run_backwards(self, clock: Clock) -> None:
        measured = [clock.monotonic() for _ in range(100)]
        assert measured == sorted(measured)
