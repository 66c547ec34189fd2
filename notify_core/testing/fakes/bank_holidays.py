"""Bank holidays that a test decides."""

from collections.abc import Iterable
from datetime import date
from typing import Final

# What a contract asks for: England and Wales, of years with substitute days and days proclaimed once.
KNOWN: Final = frozenset(
    {
        *(
            date(2021, month, day)
            for month, day in [(1, 1), (4, 2), (4, 5), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]
        ),
        *(
            date(2022, month, day)
            for month, day in [(1, 3), (4, 15), (4, 18), (5, 2), (6, 2), (6, 3), (8, 29), (9, 19)]
        ),
        *(date(2022, 12, day) for day in (26, 27)),
        *(
            date(2024, month, day)
            for month, day in [(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]
        ),
    }
)


class MemoryBankHolidays:
    """``days`` are the only ones there are."""

    def __init__(self, days: Iterable[date] = KNOWN) -> None:
        self.days = set(days)

    def __contains__(self, day: object, /) -> bool:
        return day in self.days
