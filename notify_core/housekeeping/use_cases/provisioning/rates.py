"""What texts and letters cost. A rate holds from its moment until the next one of its kind."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from notify_core.housekeeping.use_cases.provisioning.applying import Applying
from notify_core.housekeeping.use_cases.provisioning.reading import Reader, Table, choice, each, number
from notify_core.kernel.calendar import format_datetime, london_midnight
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import LetterRate, Postage
from notify_core.notifications.model import SmsRate

# ITU-T E.164: a country's prefix has up to three digits; with a region's of its numbering plan, seven.
_LONGEST_PREFIX: Final = 7
# Pounds for one fragment or letter; more is a slip of the keyboard.
_TOO_MUCH: Final = 10_000


class Priced(StrEnum):
    SMS = "sms"
    LETTER = "letter"


def _amount(value: object, place: str) -> Decimal:
    """Pounds; what a file writes as 0.0233 is taken as these digits."""
    refused = InvalidValue(f"{place}: must be an amount in pounds, at least 0 and below {_TOO_MUCH}")
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise refused
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise refused from None
    if not amount.is_finite() or not 0 <= amount < _TOO_MUCH:
        raise refused
    return amount


def _moment(value: object, place: str) -> datetime:
    """A day, which begins in London, or a moment with its time zone."""
    if isinstance(value, str):
        value = _written(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return london_midnight(value)
    raise InvalidValue(f"{place}: must be a day (2026-04-01) or a moment with its time zone")


def _written(text: str) -> date | None:
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return None


def _multipliers(value: object, place: str) -> Mapping[str, int]:
    table = Table(value, place)
    given = table.read_any(number(1))
    for prefix in given:
        _prefix(prefix, table.at(prefix))
    return given


def _prefix(value: object, place: str) -> str:
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST_PREFIX):
        raise InvalidValue(f"{place}: must be a country prefix of digits, without +")
    return value


_SMS: Mapping[str, Reader] = {
    "type": choice(Priced),
    "valid_from": _moment,
    "rate": _amount,
    "multipliers": _multipliers,
    "without_receipts": each(_prefix),
}
_LETTER: Mapping[str, Reader] = {
    "type": choice(Priced),
    "valid_from": _moment,
    "sheets": number(1),
    "postage": choice(Postage),
    "rate": _amount,
}


def apply_rate(applying: Applying, table: Table) -> None:
    """:raises InvalidValue: something in the table is not right."""
    kind: Priced = choice(Priced)(table.value("type"), table.at("type"))
    _KINDS[kind](applying, table)


def _apply_sms_rate(applying: Applying, table: Table) -> None:
    given = table.read(_SMS, required=("valid_from", "rate"))
    rate = SmsRate(
        given["valid_from"], given["rate"], given.get("multipliers", {}), tuple(given.get("without_receipts", ()))
    )
    if rate not in applying.work.sms_rates.all():
        applying.work.sms_rates.put(rate)
        applying.changed("rate stored:", f"sms from {format_datetime(rate.valid_from)}")


def _apply_letter_rate(applying: Applying, table: Table) -> None:
    given = table.read(_LETTER, required=("valid_from", "sheets", "postage", "rate"))
    rate = LetterRate(given["valid_from"], given["sheets"], given["postage"], given["rate"])
    if rate not in applying.work.letter_rates.all():
        applying.work.letter_rates.put(rate)
        what = f"letter of {rate.sheets}, {rate.postage}, from {format_datetime(rate.valid_from)}"
        applying.changed("rate stored:", what)


_KINDS: Mapping[Priced, Callable[[Applying, Table], None]] = {
    Priced.SMS: _apply_sms_rate,
    Priced.LETTER: _apply_letter_rate,
}
