"""Letters as PDFs, with ReportLab."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Final

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from notify_adapters.letter_renderer.faces import ASCENT, DESCENT, REGULAR
from notify_adapters.letter_renderer.lines import Line, plain, width_of, wrap
from notify_adapters.letter_renderer.pages import Placed, paginate
from notify_adapters.letter_renderer.rows import TEXT, rows_of
from notify_adapters.options import known
from notify_core.letters.policies.content import LetterContent
from notify_core.letters.policies.printable import A4, ADDRESS_WINDOW
from notify_core.letters.ports import LetterRenderer, LetterUnprintable, RenderedLetter

OPTIONS: Mapping[str, str] = {}

_MM: Final = 72 / 25.4
_WIDTH, _HEIGHT = A4.right * _MM, A4.bottom * _MM

# All text begins where the address does, just within the window; that gives lines of about 90 characters.
_LEFT: Final = 25 * _MM
_RIGHT: Final = _WIDTH - _LEFT
_TOP: Final = 25 * _MM
_BOTTOM: Final = 272 * _MM
_PAGE_NUMBER: Final = 282 * _MM

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

_SMALL: Final = 9.0
_BAR_WIDTH: Final = 3.0
_GREY: Final = 0.6


@dataclass(frozen=True, slots=True)
class _Text:
    """A line where it stands: ``x`` its left end, ``y`` its base, in points from the left and the top."""

    line: Line
    size: float
    x: float
    y: float


class ReportlabRenderer:
    # The fonts, which all renderers of a process share, serve one document at a time.
    _lock = Lock()

    def render(self, content: LetterContent) -> RenderedLetter:
        address = list(_address(content.address))
        contact_end, contact = _contact_block(content.contact_block)
        date_top = max(_DATE_TOP, contact_end + _AFTER_CONTACT)
        date = _Text(plain(content.date), TEXT.size, _LEFT, _base(date_top, TEXT.leading, TEXT.size))
        start = date_top + TEXT.leading + _AFTER_DATE
        pages = paginate(rows_of(content, _RIGHT - _LEFT), start=start, top=_TOP, bottom=_BOTTOM)
        with self._lock:
            return RenderedLetter(_drawn(content, [*address, *contact, date], pages), len(pages))


def _address(lines: Sequence[str]) -> Iterator[_Text]:
    """As large as it fits into the window, each of its lines whole if that can be."""
    top, height = ADDRESS_WINDOW.top * _MM, ADDRESS_WINDOW.height * _MM
    width = ADDRESS_WINDOW.right * _MM - _LEFT
    for size, whole in _ADDRESS_SIZES:
        rows = [row for line in lines for row in wrap(plain(line), size, width)]
        if len(rows) * size * _TIGHT <= height and (len(rows) <= len(lines) or not whole):
            leading = min(height / max(len(rows), 1), size * _LOOSE)
            for number, row in enumerate(rows):
                yield _Text(row, size, _LEFT, _base(top + number * leading, leading, size))
            return
    raise LetterUnprintable("The address does not fit into the envelope's window")


def _contact_block(lines: Sequence[str]) -> tuple[float, list[_Text]]:
    """Where it ends, and its lines."""
    rows = [row for line in lines for row in wrap(plain(line), _CONTACT_SIZE, _RIGHT - _CONTACT_LEFT)]
    end = _CONTACT_TOP + len(rows) * _CONTACT_LEADING
    if end > _CONTACT_BOTTOM:
        raise LetterUnprintable("The contact block does not fit onto the page")
    tops = (_CONTACT_TOP + number * _CONTACT_LEADING for number in range(len(rows)))
    return end, [
        _Text(row, _CONTACT_SIZE, _CONTACT_LEFT, _base(top, _CONTACT_LEADING, _CONTACT_SIZE))
        for top, row in zip(tops, rows, strict=True)
    ]


def _base(top: float, leading: float, size: float) -> float:
    """The base line of a row that begins at ``top``."""
    return top + (leading - size * (ASCENT + DESCENT)) / 2 + size * ASCENT


def _drawn(content: LetterContent, head: Sequence[_Text], pages: Sequence[Sequence[Placed]]) -> bytes:
    file = BytesIO()
    # Invariant: no time and no random number in the file. Without a face to begin with it would name one that is not
    # in the file.
    canvas = Canvas(
        file,
        pagesize=(_WIDTH, _HEIGHT),
        invariant=1,
        pageCompression=1,
        lang="en-GB",
        initialFontName=REGULAR.name,  # type: ignore[arg-type]  # it is a name, whatever its type is said to be
    )
    canvas.setCreator("Notify")
    canvas.setSubject("")
    canvas.setTitle(plain(content.subject)[0].text)
    canvas.setAuthor(plain(next(iter(content.contact_block), ""))[0].text)
    for number, page in enumerate(pages, start=1):
        label = plain(f"Page {number} of {len(pages)}")
        foot = _Text(label, _SMALL, (_WIDTH - width_of(label, _SMALL)) / 2, _PAGE_NUMBER)
        _draw_page(canvas, [*(head if number == 1 else ()), *_texts(page), foot], page)
    canvas.save()
    return file.getvalue()


def _texts(page: Sequence[Placed]) -> Iterator[_Text]:
    for placed in page:
        row = placed.row
        base = _base(placed.top, row.style.leading, row.style.size)
        if row.mark:
            yield _Text(row.mark, row.style.size, _LEFT + row.mark_at, base)
        yield _Text(row.line, row.style.size, _LEFT + row.indent, base)


def _draw_page(canvas: Canvas, texts: Sequence[_Text], page: Sequence[Placed]) -> None:
    drawn: PDFTextObject = canvas.beginText()
    for text in texts:
        drawn.setTextOrigin(text.x, _HEIGHT - text.y)
        for run in text.line:
            drawn.setFont(run.face.name, text.size)
            drawn.textOut(run.text)
    canvas.drawText(drawn)
    _draw_lines(canvas, page)
    canvas.showPage()


def _draw_lines(canvas: Canvas, page: Sequence[Placed]) -> None:
    canvas.setFillGray(_GREY)
    for placed in page:
        row = placed.row
        height = row.style.leading
        if row.rule:
            canvas.rect(_LEFT, _HEIGHT - placed.top - height / 2, _RIGHT - _LEFT, 0.5, stroke=0, fill=1)
        if row.bar:
            canvas.rect(_LEFT, _HEIGHT - placed.top - height, _BAR_WIDTH, height, stroke=0, fill=1)


def build(options: Mapping[str, str]) -> LetterRenderer:
    known(options, *OPTIONS)
    return ReportlabRenderer()
