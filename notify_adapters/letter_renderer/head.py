"""What stands on the first page only: the address in the window, beside it who writes, and the date; and where the
text of each page may be. All in points, from the left and the top."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from notify_adapters.letter_renderer.faces import ASCENT, DESCENT
from notify_adapters.letter_renderer.lines import Line, plain, wrap
from notify_adapters.letter_renderer.rows import TEXT
from notify_core.letters.policies.content import LetterContent
from notify_core.letters.policies.printable import A4, ADDRESS_WINDOW
from notify_core.letters.ports import LetterUnprintable

_MM: Final = 72 / 25.4
WIDTH, HEIGHT = A4.right * _MM, A4.bottom * _MM

# All text begins where the address does, just within the window; that gives lines of about 90 characters.
LEFT: Final = 25 * _MM
RIGHT: Final = WIDTH - LEFT
TOP: Final = 25 * _MM
BOTTOM: Final = 272 * _MM
PAGE_NUMBER: Final = 282 * _MM

# Beside the window, so that nothing of it shows through, and above what it says.
_CONTACT_LEFT: Final = (ADDRESS_WINDOW.right + 2) * _MM
_CONTACT_TOP: Final = 20 * _MM
_CONTACT_BOTTOM: Final = 150 * _MM
_CONTACT_SIZE: Final = 10.0
_CONTACT_LEADING: Final = 13.0

_DATE_TOP: Final = 80 * _MM
_AFTER_CONTACT: Final = 6 * _MM
_AFTER_DATE: Final = 5 * _MM

# Sizes in which an address is tried, and whether each of its lines must be whole then. Smaller ones sorting machines
# do not read.
_GOOD_SIZES: Final = (11, 10.5, 10, 9.5, 9)
_ADDRESS_SIZES: Final = (
    *((size, True) for size in _GOOD_SIZES),
    *((size, False) for size in (*_GOOD_SIZES, 8.5, 8, 7.5, 7)),
)
_TIGHT, _LOOSE = 1.13, 1.3


@dataclass(frozen=True, slots=True)
class Text:
    """A line where it stands: ``x`` its left end, ``y`` its base."""

    line: Line
    size: float
    x: float
    y: float


def base_of(top: float, leading: float, size: float) -> float:
    """The base line of a row that begins at ``top``."""
    return top + (leading - size * (ASCENT + DESCENT)) / 2 + size * ASCENT


def head_of(content: LetterContent) -> tuple[float, list[Text]]:
    """Where the text begins, and what stands above it.

    :raises LetterUnprintable: the address or the contact block does not fit.
    """
    contact_end, contact = _contact_block(content.contact_block)
    top = max(_DATE_TOP, contact_end + _AFTER_CONTACT)
    date = _stacked([plain(content.date)], TEXT.size, TEXT.leading, LEFT, top)
    return top + TEXT.leading + _AFTER_DATE, [*_address(content.address), *contact, *date]


def _address(lines: Sequence[str]) -> list[Text]:
    """As large as it fits into the window, each of its lines whole if that can be."""
    height, width = ADDRESS_WINDOW.height * _MM, ADDRESS_WINDOW.right * _MM - LEFT
    for size, whole in _ADDRESS_SIZES:
        rows = [row for line in lines for row in wrap(plain(line), size, width)]
        if len(rows) * size * _TIGHT <= height and (len(rows) <= len(lines) or not whole):
            leading = min(height / max(len(rows), 1), size * _LOOSE)
            return _stacked(rows, size, leading, LEFT, ADDRESS_WINDOW.top * _MM)
    raise LetterUnprintable("The address does not fit into the envelope's window")


def _contact_block(lines: Sequence[str]) -> tuple[float, list[Text]]:
    """Where it ends, and its lines."""
    rows = [row for line in lines for row in wrap(plain(line), _CONTACT_SIZE, RIGHT - _CONTACT_LEFT)]
    end = _CONTACT_TOP + len(rows) * _CONTACT_LEADING
    if end > _CONTACT_BOTTOM:
        raise LetterUnprintable("The contact block does not fit onto the page")
    return end, _stacked(rows, _CONTACT_SIZE, _CONTACT_LEADING, _CONTACT_LEFT, _CONTACT_TOP)


def _stacked(rows: Sequence[Line], size: float, leading: float, x: float, top: float) -> list[Text]:
    """One below the other, from ``top`` on."""
    return [Text(row, size, x, base_of(top + number * leading, leading, size)) for number, row in enumerate(rows)]
