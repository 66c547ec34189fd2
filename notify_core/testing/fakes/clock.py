"""A clock that stands still until it is told otherwise."""

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class FakeClock:
    """Both times move together, and only by :meth:`advance` and :meth:`sleep`."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now.astimezone(UTC)
        self._monotonic = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by
        self._monotonic += by.total_seconds()

    def sleep(self, seconds: float) -> None:
        """:meth:`advance` in the shape of ``time.sleep``."""
        self.advance(timedelta(seconds=seconds))

    def set(self, now: datetime) -> None:
        """Put the clock right, as an operator or a time server does: measured durations do not notice."""
        self._now = now.astimezone(UTC)
