"""What the pages of a PDF show."""

from collections.abc import Iterator
from ctypes import c_double
from dataclasses import dataclass, field
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from notify_adapters.letter_sanitiser.structure import POINTS_PER_MM
from notify_core.letters.policies import Flaw, NotPrintable
from notify_core.letters.policies.printable import ADDRESS_WINDOW, PRINTABLE

# Pixels to a millimetre; a hair line still leaves a mark.
_PIXELS: Final = 4
# The edge of what touches the margin falls between pixels.
_BLUR: Final = 0.5
# Grey that paper of scanned letters has, 255 being white.
_AS_GOOD_AS_WHITE: Final = 240

# Drawings within drawings: more levels than programs make.
_DEPTH: Final = 32
_INVISIBLE: Final = raw.FPDF_TEXTRENDERMODE_INVISIBLE


def look(pdf: bytes, pages: int) -> tuple[str, ...]:
    """The lines of the address in the envelope's window.

    :raises NotPrintable: there are none, or a page would not be printed as it is.
    """
    with pdfium.PdfDocument(pdf) as document:
        if wrong := [number for number in range(1, pages + 1) if _has_foreign_fonts(document[number - 1])]:
            raise NotPrintable(Flaw.FONTS, wrong, pages)
        if wrong := [number for number in range(1, pages + 1) if _shows_too_much(document[number - 1])]:
            raise NotPrintable(Flaw.OUTSIDE, wrong, pages)
        address = _address_on(document[0])
    if not address:
        raise NotPrintable(Flaw.NO_ADDRESS, (1,), pages)
    return address


def _has_foreign_fonts(page: Any) -> bool:
    """Whether text is in a font that the printer may not have. Text that a scanner recognised and hid is in none."""
    return any(
        raw.FPDFTextObj_GetTextRenderMode(text) != _INVISIBLE
        and not raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(text))
        for text in page.get_objects([raw.FPDF_PAGEOBJ_TEXT], max_depth=_DEPTH)
    )


def _shows_too_much(page: Any) -> bool:
    """Whether something would be printed where nothing can be."""
    picture = page.render(scale=_PIXELS / POINTS_PER_MM, grayscale=True, draw_annots=False).to_pil()
    inner = (
        int((PRINTABLE.left - _BLUR) * _PIXELS),
        int((PRINTABLE.top - _BLUR) * _PIXELS),
        int((PRINTABLE.right + _BLUR) * _PIXELS),
        int((PRINTABLE.bottom + _BLUR) * _PIXELS),
    )
    picture.paste(255, inner)
    darkest, _ = picture.getextrema()
    return bool(darkest < _AS_GOOD_AS_WHITE)


@dataclass(slots=True)
class _Line:
    """Characters on a base line, in points; each with where it begins and where it ends."""

    y: float
    height: float
    characters: list[tuple[float, float, str]] = field(default_factory=list)

    def __str__(self) -> str:
        text, end = "", None
        for left, right, character in sorted(self.characters):
            # Programs leave spaces out and move on instead.
            text += f" {character}" if end is not None and left - end > self.height / 5 else character
            end = right
        return " ".join(text.split())


def _address_on(page: Any) -> tuple[str, ...]:
    """What stands in the window, from top to bottom, whatever the order in which it was written."""
    lines: list[_Line] = []
    for x, y, right, height, character in _characters_in_window(page):
        for line in lines:
            # A raised letter is still of its line.
            if abs(line.y - y) < line.height * 0.4:
                break
        else:
            line = _Line(y, height)
            lines.append(line)
        line.characters.append((x, right, character))
    ordered = sorted(lines, key=lambda line: line.y, reverse=True)
    return tuple(text for text in map(str, ordered) if text)


def _characters_in_window(page: Any) -> Iterator[tuple[float, float, float, float, str]]:
    """Their place on the base line, right end, height, and themselves."""
    page_left, _, _, page_top = page.get_mediabox()
    left = page_left + ADDRESS_WINDOW.left * POINTS_PER_MM
    right = page_left + ADDRESS_WINDOW.right * POINTS_PER_MM
    top = page_top - ADDRESS_WINDOW.top * POINTS_PER_MM
    bottom = page_top - ADDRESS_WINDOW.bottom * POINTS_PER_MM
    text = page.get_textpage()
    x, y = c_double(), c_double()
    for index in range(text.count_chars()):
        if raw.FPDFText_IsGenerated(text, index) == 1 or not raw.FPDFText_GetCharOrigin(text, index, x, y):
            continue
        if left <= x.value <= right and bottom <= y.value <= top:
            _, low, end, high = text.get_charbox(index, loose=True)
            yield x.value, y.value, end, high - low, text.get_text_range(index, 1)
