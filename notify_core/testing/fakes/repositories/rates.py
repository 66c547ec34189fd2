"""What texts and letters cost, in memory."""

from collections.abc import MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime

from notify_core.letters.model import LetterRate, Postage
from notify_core.notifications.model import SmsRate
from notify_core.testing.fakes.database import MemoryDatabase


class MemorySmsRates:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[datetime, SmsRate] = database.table("sms_rates")

    def put(self, rate: SmsRate) -> None:
        self._rows[rate.valid_from] = replace(rate, multipliers=dict(rate.multipliers))

    def all(self) -> Sequence[SmsRate]:
        return sorted(self._rows.values(), key=lambda rate: rate.valid_from)


class MemoryLetterRates:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[tuple[datetime, int, Postage], LetterRate] = database.table("letter_rates")

    def put(self, rate: LetterRate) -> None:
        self._rows[(rate.valid_from, rate.sheets, rate.postage)] = rate

    def all(self) -> Sequence[LetterRate]:
        return sorted(self._rows.values(), key=lambda rate: (rate.valid_from, rate.sheets, rate.postage))
