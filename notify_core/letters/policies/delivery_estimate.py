"""When a letter arrives at the latest, as senders are told. Source: letters.md, section 7, last paragraph."""

from collections.abc import Callable, Container, Mapping
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from notify_core.kernel.calendar import LONDON, to_london
from notify_core.letters.model import Postage

# Whatever is created until 17:30 is worked on that day, so that what is created then or later begins with the next.
_UNTIL_MIDNIGHT = timedelta(hours=6, minutes=30)
_DELIVERED_BY = time(16)
_SATURDAY = 5
_SUNDAY = 6

TRANSIT_DAYS: Mapping[Postage, int] = MappingProxyType(
    {
        Postage.FIRST: 0,
        Postage.SECOND: 4,
        Postage.ECONOMY: 6,
        Postage.EUROPE: 5,
        Postage.REST_OF_WORLD: 7,
    }
)


def estimated_delivery(created_at: datetime, postage: Postage, holidays: Container[date]) -> datetime:
    """The instant (UTC) by which a letter is delivered.

    It is printed on the next printing day (Monday to Friday) after the day it is worked on, and brought 1 + transit
    delivery days (Monday to Saturday) later, by 16:00 London. ``holidays``: the bank holidays of England and Wales,
    on which neither happens.
    """

    def prints(day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in holidays

    def delivers(day: date) -> bool:
        return day.weekday() < _SUNDAY and day not in holidays

    day = _next((to_london(created_at) + _UNTIL_MIDNIGHT).date(), prints)
    for _ in range(1 + TRANSIT_DAYS[postage]):
        day = _next(day, delivers)
    return datetime.combine(day, _DELIVERED_BY, tzinfo=LONDON).astimezone(UTC)


def _next(day: date, happens: Callable[[date], bool]) -> date:
    """The first day after ``day`` on which it happens."""
    day += timedelta(days=1)
    while not happens(day):
        day += timedelta(days=1)
    return day
