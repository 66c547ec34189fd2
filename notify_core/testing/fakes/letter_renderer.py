"""Letters that look like nothing much: a true PDF, of as many pages as the content fills."""

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from notify_core.kernel.errors import NotifyError
from notify_core.letters.policies.content import LetterContent
from notify_core.letters.policies.printable import ADDRESS_WINDOW, MOST_PAGES
from notify_core.letters.ports import LetterUnprintable, RenderedLetter
from notify_core.templates.model.email_plain import plain_text

_COLUMNS, _ROWS = 80, 45
_MOST_ADDRESS_LINES, _MOST_CONTACT_LINES = 7, 20


@dataclass
class MemoryLetterRenderer:
    """``rendered`` is what it was given."""

    rendered: list[LetterContent] = field(default_factory=list)
    _failures: list[NotifyError] = field(default_factory=list)

    def fail_with(self, *errors: NotifyError) -> None:
        """The next letters meet these errors, one each."""
        self._failures.extend(errors)

    def render(self, content: LetterContent) -> RenderedLetter:
        self.rendered.append(content)
        if self._failures:
            raise self._failures.pop(0)
        if len(content.address) > _MOST_ADDRESS_LINES or len(content.contact_block) > _MOST_CONTACT_LINES:
            raise LetterUnprintable("The address or the contact block has too many lines")
        head = [*content.contact_block, "", content.date, "", content.subject, ""]
        rows = [row for text in (*head, plain_text(content.body)) for row in _rows(text)]
        pages = [rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS)]
        if len(pages) > MOST_PAGES:
            raise LetterUnprintable(f"The letter would have more than {MOST_PAGES} pages")
        return RenderedLetter(_pdf(content.address, pages), len(pages))


def _rows(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from textwrap.wrap(line, _COLUMNS) or [""]


def _pdf(address: Sequence[str], pages: Sequence[Sequence[str]]) -> bytes:
    """Objects: 1 the catalogue, 2 the pages, 3 the font, then two for each page: itself and what is on it."""
    numbers = [4 + 2 * index for index in range(len(pages))]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), b" ".join(b"%d 0 R" % number for number in numbers)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    for index, (number, rows) in enumerate(zip(numbers, pages, strict=True)):
        drawn = _drawn(rows, 70, 560) + (_drawn(address, _points(ADDRESS_WINDOW.left), 720) if index == 0 else b"")
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.28 841.89] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (number + 1),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        ]
    return _file(objects)


def _drawn(rows: Sequence[str], x: float, y: float) -> bytes:
    shown = b" ".join(b"(%s) '" % _escaped(row) for row in rows)
    return b"BT /F1 9 Tf 11 TL %.2f %.2f Td %s ET\n" % (x, y, shown)


def _escaped(text: str) -> bytes:
    plain = "".join(character for character in text if not unicodedata.category(character).startswith("C"))
    return b"".join(
        b"\\" + bytes([byte]) if byte in b"\\()" else bytes([byte]) for byte in plain.encode("cp1252", "replace")
    )


def _points(millimetres: float) -> float:
    return millimetres * 72 / 25.4


def _file(objects: Sequence[bytes]) -> bytes:
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(written)
