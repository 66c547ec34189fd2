"""The printer's response files: what they are called, what stands in them. Source: letters.md, section 6.

A line is ``reference|status|page count|cost threshold``, an answer for one letter.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from notify_core.kernel.calendar import london_date
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import CostThreshold, PrinterAnswer

# The one word that means success; any other is a reason why a letter was not printed.
SENT: Final = "Sent"
# What every name begins with.
PREFIX: Final = "NOTIFY-"

_NAME = re.compile(PREFIX + r"([0-9]{14})-RSP\.TXT")
_REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_PAGES = re.compile(r"[0-9]{1,5}")
# A status goes to the log.
_STATUS = re.compile(r"[ -~]{1,100}")
_PARTS = 4


def is_answer_file(name: str) -> bool:
    """Whether it is called as response files are: ``NOTIFY-YYYYMMDDHHMMSS-RSP.TXT``, the moment in UTC."""
    return _moment(name) is not None


def named_behind(day: date) -> str:
    """What comes before the names of all response files of ``day``, as UTC counts days, and of later ones."""
    return f"{PREFIX}{day:%Y%m%d}"


def day_of_answers(name: str) -> date:
    """The day, in London, of a response file.

    :raises InvalidValue: it is not called as one is.
    """
    moment = _moment(name)
    if moment is None:
        raise InvalidValue(f"{name[:100]!r} is no name of a response file, such as NOTIFY-20260105120000-RSP.TXT")
    return london_date(moment)


def parse_answers(content: bytes) -> Sequence[PrinterAnswer]:
    """The answers in a response file, in its order, one a letter: a line that is repeated word by word counts once.

    :raises InvalidValue: a line is not what it should be; the message says which, and what is wrong with it.
    """
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        faulty = content.count(b"\n", 0, error.start) + 1
        raise InvalidValue(f"line {faulty} has characters other than those of plain ASCII") from None
    lines = text.split("\n")
    # What the last line ends with begins none.
    if not lines[-1]:
        lines.pop()
    if not lines:
        raise InvalidValue("the file is empty")
    found: dict[str, tuple[int, PrinterAnswer]] = {}
    for number, line in enumerate(lines, start=1):
        answer = _answer(number, line.removesuffix("\r"))
        first, known = found.setdefault(answer.file_reference, (number, answer))
        if known != answer:
            raise InvalidValue(f"line {number} contradicts line {first} about {answer.file_reference}")
    return [answer for _, answer in found.values()]


def require_reference(text: str) -> str:
    """A letter's reference as somebody may have typed it, in its proper form.

    :raises InvalidValue: it cannot be one.
    """
    reference = text.strip().upper()
    if not _REFERENCE.fullmatch(reference):
        raise InvalidValue(f"{_quoted(text)} is no reference of a letter")
    return reference


def _answer(number: int, line: str) -> PrinterAnswer:
    parts = line.split("|")
    if len(parts) != _PARTS:
        raise InvalidValue(
            f"line {number} has {len(parts)} parts and not 4: reference|status|page count|cost threshold"
        )
    reference, status, pages, threshold = parts
    if not _REFERENCE.fullmatch(reference):
        raise InvalidValue(f"line {number}: {_quoted(reference)} is no reference")
    if not _STATUS.fullmatch(status):
        raise InvalidValue(f"line {number}: {_quoted(status)} is no status")
    if not _PAGES.fullmatch(pages):
        raise InvalidValue(f"line {number}: {_quoted(pages)} is no page count")
    try:
        cost_threshold = CostThreshold(threshold.lower())
    except ValueError:
        raise InvalidValue(f"line {number}: {_quoted(threshold)} is neither Sorted nor Unsorted") from None
    return PrinterAnswer(reference, status, int(pages), cost_threshold)


def _quoted(text: str) -> str:
    return repr(text[:40])


def _moment(name: str) -> datetime | None:
    """When a file was written, by its name, in UTC."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
