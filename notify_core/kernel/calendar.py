"""Instants and London dates. Every instant in the platform is aware and in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notify_core.kernel.errors import InvalidValue

LONDON = ZoneInfo("Europe/London")


def to_london(instant: datetime) -> datetime:
    """The same instant on a London clock."""
    return instant.astimezone(LONDON)


def london_date(instant: datetime) -> date:
    """The day it is in London at ``instant``."""
    return to_london(instant).date()


def london_midnight(day: date) -> datetime:
    """The instant (UTC) at which ``day`` begins in London."""
    return datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)


def format_datetime(instant: datetime | None) -> str | None:
    """``2017-12-04T17:29:00.000000Z``, as the public API writes instants; ``None`` stays ``None``."""
    if instant is None:
        return None
    # Not strftime: its %Y does not pad years below 1000 on every platform.
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def cap_date(instant: datetime) -> str:
    """``2017-12-04T17:29:00-00:00``, as CAP 1.2 writes instants in UTC (3.3.2: never ``Z``)."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "-00:00"


def parse_cap_date(text: str) -> datetime:
    """The instant, in UTC, that a CAP document's date and time names. XML Schema lets a day end at ``24:00:00``,
    which is the next day's beginning.

    :raises InvalidValue: it names none, or leaves open in which time zone.
    """
    day, separator, clock = text.partition("T")
    ends_the_day = clock.startswith("24:00:00")
    try:
        parsed = datetime.fromisoformat(f"{day}{separator}00{clock[2:]}" if ends_the_day else text)
        instant = (parsed + timedelta(days=ends_the_day)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidValue(f"{text} is no date and time") from None
    if parsed.tzinfo is None:
        raise InvalidValue(f"{text} has no time zone")
    return instant


def parse_datetime(text: str) -> datetime:
    """The instant, in UTC, that an ISO 8601 text names; without an offset it is taken as UTC.

    :raises InvalidValue: it is no ISO 8601 date and time.
    """
    try:
        parsed = datetime.fromisoformat(text)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidValue("datetime format is invalid. It must be a valid ISO8601 date time format") from None
