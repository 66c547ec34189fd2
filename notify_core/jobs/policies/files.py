"""Files about a job for people: CSV with a mark of its encoding, so that spreadsheets show every letter."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from notify_core.jobs.model import Job, RowError, RowResult
from notify_core.kernel.calendar import format_datetime

# What a spreadsheet would take for a formula, in full width too; numbers with a sign are none.
_FORMULA: Final = re.compile("\\A\\s*(?:[=@\uff1d\uff20\uff0b\uff0d]|[+-](?![\\d\\s().-]*\\Z))")
_MARK: Final = "\ufeff"


def results_file(job: Job, results: Iterable[RowResult]) -> Iterator[str]:
    """A line for each row, in pieces. Rows count from 1 beneath the headings."""
    yield _MARK + _line(["Row number", "Recipient", "Type", "Status", "Time", "File"])
    for one in results:
        at = format_datetime(one.at) or ""
        yield _line([_shown(one.row), one.recipient or "", job.channel.value, one.status, at, job.original_file_name])


def errors_file(errors: Iterable[RowError]) -> Iterator[str]:
    """A line for each thing that is wrong."""
    yield _MARK + _line(["Row number", "Column", "What is wrong"])
    for error in errors:
        yield _line([_shown(error.row), error.column or "", error.message])


def _shown(row: int) -> str:
    return str(row + 1)


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells])
    return buffer.getvalue()
