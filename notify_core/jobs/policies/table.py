"""A CSV file as headings and rows, in any dialect that spreadsheets write."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from notify_core.jobs.policies.decoding import decode
from notify_core.kernel.errors import InvalidValue

MOST_ROWS: Final = 100_000
EMPTY: Final = "The file has no rows"
TOO_MANY: Final = f"The file has more than {MOST_ROWS:,} rows"
UNCLOSED: Final = "The file has a quotation mark that is opened and never closed"
OVERLONG: Final = "The file has a cell that is too long, or a quotation mark that is opened and never closed"

_SEPARATORS: Final = (",", ";", "\t")
# How Excel says which separator a file has.
_SEPARATOR_LINE: Final = re.compile(r"""\A"?sep=([,;\t])"?\r?\n""", re.IGNORECASE)
# Read behind the last line: where it is not a row of its own, the last row has never ended.
_END: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Table:
    """``headings`` and what is under them; the text is taken apart anew each time rows are asked for, so that a file
    is never in memory as rows. Made by :func:`read_table`."""

    headings: tuple[str, ...]
    _text: str
    _separator: str

    def rows(self, start: int = 0) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not blank, from number ``start`` on, with their numbers; blank ones count.

        :raises InvalidValue: the file is no table.
        """
        records = _records(self._text, self._separator)
        _first_written(records)
        for number, cells in enumerate(records):
            if number >= start and _is_written(cells):
                yield number, cells


def read_table(content: bytes) -> Table:
    """Of the separators comma, semicolon and tab that one is meant which makes the most headings.

    :raises InvalidValue: the file has no headings, or is no table; the message is for whoever uploaded it.
    """
    text = decode(content)
    if said := _SEPARATOR_LINE.match(text):
        text = text[said.end() :]
    by_separator = {one: _first_written(_records(text, one)) for one in ([said[1]] if said else _SEPARATORS)}
    separator, headings = max(by_separator.items(), key=lambda found: sum(map(bool, map(str.strip, found[1]))))
    if not headings:
        raise InvalidValue(EMPTY)
    return Table(tuple(heading.strip() for heading in headings), text, separator)


def count_rows(table: Table) -> int:
    """:raises InvalidValue: there are none, or more than a job may have."""
    number = 0
    for _ in table.rows():
        number += 1
        if number > MOST_ROWS:
            raise InvalidValue(TOO_MANY)
    if not number:
        raise InvalidValue(EMPTY)
    return number


def _records(text: str, separator: str) -> Iterator[list[str]]:
    lines = chain(io.StringIO(text, newline=""), (_END,))
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    try:
        for cells in reader:
            if cells == [_END]:
                return
            yield cells
    except csv.Error:
        raise InvalidValue(OVERLONG) from None
    raise InvalidValue(UNCLOSED)


def _first_written(records: Iterator[list[str]]) -> Sequence[str]:
    return next((cells for cells in records if _is_written(cells)), ())


def _is_written(cells: Sequence[str]) -> bool:
    return any(cell and not cell.isspace() for cell in cells)
