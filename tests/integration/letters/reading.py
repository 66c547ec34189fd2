"""Reading letters as a printer's machines would: what text stands where."""

from dataclasses import dataclass

import pypdfium2

from notify_core.letters.policies.printable import A4, Area

_POINTS = 72 / 25.4


@dataclass
class Page:
    """``text`` is all of it; ``areas`` where its characters are, in millimetres."""

    text: str
    areas: list[Area]
    _page: object

    def text_in(self, area):
        found = self._page.get_textpage().get_text_bounded(
            area.left * _POINTS,
            (A4.bottom - area.bottom) * _POINTS,
            area.right * _POINTS,
            (A4.bottom - area.top) * _POINTS,
        )
        return found.replace("\r", "").strip()


def read(pdf):
    return [_read(page) for page in pypdfium2.PdfDocument(pdf)]


def _read(page):
    text = page.get_textpage()
    areas = []
    for index in range(text.count_chars()):
        left, bottom, right, top = (side / _POINTS for side in text.get_charbox(index))
        if right > left:
            areas.append(Area(left, A4.bottom - top, right, A4.bottom - bottom))
    return Page(text.get_text_range().replace("\r", ""), areas, page)
