"""How every calendar of bank holidays behaves."""

from datetime import date, timedelta

import pytest

from notify_core.letters.ports import BankHolidays

_SATURDAY = 5


class BankHolidaysContract:
    """Supply ``holidays``, which knows 2021, 2022 and 2024. Source of the dates: gov.uk/bank-holidays."""

    @pytest.fixture
    def holidays(self) -> BankHolidays:
        raise NotImplementedError

    @pytest.mark.parametrize(
        "day",
        [
            date(2021, 1, 1),
            date(2021, 4, 2),
            date(2021, 4, 5),
            date(2021, 5, 3),
            date(2021, 5, 31),
            date(2021, 8, 30),
            date(2022, 8, 29),
            date(2024, 12, 25),
            date(2024, 12, 26),
        ],
        ids=str,
    )
    def test_every_year_has_its_days(self, holidays: BankHolidays, day: date) -> None:
        assert day in holidays

    @pytest.mark.parametrize(
        "day", [date(2021, 12, 27), date(2021, 12, 28), date(2022, 1, 3), date(2022, 12, 27)], ids=str
    )
    def test_a_holiday_on_a_weekend_has_a_substitute(self, holidays: BankHolidays, day: date) -> None:
        assert day in holidays

    @pytest.mark.parametrize("day", [date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)], ids=str)
    def test_days_that_were_moved_or_proclaimed_once(self, holidays: BankHolidays, day: date) -> None:
        assert day in holidays

    @pytest.mark.parametrize(
        "day",
        [
            date(2021, 4, 6),
            date(2022, 1, 4),
            date(2022, 5, 30),  # moved to June
            date(2022, 12, 28),
            date(2024, 2, 29),
            date(2024, 12, 24),
        ],
        ids=str,
    )
    def test_other_days_are_none(self, holidays: BankHolidays, day: date) -> None:
        assert day not in holidays

    @pytest.mark.parametrize(
        "day", [date(2021, 1, 4), date(2021, 3, 17), date(2021, 8, 2), date(2021, 11, 30)], ids=str
    )
    def test_those_of_scotland_and_northern_ireland_are_none(self, holidays: BankHolidays, day: date) -> None:
        assert day not in holidays

    def test_a_year_has_a_few_between_monday_and_friday(self, holidays: BankHolidays) -> None:
        days = [date(2022, 1, 1) + timedelta(days=n) for n in range(365)]
        assert sum(day in holidays and day.weekday() < _SATURDAY for day in days) == 10
