"""What a sender may put into a placeholder, and how it is written."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Self

from notify_core.kernel.errors import InvalidValue

Value = str | int | float | bool | list[str]

_TRUE_LIKE = frozenset({"yes", "y", "true", "t", "1", "include", "show"})
# Control characters that no message can carry, halves of surrogate pairs, and the non-characters that
# the email renderer uses for itself.
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_IGNORED_IN_KEYS = re.compile(r"[\s_-]+")
# Python refuses to write longer ones as decimals.
_LONGEST_INTEGER_BITS = 10_000


def placeholder_key(name: str) -> str:
    """The form under which spellings of one placeholder are the same: ``First_Name``, ``first name``."""
    if name.isascii() and name.isalnum() and name.islower():
        # As most are written, and as all are once they have been here.
        return name
    return _IGNORED_IN_KEYS.sub("", name).lower()


def clean(text: str) -> str:
    """``text`` with one kind of line break and nothing that cannot be sent."""
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HALF_PAIR.sub("\ufffd", _UNSENDABLE.sub("", lines))


def as_text(value: Value) -> str:
    """``value`` within a sentence: numbers as written, ``yes`` and ``no``, lists as ``a, b and c``."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        *most, last = value or [""]
        return f"{', '.join(most)} and {last}" if most else last
    return str(value)


def is_true_like(value: Value) -> bool:
    """Whether a conditional placeholder shows its text."""
    return not isinstance(value, list) and as_text(value).strip().lower() in _TRUE_LIKE


class Personalisation(Mapping[str, Value]):
    """The sender's values under their placeholders' keys: any spelling finds its value.

    ``None`` counts as not given; values that no placeholder needs do no harm.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    @classmethod
    def parse(cls, given: Mapping[str, object]) -> Self:
        """Check what a sender gave.

        :raises InvalidValue: a value is neither text, a number, true, false nor a list of these.
        """
        return cls({placeholder_key(name): _value(name, v) for name, v in given.items() if v is not None})

    def __getitem__(self, name: str) -> Value:
        return self._values[placeholder_key(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _value(name: str, value: object) -> Value:
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        items = [as_text(_single(name, item)) for item in value if item is not None]
        return [item for item in items if item.strip()]
    return _single(name, value)


def _single(name: str, value: object) -> str | int | float | bool:
    match value:
        case str():
            return clean(value)
        case bool() | float() if math.isfinite(value):
            return value
        case int() if value.bit_length() <= _LONGEST_INTEGER_BITS:
            return value
        case Decimal() if value.is_finite():
            return str(value)
    raise InvalidValue(f"personalisation {clean(name)} must be text, a number, true, false or a list of these")
