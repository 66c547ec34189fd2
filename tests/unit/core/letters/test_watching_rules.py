from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.calendar import LONDON, london_date, to_london
from notify_core.letters.policies.watching import (
    overdue_in_check,
    overdue_in_created,
    overdue_in_sending,
    unacknowledged,
    zip_of_marker,
)

# The years in which London has had the clocks it has now.
instants = st.datetimes(datetime(1996, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def london(*parts):
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)


class TestHowLong:
    @given(instants)
    def test_ninety_minutes_for_a_scan_whatever_the_clocks_do(self, now):
        assert now - overdue_in_check(now) == timedelta(minutes=90)

    @pytest.mark.parametrize(
        ("now", "moment"),
        [
            (london(2026, 1, 6, 9, 0), london(2026, 1, 5, 17, 30)),
            (london(2026, 3, 30, 9, 0), london(2026, 3, 29, 17, 30)),
            (london(2024, 3, 1, 9, 0), london(2024, 2, 29, 17, 30)),
            (london(2026, 1, 1, 9, 0), london(2025, 12, 31, 17, 30)),
        ],
        ids=str,
    )
    def test_what_was_created_before_yesterday_s_deadline_should_be_sent(self, now, moment):
        assert overdue_in_created(now) == moment

    @given(instants)
    def test_yesterday_s_deadline_is_yesterday_s(self, now):
        moment = to_london(overdue_in_created(now))
        assert moment.date() == london_date(now) - timedelta(days=1)
        assert (moment.hour, moment.minute) == (17, 30)

    @pytest.mark.parametrize(
        ("today", "sent_on"),
        [
            (date(2026, 1, 5), date(2026, 1, 1)),  # Monday: Thursday
            (date(2026, 1, 6), date(2026, 1, 2)),  # Tuesday: Friday
            (date(2026, 1, 7), date(2026, 1, 5)),
            (date(2026, 1, 8), date(2026, 1, 6)),
            (date(2026, 1, 9), date(2026, 1, 7)),
            (date(2024, 3, 1), date(2024, 2, 28)),
            (date(2026, 4, 1), date(2026, 3, 30)),
        ],
        ids=str,
    )
    def test_the_latest_day_of_sending_that_should_be_answered(self, today, sent_on):
        moment = overdue_in_sending(london(today.year, today.month, today.day, 15, 30))
        assert london_date(moment - timedelta(microseconds=1)) == sent_on
        assert london_date(moment) == sent_on + timedelta(days=1)

    @pytest.mark.parametrize("day", [10, 11])
    def test_nobody_is_told_at_a_weekend(self, day):
        assert overdue_in_sending(london(2026, 1, day, 15, 30)) is None

    @given(instants)
    def test_what_was_sent_today_or_yesterday_is_never_overdue(self, now):
        moment = overdue_in_sending(now)
        assert moment is None or london_date(moment) <= london_date(now) - timedelta(days=1)


class TestAcknowledged:
    ZIP = "NOTIFY.2026-01-05.2.001.aB_-Cd.41a2.ZIP"

    def test_a_marker_names_its_zip(self):
        assert zip_of_marker(f"2026-01-05/zips_sent/{self.ZIP}.TXT") == self.ZIP.upper()

    @pytest.mark.parametrize(
        "key",
        [
            "root/dispatch/NOTIFY.2026-01-05.2.001.aB_-Cd.41a2.ACK.TXT",
            "root/dispatch/notify.2026-01-05.2.001.ab_-cd.41a2.ack.txt",
            "root/dispatch/NOTIFY.2026-01-05.2.001.aB_-Cd.41a2.ZIP.ACK.TXT",
        ],
    )
    def test_its_acknowledgement_is_known_by_name(self, key):
        assert unacknowledged([self.ZIP], ["root/dispatch/other.txt", key]) == []

    @pytest.mark.parametrize(
        "key",
        [
            "root/dispatch/NOTIFY.2026-01-05.2.002.aB_-Cd.41a2.ACK.TXT",
            "root/dispatch/NOTIFY.2026-01-05.2.001.aB_-Cd.41a2.TXT",
            "root/dispatch/NOTIFY.2026-01-05.2.001.aB_-Cd.41a2.ZIP",
        ],
    )
    def test_other_files_are_none(self, key):
        assert unacknowledged([self.ZIP], [key]) == [self.ZIP]

    @given(st.lists(st.integers(1, 99), unique=True), st.data())
    def test_exactly_those_without_one_are_missing_in_their_order(self, numbers, data):
        zips = [f"NOTIFY.2026-01-05.2.{number:03}.X.Y.ZIP" for number in numbers]
        known = data.draw(st.sets(st.sampled_from(zips))) if zips else set()
        keys = [f"root/dispatch/{one.removesuffix('.ZIP')}.ACK.TXT" for one in known]
        assert unacknowledged(zips, keys) == [one for one in zips if one not in known]
