"""Bank holidays as the library ``holidays`` reckons them."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from holidays import country_holidays

from notify_adapters.options import BadOption, comma_list, known
from notify_core.letters.ports import BankHolidays

OPTIONS: Mapping[str, str] = {
    "also": "days that the library does not know yet, such as one just proclaimed: 2023-05-08,… (none)",
}


class PythonHolidays:
    """``also``: bank holidays besides those of the library."""

    def __init__(self, also: frozenset[date] = frozenset()) -> None:
        self._also = also

    def __contains__(self, day: object, /) -> bool:
        if not isinstance(day, date) or isinstance(day, datetime):
            return False
        return day in self._also or day in _of_year(day.year)


# The library's own lookup fills its table year by year while others may be reading it; these never change.
@cache
def _of_year(year: int) -> frozenset[date]:
    # England's are those of Wales.
    return frozenset(country_holidays("GB", subdiv="ENG", years=year, expand=False))


def build(options: Mapping[str, str]) -> BankHolidays:
    """Option ``also``: a list of dates, ``YYYY-MM-DD``."""
    known(options, *OPTIONS)
    return PythonHolidays(frozenset(_day(text) for text in comma_list(options, "also")))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadOption(f"option also: {text} is no date, such as 2023-05-08") from None
