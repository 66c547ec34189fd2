from datetime import UTC, date, datetime

import pytest

from notify_adapters.bank_holidays.python_holidays import build
from notify_adapters.options import BadOption
from notify_core.testing.contracts.bank_holidays import BankHolidaysContract


class TestPythonHolidays(BankHolidaysContract):
    @pytest.fixture
    def holidays(self):
        return build({})

    def test_years_to_come_go_by_today_s_rules(self, holidays):
        assert date(2099, 12, 25) in holidays
        assert date(2099, 12, 23) not in holidays

    def test_an_instant_is_no_day(self, holidays):
        assert datetime(2021, 1, 1, tzinfo=UTC) not in holidays

    @pytest.mark.parametrize("year", [1, 1800, 9999])
    def test_far_years_do_no_harm(self, holidays, year):
        assert date(year, 7, 4) not in holidays


def test_a_day_just_proclaimed():
    holidays = build({"also": "2031-05-07, 2031-05-08"})
    assert date(2031, 5, 7) in holidays
    assert date(2031, 5, 8) in holidays
    assert date(2031, 5, 9) not in holidays


def test_options_are_checked():
    with pytest.raises(BadOption, match="known ones: also"):
        build({"country": "GB"})
    with pytest.raises(BadOption, match=r"option also: 8\.5\.2023 is no date"):
        build({"also": "8.5.2023"})
