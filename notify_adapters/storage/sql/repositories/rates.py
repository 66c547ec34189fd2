"""What texts and letters cost, on SQL. Amounts are kept as texts, since they are exact."""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_rates import letter_rates, sms_rates
from notify_adapters.storage.sql.session import SqlSession
from notify_core.letters.model import LetterRate, Postage
from notify_core.notifications.model import SmsRate

_SMS_RATES = sa.select(sms_rates).order_by(sms_rates.c.valid_from)
_LETTER_RATES = sa.select(letter_rates)


class SqlSmsRates:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def put(self, rate: SmsRate) -> None:
        row = {
            "valid_from": rate.valid_from,
            "rate": str(rate.rate),
            "multipliers": dict(rate.multipliers),
            "without_receipts": list(rate.without_receipts),
        }
        self._session.upsert(sms_rates, row, key=("valid_from",))

    def all(self) -> Sequence[SmsRate]:
        return [
            SmsRate(row["valid_from"], Decimal(row["rate"]), row["multipliers"], tuple(row["without_receipts"] or ()))
            for row in self._session.rows(_SMS_RATES)
        ]


class SqlLetterRates:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def put(self, rate: LetterRate) -> None:
        row = {
            "valid_from": rate.valid_from,
            "sheets": rate.sheets,
            "postage": rate.postage,
            "rate": str(rate.rate),
        }
        self._session.upsert(letter_rates, row, key=("valid_from", "sheets", "postage"))

    def all(self) -> Sequence[LetterRate]:
        found = (
            LetterRate(row["valid_from"], row["sheets"], Postage(row["postage"]), Decimal(row["rate"]))
            for row in self._session.rows(_LETTER_RATES)
        )
        # Sorted here, because databases differ in how they order letters.
        return sorted(found, key=lambda rate: (rate.valid_from, rate.sheets, rate.postage))
