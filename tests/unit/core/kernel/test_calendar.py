from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.calendar import (
    LONDON,
    cap_date,
    format_datetime,
    london_date,
    london_midnight,
    parse_cap_date,
    parse_datetime,
    to_london,
)
from notify_core.kernel.errors import InvalidValue

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))
instants = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2017, 12, 4, 23, 59, tzinfo=UTC), date(2017, 12, 4)),
        (datetime(2019, 8, 1, 22, 59, tzinfo=UTC), date(2019, 8, 1)),
        (datetime(2019, 8, 1, 23, 0, tzinfo=UTC), date(2019, 8, 2)),
    ],
)
def test_the_london_date_is_an_hour_ahead_in_summer(instant, day):
    assert london_date(instant) == day


def test_an_instant_on_a_london_clock():
    assert to_london(datetime(2019, 8, 1, 16, 29, tzinfo=UTC)).hour == 17
    assert to_london(datetime(2017, 12, 4, 17, 29, tzinfo=UTC)).hour == 17


def test_midnight_in_london_is_an_instant_in_utc():
    assert london_midnight(date(2019, 8, 1)) == datetime(2019, 7, 31, 23, tzinfo=UTC)
    assert london_midnight(date(2017, 12, 4)) == datetime(2017, 12, 4, tzinfo=UTC)
    assert london_midnight(date(2017, 12, 4)).tzinfo is UTC


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 5, 1), 24)])
def test_days_on_which_clocks_change_are_shorter_or_longer(day, hours):
    assert london_midnight(day + timedelta(days=1)) - london_midnight(day) == timedelta(hours=hours)


@given(days)
def test_a_day_begins_at_its_midnight(day):
    midnight = london_midnight(day)
    assert london_date(midnight) == day
    assert london_date(midnight - timedelta(microseconds=1)) == day - timedelta(days=1)


@given(instants)
def test_an_instant_survives_writing_and_reading(instant):
    assert parse_datetime(format_datetime(instant)) == instant
    assert parse_datetime(cap_date(instant)) == instant.replace(microsecond=0)


def test_instants_as_the_api_and_cap_write_them():
    instant = datetime(2019, 8, 1, 17, 29, 5, 12, tzinfo=LONDON)
    assert format_datetime(instant) == "2019-08-01T16:29:05.000012Z"
    assert cap_date(instant) == "2019-08-01T16:29:05-00:00"
    assert format_datetime(None) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-05T12:00:00Z", datetime(2026, 1, 5, 12, tzinfo=UTC)),
        ("2026-01-05T12:00:00+02:00", datetime(2026, 1, 5, 10, tzinfo=UTC)),
        ("2026-01-05T12:00:00-00:00", datetime(2026, 1, 5, 12, tzinfo=UTC)),
        ("2026-01-05 12:00", datetime(2026, 1, 5, 12, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 5, tzinfo=UTC)),
    ],
)
def test_iso_texts_are_read(text, instant):
    assert parse_datetime(text) == instant
    assert parse_datetime(text).tzinfo is UTC


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-13-01", "2026-02-30T12:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_other_texts_are_refused(text):
    with pytest.raises(InvalidValue, match="valid ISO8601 date time"):
        parse_datetime(text)


@given(st.text())
def test_reading_any_text_gives_an_instant_or_refuses(text):
    with suppress(InvalidValue):
        assert parse_datetime(text).utcoffset() == timedelta()


def test_offsets_are_minded():
    india = timezone(timedelta(hours=5, minutes=30))
    assert cap_date(datetime(2026, 1, 5, 5, 30, tzinfo=india)) == "2026-01-05T00:00:00-00:00"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-03T10:00:00-00:00", datetime(2026, 11, 3, 10, tzinfo=UTC)),
        ("2026-11-03T10:00:00+01:00", datetime(2026, 11, 3, 9, tzinfo=UTC)),
        ("2026-11-03T24:00:00-00:00", datetime(2026, 11, 4, tzinfo=UTC)),
        ("2026-12-31T24:00:00+01:00", datetime(2026, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_cap_date_is_read_also_where_a_day_ends_at_24_hours(text, instant):
    assert parse_cap_date(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-02-30T10:00:00-00:00",
        "2026-11-03T24:00:01-00:00",
        "2026-11-03T25:00:00-00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T24:00:00-00:00",
        "2026-11-03T10:00:00",
    ],
)
def test_what_names_no_instant_is_no_cap_date(text):
    with pytest.raises(InvalidValue):
        parse_cap_date(text)


@given(instants)
def test_cap_dates_are_read_as_they_are_written(instant):
    assert parse_cap_date(cap_date(instant)) == instant.replace(microsecond=0)
