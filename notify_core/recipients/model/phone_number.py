"""Mobile numbers."""

from dataclasses import dataclass
from typing import Self

from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.recipients.model.invisible import without_invisible

NOT_ENOUGH_DIGITS = "Not enough digits"
TOO_MANY_DIGITS = "Too many digits"
LETTERS_OR_SYMBOLS = "Must not contain letters or symbols"
NOT_A_UK_MOBILE = "Not a UK mobile number"
NO_SUCH_COUNTRY = "Not a valid country prefix"
INTERNATIONAL = "Cannot send to international mobile numbers"

UK_PREFIX = "44"
_UK_LENGTH = 10
# E.164 allows 15 digits; the shortest mobile numbers in use have 8 with their country prefix.
_SHORTEST, _LONGEST = 8, 15
# Characters of a number as somebody writes it: what is written is stored too.
_LONGEST_SPELLING = 100

# Separators people write between digits; white space besides.
_SEPARATORS = str.maketrans("", "", "()-\u2010\u2011\u2012\u2013\u2014\u2212")

# Mobile ranges within +44 that belong to the Crown dependencies (Ofcom's National Telephone Numbering Plan).
_CROWN_DEPENDENCIES = {
    "7781": "GG",
    "7839": "GG",
    "79111": "GG",
    "79117": "GG",
    "74576": "IM",
    "7524": "IM",
    "7624": "IM",
    "7924": "IM",
    "7509": "JE",
    "77003": "JE",
    "77007": "JE",
    "77008": "JE",
    "7797": "JE",
    "7829": "JE",
    "7937": "JE",
}


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A mobile number in E.164 (``+447700900123``) and its country (ISO 3166, ``001`` where a prefix
    belongs to none). Made by :meth:`parse`."""

    e164: str
    country: str

    def __str__(self) -> str:
        return self.e164

    @property
    def international(self) -> bool:
        """Whether it is outside +44; numbers of the Crown dependencies are not."""
        return not self.e164.startswith(f"+{UK_PREFIX}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """A UK mobile in any usual spelling, or a number with its country's prefix (``+33…``, ``0033…``,
        ``33…``). Whether a service may send abroad is not asked here.

        :raises InvalidValue: it is no such number; the message is for the sender.
        :raises NotAllowed: it is a foreign number and this installation lacks the ``phones`` extra.
        """
        plus, digits = _digits(text)
        if digits.startswith("00"):
            return cls._with_prefix(digits[2:])
        if digits.startswith("0") or (not plus and digits.startswith("7") and len(digits) <= _UK_LENGTH):
            return cls._uk(digits)
        return cls._with_prefix(digits)

    @classmethod
    def _with_prefix(cls, digits: str) -> Self:
        if digits.startswith(UK_PREFIX):
            return cls._uk(digits.removeprefix(UK_PREFIX))
        return cls(*_foreign(digits))

    @classmethod
    def _uk(cls, digits: str) -> Self:
        national = digits.lstrip("0")  # also the (0) of +44 (0)7…
        if national and not _is_uk_mobile(national):
            raise InvalidValue(NOT_A_UK_MOBILE)
        _check_length(national, _UK_LENGTH, _UK_LENGTH)
        return cls(f"+{UK_PREFIX}{national}", _country_of(national))


def _digits(text: str) -> tuple[bool, str]:
    """Whether the number began with a plus, and its digits."""
    if len(text) > _LONGEST_SPELLING:
        raise InvalidValue(LETTERS_OR_SYMBOLS if any(map(str.isalpha, text)) else TOO_MANY_DIGITS)
    compact = "".join(without_invisible(text).translate(_SEPARATORS).split())
    digits = compact.removeprefix("+")
    if not digits:
        raise InvalidValue(NOT_ENOUGH_DIGITS)
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidValue(LETTERS_OR_SYMBOLS)
    return digits != compact, digits


def _country_of(national: str) -> str:
    if not national.startswith(tuple(_CROWN_DEPENDENCIES)):
        return "GB"
    return next(country for prefix, country in _CROWN_DEPENDENCIES.items() if national.startswith(prefix))


def _is_uk_mobile(national: str) -> bool:
    # 070 are personal numbers that cost the caller, 076 pagers, save those of the Isle of Man.
    if national.startswith(("70", "76")):
        return national.startswith("7624")
    return national.startswith("7")


def _check_length(digits: str, shortest: int, longest: int) -> None:
    if len(digits) < shortest:
        raise InvalidValue(NOT_ENOUGH_DIGITS)
    if len(digits) > longest:
        raise InvalidValue(TOO_MANY_DIGITS)


def _foreign(digits: str) -> tuple[str, str]:
    _check_length(digits, _SHORTEST, _LONGEST)
    try:
        import phonenumbers
    except ModuleNotFoundError:
        raise NotAllowed(INTERNATIONAL) from None
    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException as refusal:
        prefix_unknown = refusal.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        raise InvalidValue(NO_SUCH_COUNTRY if prefix_unknown else NOT_ENOUGH_DIGITS) from None
    match phonenumbers.is_possible_number_with_reason(number):
        case phonenumbers.ValidationResult.TOO_SHORT | phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise InvalidValue(NOT_ENOUGH_DIGITS)
        case phonenumbers.ValidationResult.TOO_LONG | phonenumbers.ValidationResult.INVALID_LENGTH:
            raise InvalidValue(TOO_MANY_DIGITS)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if len(e164) <= len(digits):
        # A zero dialled at home only has fallen away; what is left must be a number, too.
        return _foreign(e164.removeprefix("+"))
    region = phonenumbers.region_code_for_number(number)
    return e164, region or phonenumbers.region_code_for_country_code(number.country_code or 0)
