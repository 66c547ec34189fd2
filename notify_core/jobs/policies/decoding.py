"""From the bytes of an upload to text, whatever program wrote it."""

import codecs
from typing import Final

from notify_core.kernel.texts import storable

# Longer marks first: the mark of UTF-32 begins as that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Enough to tell UTF-16 without a mark, of which every other byte is mostly zero.
_SAMPLE: Final = 2000
_MOSTLY: Final = 0.4


def decode(content: bytes) -> str:
    """UTF-8, UTF-16 or UTF-32 by their marks; without one UTF-16 by its zeros, UTF-8 if it can be that, else
    Windows-1252. A zero is dropped, and a character that nothing can be made of replaced: every file has a text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _clean(content.removeprefix(mark).decode(encoding, "replace"))
    if encoding := _zeros_of(content[:_SAMPLE]):
        return _clean(content.decode(encoding, "replace"))
    try:
        return _clean(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _clean(content.decode("cp1252", "replace"))


def _zeros_of(sample: bytes) -> str:
    """The kind of UTF-16 that has its zeros where ``sample`` has them; nothing: it is none."""
    half = len(sample) // 2
    if half > 1 and sample[1::2].count(0) > half * _MOSTLY > sample[::2].count(0):
        return "utf-16-le"
    if half > 1 and sample[::2].count(0) > half * _MOSTLY > sample[1::2].count(0):
        return "utf-16-be"
    return ""


def _clean(text: str) -> str:
    return storable(text.replace("\x00", ""))
