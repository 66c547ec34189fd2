"""Letters as PDFs, with ReportLab."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from threading import Lock
from typing import Final

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from notify_adapters.letter_renderer.faces import REGULAR
from notify_adapters.letter_renderer.head import (
    BOTTOM,
    HEIGHT,
    LEFT,
    PAGE_NUMBER,
    RIGHT,
    TOP,
    WIDTH,
    Text,
    base_of,
    head_of,
)
from notify_adapters.letter_renderer.lines import plain, width_of
from notify_adapters.letter_renderer.pages import Placed, paginate
from notify_adapters.letter_renderer.rows import rows_of
from notify_adapters.options import known
from notify_core.letters.policies.content import LetterContent
from notify_core.letters.ports import LetterRenderer, RenderedLetter

OPTIONS: Mapping[str, str] = {}

_SMALL: Final = 9.0
_BAR_WIDTH: Final = 3.0
_GREY: Final = 0.6


class ReportlabRenderer:
    # The fonts, which all renderers of a process share, serve one document at a time.
    _lock = Lock()

    def render(self, content: LetterContent) -> RenderedLetter:
        start, head = head_of(content)
        pages = paginate(rows_of(content, RIGHT - LEFT), start=start, top=TOP, bottom=BOTTOM)
        with self._lock:
            return RenderedLetter(_drawn(content, head, pages), len(pages))


def _drawn(content: LetterContent, head: Sequence[Text], pages: Sequence[Sequence[Placed]]) -> bytes:
    file = BytesIO()
    # Invariant: no time and no random number in the file. Without a face to begin with it would name one that is not
    # in the file.
    canvas = Canvas(
        file,
        pagesize=(WIDTH, HEIGHT),
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
        foot = Text(label, _SMALL, (WIDTH - width_of(label, _SMALL)) / 2, PAGE_NUMBER)
        _draw_page(canvas, [*(head if number == 1 else ()), *_texts(page), foot], page)
    canvas.save()
    return file.getvalue()


def _texts(page: Sequence[Placed]) -> Iterator[Text]:
    for placed in page:
        row = placed.row
        base = base_of(placed.top, row.style.leading, row.style.size)
        if row.mark:
            yield Text(row.mark, row.style.size, LEFT + row.mark_at, base)
        yield Text(row.line, row.style.size, LEFT + row.indent, base)


def _draw_page(canvas: Canvas, texts: Sequence[Text], page: Sequence[Placed]) -> None:
    drawn: PDFTextObject = canvas.beginText()
    for text in texts:
        drawn.setTextOrigin(text.x, HEIGHT - text.y)
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
            canvas.rect(LEFT, HEIGHT - placed.top - height / 2, RIGHT - LEFT, 0.5, stroke=0, fill=1)
        if row.bar:
            canvas.rect(LEFT, HEIGHT - placed.top - height, _BAR_WIDTH, height, stroke=0, fill=1)


def build(options: Mapping[str, str]) -> LetterRenderer:
    known(options, *OPTIONS)
    return ReportlabRenderer()
