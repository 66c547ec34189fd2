"""How daily limits behave, wherever they are counted."""

from datetime import date, timedelta

import pytest

from notify_core.kernel.ids import ServiceId
from notify_core.ports.daily_limits import LARGEST_PORTION, DailyLimits
from notify_core.testing.builders import an_id
from notify_core.testing.contracts.racing import race

DAY = date(2026, 1, 5)
SERVICE, OTHER = ServiceId(an_id()), ServiceId(an_id())
RUNNERS = 4


class DailyLimitsContract:
    """Supply ``limits`` and :meth:`another`."""

    @pytest.fixture
    def limits(self) -> DailyLimits:
        raise NotImplementedError

    def another(self, limits: DailyLimits) -> DailyLimits:
        """What another process has, counting with ``limits``. Where a process counts alone: ``limits`` itself."""
        raise NotImplementedError

    def sent(self, limits: DailyLimits, limit: int, tries: int, channel: str = "sms") -> int:
        """How many of ``tries`` messages are let through."""
        return [limits.take(SERVICE, channel, DAY, limit=limit) for _ in range(tries)].count(True)

    @pytest.mark.parametrize("limit", [0, 1, 7, 60, 1000])
    def test_a_process_gets_the_whole_limit_and_no_more(self, limits: DailyLimits, limit: int) -> None:
        assert self.sent(limits, limit, limit + 10) == limit

    def test_a_small_limit_is_exact_over_processes(self, limits: DailyLimits) -> None:
        other = self.another(limits)
        sent = [self.sent(one, 10, 1) for one in (limits, other) * 8]
        assert sum(sent) == 10

    def test_a_large_limit_is_never_exceeded_by_processes_that_race(self, limits: DailyLimits) -> None:
        processes = [limits, *(self.another(limits) for _ in range(RUNNERS - 1))]
        sent = sum(race(lambda number: self.sent(processes[number], 500, 400), RUNNERS))
        assert 500 - RUNNERS * LARGEST_PORTION <= sent <= 500

    def test_threads_of_a_process_share_the_limit(self, limits: DailyLimits) -> None:
        assert sum(race(lambda _: self.sent(limits, 100, 50), RUNNERS)) == 100

    def test_services_channels_and_days_are_counted_apart(self, limits: DailyLimits) -> None:
        assert limits.take(SERVICE, "sms", DAY, limit=1)
        assert limits.take(SERVICE, "email", DAY, limit=1)
        assert limits.take(OTHER, "sms", DAY, limit=1)
        assert limits.take(SERVICE, "sms", DAY + timedelta(days=1), limit=1)
        assert not limits.take(SERVICE, "sms", DAY + timedelta(days=1), limit=1)

    def test_several_are_taken_together_or_not_at_all(self, limits: DailyLimits) -> None:
        assert limits.take(SERVICE, "sms", DAY, limit=100, number=70)
        assert not limits.take(SERVICE, "sms", DAY, limit=100, number=31)
        assert limits.take(SERVICE, "sms", DAY, limit=100, number=30)
        assert not limits.take(SERVICE, "sms", DAY, limit=100)

    def test_what_is_in_hand_counts_when_several_are_wanted(self, limits: DailyLimits) -> None:
        assert limits.take(SERVICE, "sms", DAY, limit=1000)
        assert limits.take(SERVICE, "sms", DAY, limit=1000, number=999)

    def test_what_was_given_back_can_be_taken_again(self, limits: DailyLimits) -> None:
        assert self.sent(limits, 5, 5) == 5
        limits.give_back(SERVICE, "sms", DAY, number=2)
        assert self.sent(limits, 5, 5) == 2

    def test_a_raised_limit_lets_more_through(self, limits: DailyLimits) -> None:
        assert self.sent(limits, 100, 110) == 100
        assert self.sent(limits, 130, 50) == 30

    def test_a_lowered_limit_holds_at_once(self, limits: DailyLimits) -> None:
        assert self.sent(limits, 10_000, 20) == 20
        assert self.sent(limits, 20, 5) == 0

    def test_days_that_are_over_are_forgotten(self, limits: DailyLimits) -> None:
        assert limits.take(SERVICE, "sms", DAY - timedelta(days=1), limit=1)
        assert limits.take(SERVICE, "sms", DAY, limit=1)
        assert limits.forget_before(DAY) >= 1
        assert limits.forget_before(DAY) == 0
        assert not limits.take(SERVICE, "sms", DAY, limit=1)
