"""Which cells of a row fill what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from notify_core.jobs.model import RowError
from notify_core.kernel.errors import InvalidValue
from notify_core.notifications.model import Channel
from notify_core.templates.model import Template, Value, placeholder_key, placeholder_names
from notify_core.templates.model.values import clean

RECIPIENT: Final = {Channel.SMS: "phone number", Channel.EMAIL: "email address"}
ADDRESS: Final = (*(f"address line {number}" for number in range(1, 8)), "postcode")
_FEWEST_ADDRESS_COLUMNS: Final = 3

MISSING: Final = "Missing"
TOO_MANY_CELLS: Final = "There are more cells than column headings"


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` is what the template, or these pages, call it; ``cells`` the places of its cells: of several of the
    same name, which are a list. ``key`` is the form in which spellings are the same."""

    name: str
    key: str
    cells: tuple[int, ...]
    may_be_blank: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Made by :func:`columns_of`. ``recipient`` are one column, or those of an address; ``width`` is how many cells
    a row has at most."""

    recipient: tuple[Column, ...]
    values: tuple[Column, ...]
    width: int

    def recipient_in(self, cells: Sequence[str]) -> str:
        """The only recipient column's cell, without white space at its ends."""
        return _cell(cells, self.recipient[0].cells[0])

    def values_in(self, row: int, cells: Sequence[str]) -> tuple[dict[str, Value], list[RowError]]:
        """What the row says, by keys, and what it lacks."""
        values: dict[str, Value] = {}
        errors = []
        for column in self.values:
            value = _value(column, cells)
            if not value and not column.may_be_blank:
                errors.append(RowError(row, column.name, MISSING))
            values[column.key] = value
        if len(cells) > self.width and any(map(str.strip, cells[self.width :])):
            # An unquoted separator within a cell: whatever went out would be cut off there.
            errors.append(RowError(row, None, TOO_MANY_CELLS))
        return values, errors


def columns_of(headings: Sequence[str], template: Template, channel: Channel) -> Columns:
    """Headings match whatever their case, spaces, ``_`` and ``-``; those without a name and those that the template
    does not know are passed over.

    :raises InvalidValue: a column is missing, or the recipient's is there twice; the message names it.
    """
    places: dict[str, tuple[int, ...]] = {}
    for place, heading in enumerate(headings):
        if key := placeholder_key(clean(heading)):
            places[key] = (*places.get(key, ()), place)
    address = channel is Channel.LETTER
    recipient = [_column(name, places, may_be_blank=address) for name in (ADDRESS if address else [RECIPIENT[channel]])]
    values = [_column(name, places) for name in placeholder_names(template)]
    if address:
        known = {column.key for column in recipient}
        values = [*recipient, *(column for column in values if column.key not in known)]
        recipient = [column for column in recipient if column.cells]
    _check(recipient, [column for column in values if not column.may_be_blank], channel)
    width = max(place for cells in places.values() for place in cells) + 1
    return Columns(tuple(recipient), tuple(column for column in values if column.cells), width)


def _column(name: str, places: dict[str, tuple[int, ...]], *, may_be_blank: bool = False) -> Column:
    key = placeholder_key(name)
    return Column(name, key, places.get(key, ()), may_be_blank)


def _check(recipient: Sequence[Column], values: Sequence[Column], channel: Channel) -> None:
    missing = [column.name for column in (*recipient, *values) if not column.cells]
    if channel is Channel.LETTER and len(recipient) < _FEWEST_ADDRESS_COLUMNS:
        missing = ["at least 3 of the address (address line 1 to 7, postcode)", *missing]
    if missing:
        # A recipient's column may be a placeholder as well.
        raise InvalidValue(f"The file has no column {', '.join(dict.fromkeys(missing))}")
    if twice := [column.name for column in recipient if len(column.cells) > 1]:
        raise InvalidValue(f"The file has the column {', '.join(twice)} more than once")


def _value(column: Column, cells: Sequence[str]) -> Value:
    if len(column.cells) == 1:
        return clean(_cell(cells, column.cells[0]))
    written = [clean(cell) for place in column.cells if (cell := _cell(cells, place))]
    return written if len(written) > 1 else "".join(written)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
