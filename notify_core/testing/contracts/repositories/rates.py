"""What texts and letters cost."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from notify_core.letters.model import LetterRate, Postage
from notify_core.letters.ports import LetterRatesWork
from notify_core.notifications.model import SmsRate
from notify_core.notifications.ports import NotificationsWork
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON

DAY = timedelta(days=1)


class SmsRatesContract:
    @pytest.fixture
    def storage(self) -> UnitOfWorkFactory[NotificationsWork]:
        raise NotImplementedError

    def test_they_come_back_exactly_the_oldest_first(self, storage: UnitOfWorkFactory[NotificationsWork]) -> None:
        later = SmsRate(NOON + DAY, Decimal("0.02330000000000000001"), {"33": 2, "1": 1}, ("7", "1809"))
        first = SmsRate(NOON + timedelta(microseconds=1), Decimal("0.1"))
        with storage() as work:
            work.sms_rates.put(later)
            work.sms_rates.put(first)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.sms_rates.all()) == [first, later]
            assert [str(one.rate) for one in work.sms_rates.all()] == ["0.1", "0.02330000000000000001"]

    def test_one_moment_has_one_rate(self, storage: UnitOfWorkFactory[NotificationsWork]) -> None:
        rate = SmsRate(NOON, Decimal("0.02"), {"33": 2})
        corrected = replace(rate, rate=Decimal("0.03"), multipliers={})
        with storage() as work:
            work.sms_rates.put(rate)
            work.sms_rates.put(corrected)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.sms_rates.all()) == [corrected]

    def test_without_a_commit_there_is_none(self, storage: UnitOfWorkFactory[NotificationsWork]) -> None:
        with storage() as work:
            work.sms_rates.put(SmsRate(NOON, Decimal(1)))
        with storage(read_only=True) as work:
            assert list(work.sms_rates.all()) == []

    def test_what_the_caller_does_with_its_mapping_later_changes_nothing(
        self, storage: UnitOfWorkFactory[NotificationsWork]
    ) -> None:
        multipliers = {"33": 2}
        with storage() as work:
            work.sms_rates.put(SmsRate(NOON, Decimal(1), multipliers))
            multipliers["33"] = 3
            work.commit()
        with storage(read_only=True) as work:
            assert [one.multipliers for one in work.sms_rates.all()] == [{"33": 2}]


class LetterRatesContract:
    @pytest.fixture
    def storage(self) -> UnitOfWorkFactory[LetterRatesWork]:
        raise NotImplementedError

    def test_there_is_one_for_each_moment_length_and_postage(self, storage: UnitOfWorkFactory[LetterRatesWork]) -> None:
        rate = LetterRate(NOON, 1, Postage.FIRST, Decimal("1.10"))
        two_sheets = replace(rate, sheets=2, rate=Decimal("1.25"))
        abroad = replace(rate, postage=Postage.REST_OF_WORLD, rate=Decimal(2))
        later = replace(rate, valid_from=NOON + DAY)
        corrected = replace(rate, rate=Decimal("1.11"))
        with storage() as work:
            for one in (rate, later, two_sheets, abroad, corrected):
                work.letter_rates.put(one)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.letter_rates.all()) == [corrected, abroad, two_sheets, later]
            assert str(work.letter_rates.all()[-1].rate) == "1.10"
