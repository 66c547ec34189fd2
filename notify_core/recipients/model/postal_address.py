"""Postal addresses."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from notify_core.kernel.errors import InvalidValue
from notify_core.recipients.model.countries import Country, Zone, country_named
from notify_core.recipients.model.invisible import without_invisible

TOO_FEW_LINES: Final = "Address must be at least 3 lines"
TOO_MANY_LINES: Final = "Address must be no more than 7 lines"
NOBODY: Final = "The first 2 lines of the address must both include at least one alphanumeric character"
BFPO_ABROAD: Final = "The last line of a BFPO address must not be a country."
NO_LAST_LINE: Final = "Last line of address must be a real UK postcode or another country"
NO_POSTCODE: Final = "Must be a real UK postcode"
BAD_START: Final = (
    "Address lines must not start with any of the following characters: "
    "@ ( ) = [ ] ” \\ / , < >"  # the published text
)

_FEWEST, _MOST = 3, 7
_STARTS: Final = tuple('@()=[]”"\\/,<>')
_BEFORE_PUNCTUATION: Final = re.compile(r"\s+(?=[,.;:!?])")

# Royal Mail's Programmer's Guide: areas never begin with Q, V or X nor have I, J or Z second; the last two letters
# are never C, I, K, M, O or V.
_POSTCODE: Final = re.compile(r"((?:[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-Z]?)|GIR)([0-9][ABD-HJLNP-UW-Z]{2})")
_BFPO: Final = re.compile(r"BFPO(C/O)?([0-9]{1,4})")
# Looks like a postcode of the UK and is one of Gibraltar's.
_GIBRALTAR: Final = "GX"


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address that a letter can be sent to. ``lines`` are as they are printed; the last is ``postcode``, in
    its usual form, or the country's name. Made by :meth:`parse`."""

    lines: tuple[str, ...]
    postcode: str | None = None
    country: str | None = None
    zone: Zone = Zone.UK

    def __str__(self) -> str:
        return "\n".join(self.lines)

    @property
    def international(self) -> bool:
        """Whether it is outside the UK; the Crown dependencies are not."""
        return self.zone is not Zone.UK

    @classmethod
    def of(cls, values: Mapping[str, object], *, abroad: bool) -> Self:
        """From ``address_line_1`` … ``address_line_7``, with ``postcode`` for the last where there is no seventh.

        :raises InvalidValue: as :meth:`parse`.
        """
        lines = [values.get(f"address_line_{number}") for number in range(1, _MOST + 1)]
        if lines[-1] is None or not str(lines[-1]).strip():
            lines[-1] = values.get("postcode")
        return cls.parse((str(line) for line in lines if line is not None), abroad=abroad)

    @classmethod
    def parse(cls, given: Iterable[str], *, abroad: bool) -> Self:
        """``abroad``: the sender may write to other countries.

        :raises InvalidValue: no letter would arrive; the message is for the sender.
        """
        lines = _normalised(given)
        _check_lines(lines)
        country = country_named(lines[-1])
        if country and any(_bfpo(line) for line in lines):
            raise InvalidValue(BFPO_ABROAD)
        if country and country.zone is Zone.UK:
            # The postcode says so already, and the printer wants it last.
            lines, country = lines[:-1], None
            _check_lines(lines)
        address = cls._elsewhere(lines, country) if country and abroad else cls._at_home(lines, abroad=abroad)
        if any(line.startswith(_STARTS) for line in lines):
            raise InvalidValue(BAD_START)
        return address

    @classmethod
    def _at_home(cls, lines: tuple[str, ...], *, abroad: bool) -> Self:
        postcode = normalised_postcode(lines[-1])
        if postcode is None:
            raise InvalidValue(NO_LAST_LINE if abroad else NO_POSTCODE)
        return cls((*lines[:-1], postcode), postcode)

    @classmethod
    def _elsewhere(cls, lines: tuple[str, ...], country: Country) -> Self:
        return cls((*lines[:-1], country.name), None, country.name, country.zone)


def normalised_postcode(text: str) -> str | None:
    """``sw1a1aa`` as ``SW1A 1AA``, ``bfpo5`` as ``BFPO 5``; None where it is no postcode of the UK."""
    compact = "".join(without_invisible(text).split()).upper()
    if found := _POSTCODE.fullmatch(compact):
        is_one = not compact.startswith((_GIBRALTAR, "GIR")) or compact == "GIR0AA"
        return f"{found[1]} {found[2]}" if is_one else None
    return _bfpo(compact)


def _bfpo(text: str) -> str | None:
    found = _BFPO.fullmatch("".join(text.split()).upper())
    if found is None:
        return None
    return f"BFPO {'C/O ' if found[1] else ''}{found[2]}"


def _normalised(given: Iterable[str]) -> tuple[str, ...]:
    """The lines without what was not meant; a value may itself have several."""
    lines = (_line(line) for text in given for line in text.splitlines())
    return tuple(line for line in lines if line)


def _line(text: str) -> str:
    collapsed = " ".join(without_invisible(text).split())
    return _BEFORE_PUNCTUATION.sub("", collapsed).rstrip(" ,")


def _check_lines(lines: tuple[str, ...]) -> None:
    if len(lines) < _FEWEST:
        raise InvalidValue(TOO_FEW_LINES)
    if len(lines) > _MOST:
        raise InvalidValue(TOO_MANY_LINES)
    if not all(any(map(str.isalnum, line)) for line in lines[:2]):
        raise InvalidValue(NOBODY)
