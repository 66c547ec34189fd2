"""What texts and letters cost, from a file."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from notify_core.housekeeping.use_cases import Provision
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import LetterRate, Postage
from notify_core.notifications.model import SmsRate
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.unit_of_work import MemoryStorage

SMS = {"type": "sms", "valid_from": "2026-04-01", "rate": 0.0233}
LETTER = {"type": "letter", "valid_from": "2026-04-01", "sheets": 2, "postage": "second", "rate": "0.82"}
# British Summer Time has begun: the day begins in London an hour before it does in UTC.
APRIL = datetime(2026, 3, 31, 23, tzinfo=UTC)


@pytest.fixture
def storage():
    return MemoryStorage()


@pytest.fixture
def provision(storage):
    def apply(*rates):
        return Provision(work=storage, clock=FakeClock(), random=SeededRandom())({"rates": list(rates)})

    return apply


@pytest.fixture
def stored(storage):
    with storage(read_only=True) as work:
        yield work


def test_rates_are_taken_with_the_digits_they_are_written_with(provision, stored):
    rates = [
        SMS | {"multipliers": {"33": 2, "1": 1}, "without_receipts": ["7", "33"]},
        SMS | {"valid_from": date(2026, 5, 1), "rate": Decimal("0.1000")},
        SMS | {"valid_from": datetime(2026, 6, 1, 12, tzinfo=UTC), "rate": 0},
        SMS | {"valid_from": "2026-07-01T12:00:00+01:00", "rate": "0.5"},
        LETTER,
    ]
    done = provision(*rates)

    assert done.changes[0] == "rate stored: sms from 2026-03-31T23:00:00.000000Z"
    assert done.changes[-1] == "rate stored: letter of 2, second, from 2026-03-31T23:00:00.000000Z"
    assert list(stored.sms_rates.all()) == [
        SmsRate(APRIL, Decimal("0.0233"), {"33": 2, "1": 1}, ("7", "33")),
        SmsRate(datetime(2026, 4, 30, 23, tzinfo=UTC), Decimal("0.1")),
        SmsRate(datetime(2026, 6, 1, 12, tzinfo=UTC), Decimal(0)),
        SmsRate(datetime(2026, 7, 1, 11, tzinfo=UTC), Decimal("0.5")),
    ]
    assert list(stored.letter_rates.all()) == [LetterRate(APRIL, 2, Postage.SECOND, Decimal("0.82"))]
    assert [entry.what for entry in stored.audit.about("sms from 2026-03-31T23:00:00.000000Z")] == ["rate stored:"]


def test_applied_again_they_change_nothing(provision):
    assert provision(SMS, LETTER).changes
    assert provision(SMS, LETTER).changes == ()


def test_a_corrected_rate_replaces_the_wrong_one(provision, stored):
    provision(SMS, LETTER)
    provision(SMS | {"rate": 0.025}, LETTER | {"rate": 1})
    assert [one.rate for one in stored.sms_rates.all()] == [Decimal("0.025")]
    assert [one.rate for one in stored.letter_rates.all()] == [Decimal(1)]


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        ({"valid_from": "2026-04-01", "rate": 1}, "rates[0].type: is missing"),
        ({"type": "email"}, "rates[0].type: must be one of sms, letter"),
        ({"type": "sms", "rate": 1}, "rates[0].valid_from: is missing"),
        (SMS | {"sheets": 1}, "rates[0].sheets: unknown key"),
        (SMS | {"valid_from": "soon"}, "rates[0].valid_from: must be a day"),
        (SMS | {"valid_from": 2026}, "rates[0].valid_from: must be a day"),
        (SMS | {"valid_from": "2026-04-01T12:00"}, "rates[0].valid_from: must be a day"),
        (SMS | {"without_receipts": "33"}, "rates[0].without_receipts: must be a list"),
        (SMS | {"without_receipts": ["33", "+1"]}, "rates[0].without_receipts[1]: must be a country prefix of digits"),
        (SMS | {"multipliers": 2}, "rates[0].multipliers: must be a table"),
        (SMS | {"multipliers": {"33": 0}}, "rates[0].multipliers.33: must be a whole number"),
        (SMS | {"multipliers": {"33": 2**31}}, "rates[0].multipliers.33: must not be more than 2147483647"),
        (LETTER | {"postage": "third"}, "rates[0].postage: must be one of first, second, europe"),
        (LETTER | {"sheets": 0}, "rates[0].sheets: must be a whole number, at least 1"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(provision, stored, rate, message):
    with pytest.raises(InvalidValue, match=f"^{re.escape(message)}"):
        provision(rate)
    assert not stored.sms_rates.all()


@pytest.mark.parametrize("amount", ["free", True, None, -1, 10_000, "NaN", "inf"])
def test_an_amount_is_a_number_of_pounds(provision, amount):
    with pytest.raises(InvalidValue, match=r"^rates\[0\]\.rate: must be an amount in pounds"):
        provision(SMS | {"rate": amount})


@pytest.mark.parametrize("prefix", ["+33", "fr", "12345678", "٣"])
def test_a_country_is_named_by_the_digits_of_its_prefix(provision, prefix):
    with pytest.raises(InvalidValue, match=rf"^rates\[0\]\.multipliers\.{re.escape(prefix)}: must be a country prefix"):
        provision(SMS | {"multipliers": {prefix: 2}})
