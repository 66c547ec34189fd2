from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify_core.kernel.calendar import LONDON, london_date, to_london
from notify_core.letters.model import Postage
from notify_core.letters.policies import cut_off, deadline_of, estimated_delivery

MICROSECOND = timedelta(microseconds=1)
CHRISTMAS = frozenset({date(2024, 12, 25), date(2024, 12, 26), date(2025, 1, 1)})

# The years in which London has had the clocks it has now.
instants = st.datetimes(datetime(1996, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
days = st.dates(date(1996, 1, 1), date(2098, 12, 31))
postages = st.sampled_from(Postage)


@st.composite
def holidays_near(draw, instant):
    """A few holidays where they matter."""
    start = london_date(instant)
    return frozenset(start + timedelta(days=n) for n in draw(st.sets(st.integers(0, 25), max_size=6)))


def london(*parts):
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)


def by(*day):
    return london(*day, 16)


class TestExamples:
    @pytest.mark.parametrize(
        ("postage", "day"),
        [
            # Created on a Monday and printed on Tuesday the 11th.
            (Postage.FIRST, (2017, 7, 12)),
            (Postage.SECOND, (2017, 7, 17)),
            (Postage.EUROPE, (2017, 7, 18)),
            (Postage.ECONOMY, (2017, 7, 19)),
            (Postage.REST_OF_WORLD, (2017, 7, 20)),
        ],
    )
    def test_the_post_s_days_of_each_postage(self, postage, day):
        assert estimated_delivery(london(2017, 7, 10, 9, 0), postage, ()) == by(*day)

    @pytest.mark.parametrize(
        ("created_at", "day"),
        [
            (london(2017, 7, 10, 17, 29, 59, 999999), (2017, 7, 12)),
            (london(2017, 7, 10, 17, 30), (2017, 7, 13)),
            # Made on a Thursday: printed on Friday, brought on Saturday.
            (london(2017, 7, 13, 12, 0), (2017, 7, 15)),
            # From Friday on it is printed on Monday; after 17:30 on Sunday, on Tuesday.
            (london(2017, 7, 14, 12, 0), (2017, 7, 18)),
            (london(2017, 7, 15, 12, 0), (2017, 7, 18)),
            (london(2017, 7, 16, 17, 29), (2017, 7, 18)),
            (london(2017, 7, 16, 17, 31), (2017, 7, 19)),
        ],
        ids=str,
    )
    def test_days_of_the_week(self, created_at, day):
        assert estimated_delivery(created_at, Postage.FIRST, ()) == by(*day)

    def test_nothing_is_printed_or_brought_on_holidays(self):
        # Monday the 23rd: printed on Christmas Eve, brought on Friday the 27th.
        assert estimated_delivery(london(2024, 12, 23, 9, 0), Postage.FIRST, CHRISTMAS) == by(2024, 12, 27)
        # A day later: printed on the 27th, brought on Saturday.
        assert estimated_delivery(london(2024, 12, 24, 9, 0), Postage.FIRST, CHRISTMAS) == by(2024, 12, 28)
        # Over the year's end: the 28th, 30th, 31st, the 2nd and the 3rd.
        assert estimated_delivery(london(2024, 12, 24, 9, 0), Postage.SECOND, CHRISTMAS) == by(2025, 1, 3)

    def test_a_leap_day(self):
        assert estimated_delivery(london(2024, 2, 27, 9, 0), Postage.FIRST, ()) == by(2024, 2, 29)
        assert estimated_delivery(london(2024, 2, 28, 9, 0), Postage.FIRST, ()) == by(2024, 3, 1)

    def test_four_o_clock_is_london_s_on_both_sides_of_a_clock_change(self):
        assert estimated_delivery(london(2024, 3, 28, 9, 0), Postage.FIRST, ()) == datetime(2024, 3, 30, 16, tzinfo=UTC)
        assert estimated_delivery(london(2024, 3, 29, 9, 0), Postage.FIRST, ()) == datetime(2024, 4, 2, 15, tzinfo=UTC)


class TestProperties:
    @given(st.data(), instants, postages)
    def test_it_is_brought_on_a_delivery_day_at_four(self, data, created_at, postage):
        holidays = data.draw(holidays_near(created_at))
        brought = to_london(estimated_delivery(created_at, postage, holidays))
        assert brought.time() == time(16)
        assert brought.weekday() < 6
        assert brought.date() not in holidays

    @given(st.data(), instants, postages)
    def test_neither_later_letters_nor_more_holidays_arrive_sooner(self, data, created_at, postage):
        holidays = data.draw(holidays_near(created_at))
        later = created_at + data.draw(st.timedeltas(timedelta(), timedelta(days=10)))
        estimate = estimated_delivery(created_at, postage, holidays)
        assert estimate <= estimated_delivery(later, postage, holidays)
        assert estimated_delivery(created_at, postage, ()) <= estimate

    @given(days, postages)
    @example(date(2024, 3, 30), Postage.SECOND)
    @example(date(2024, 10, 26), Postage.SECOND)
    @example(date(2024, 2, 28), Postage.FIRST)
    @example(date(2023, 12, 31), Postage.FIRST)
    def test_what_is_created_between_two_deadlines_arrives_together(self, day, postage):
        opens, closes = deadline_of(day), deadline_of(day + timedelta(days=1)) - MICROSECOND
        assert estimated_delivery(opens, postage, ()) == estimated_delivery(closes, postage, ())

    @given(instants, postages)
    def test_no_letter_arrives_before_its_run(self, created_at, postage):
        assert cut_off(created_at) < estimated_delivery(created_at, postage, ())

    @given(instants)
    def test_the_postages_in_the_order_of_their_speed(self, created_at):
        order = [Postage.FIRST, Postage.SECOND, Postage.EUROPE, Postage.ECONOMY, Postage.REST_OF_WORLD]
        estimates = [estimated_delivery(created_at, postage, ()) for postage in order]
        assert estimates == sorted(set(estimates))
