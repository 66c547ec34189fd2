from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify_core.kernel.calendar import LONDON, london_date, to_london
from notify_core.letters.policies import cut_off, deadline_of, print_day, print_deadline

MICROSECOND = timedelta(microseconds=1)

# The years in which London has had the clocks it has now.
instants = st.datetimes(datetime(1996, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
days = st.dates(date(1996, 1, 1), date(2099, 12, 31))


def london(*parts):
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)


class TestExamples:
    def test_half_past_five_in_winter_and_in_summer(self):
        assert deadline_of(date(2017, 12, 4)) == datetime(2017, 12, 4, 17, 30, tzinfo=UTC)
        assert deadline_of(date(2019, 8, 1)) == datetime(2019, 8, 1, 16, 30, tzinfo=UTC)

    def test_the_evening_s_run_has_today_s_deadline(self):
        assert print_deadline(london(2019, 8, 1, 17, 50)) == london(2019, 8, 1, 17, 30)

    def test_one_that_is_made_up_in_the_morning_has_yesterday_s(self):
        assert print_deadline(london(2024, 3, 1, 9, 0)) == london(2024, 2, 29, 17, 30)
        assert print_deadline(london(2024, 1, 1, 0, 0)) == london(2023, 12, 31, 17, 30)

    @pytest.mark.parametrize(
        ("created_at", "until"),
        [
            (london(2024, 2, 28, 17, 29, 59, 999999), london(2024, 2, 28, 17, 30)),
            (london(2024, 2, 28, 17, 30), london(2024, 2, 29, 17, 30)),
            (london(2024, 2, 28, 17, 30, 0, 1), london(2024, 2, 29, 17, 30)),
            (london(2023, 12, 31, 23, 59), london(2024, 1, 1, 17, 30)),
            # The night in which the clocks change, in spring and in autumn.
            (london(2024, 3, 30, 17, 30), london(2024, 3, 31, 17, 30)),
            (london(2024, 10, 26, 17, 30), london(2024, 10, 27, 17, 30)),
        ],
        ids=str,
    )
    def test_until_when_a_letter_may_be_cancelled(self, created_at, until):
        assert cut_off(created_at) == until

    def test_a_day_may_have_an_hour_less_or_more(self):
        assert cut_off(london(2024, 3, 30, 17, 30)) - london(2024, 3, 30, 17, 30) == timedelta(hours=23)
        assert cut_off(london(2024, 10, 26, 17, 30)) - london(2024, 10, 26, 17, 30) == timedelta(hours=25)


class TestProperties:
    @given(days)
    @example(date(2024, 2, 29))
    @example(date(2024, 3, 31))
    @example(date(2024, 10, 27))
    @example(date(2023, 12, 31))
    def test_a_deadline_is_at_half_past_five_on_london_clocks(self, day):
        assert to_london(deadline_of(day)).replace(tzinfo=None) == datetime.combine(day, time(17, 30))

    @given(days)
    def test_a_run_at_the_deadline_itself_is_that_day_s_and_one_just_before_is_not(self, day):
        deadline = deadline_of(day)
        assert print_deadline(deadline) == deadline
        assert print_deadline(deadline - MICROSECOND) == deadline_of(day - timedelta(days=1))

    @given(instants)
    def test_a_run_s_deadline_is_the_latest_that_is_past(self, now):
        around = [deadline_of(london_date(now) + timedelta(days=offset)) for offset in range(-2, 3)]
        assert print_deadline(now) == max(deadline for deadline in around if deadline <= now)

    @given(instants)
    def test_a_letter_goes_with_the_first_run_it_was_created_before(self, created_at):
        around = [deadline_of(london_date(created_at) + timedelta(days=offset)) for offset in range(-2, 3)]
        assert cut_off(created_at) == min(deadline for deadline in around if created_at < deadline)

    @given(instants)
    def test_the_next_run_s_deadline_is_the_cut_off_of_what_is_created_now(self, now):
        assert print_deadline(cut_off(now)) == cut_off(now)
        assert print_deadline(cut_off(now) - MICROSECOND) == print_deadline(now)

    @given(days)
    def test_around_the_deadline(self, day):
        deadline, next_deadline = deadline_of(day), deadline_of(day + timedelta(days=1))
        assert cut_off(deadline - MICROSECOND) == deadline
        assert cut_off(deadline) == cut_off(deadline + MICROSECOND) == next_deadline

    @given(instants)
    def test_a_letter_s_folder_is_never_of_a_later_day_than_its_run(self, created_at):
        assert print_day(created_at) <= london_date(cut_off(created_at))
