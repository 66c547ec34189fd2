from datetime import date

import pytest

from notify_core.testing.contracts.bank_holidays import BankHolidaysContract
from notify_core.testing.fakes.bank_holidays import MemoryBankHolidays


class TestMemoryBankHolidays(BankHolidaysContract):
    @pytest.fixture
    def holidays(self):
        return MemoryBankHolidays()


def test_a_test_decides_which_there_are():
    holidays = MemoryBankHolidays([date(2017, 7, 5)])
    assert date(2017, 7, 5) in holidays
    assert date(2021, 1, 1) not in holidays
