"""The two faces that letters are printed in, how wide texts are in them, and what of a text they can show."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_FONTS: Final = Path(__file__).parent / "fonts"

# In parts of the size, from the font's own table (hhea).
ASCENT: Final = 0.905
DESCENT: Final = 0.212

# Stands for a character that the font lacks.
_MISSING: Final = "\u25a1"
_NO_BREAK: Final = "\xa0"
# Control characters, format characters such as marks of direction, halves of surrogate pairs.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
_KEPT_BLANKS: Final = frozenset("\xa0\u2007\u202f")

# A font's table of characters ends with one that is none.
_END_OF_TABLE: Final = 0xFFFF


class Face:
    """``name`` is what reportlab knows it by."""

    def __init__(self, name: str) -> None:
        # Else each file would hold all of ASCII.
        font = TTFont(name, _FONTS / f"{name}.ttf", asciiReadable=0)
        pdfmetrics.registerFont(font)
        self.name = name
        self._widths: Mapping[int, float] = {
            code: width for code, width in font.face.charWidths.items() if code != _END_OF_TABLE
        }

    def shows(self, text: str) -> bool:
        return all(ord(character) in self._widths for character in text)

    def width(self, text: str, size: float) -> float:
        """Of a text that was made :func:`printable`, in points."""
        return sum(map(self._widths.__getitem__, map(ord, text))) * size / 1000


# Both have the same characters. Made here, so that the threads of a process have the same.
REGULAR: Final = Face("LetterSans-Regular")
BOLD: Final = Face("LetterSans-Bold")


def printable(text: str) -> str:
    """``text`` on one line as the faces can show it: accents on their letters, all blanks of one kind (those that hold
    words together of another), what controls left out."""
    return unicodedata.normalize("NFC", text).translate(_SHOWN)


class _Shown(dict[int, str]):
    """What is printed for each character; made as they come."""

    def __missing__(self, code: int) -> str:
        shown = self[code] = _shown(chr(code))
        return shown


def _shown(character: str) -> str:
    if character.isspace():
        return _NO_BREAK if character in _KEPT_BLANKS else " "
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return ""
    if REGULAR.shows(character):
        return character
    simpler = unicodedata.normalize("NFKC", character)
    if REGULAR.shows(simpler):
        return simpler
    return "" if category.startswith("M") else _MISSING


_SHOWN: Final = _Shown()
