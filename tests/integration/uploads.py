"""PDFs as people upload them for letters, good and bad."""

import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import reportlab
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from notify_core.letters.policies import Flaw
from notify_core.testing.fakes.letter_sanitiser import ADDRESS

EMBEDDED, FOREIGN = "Vera", "Helvetica"
pdfmetrics.registerFont(TTFont(EMBEDDED, Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"))


def a_pdf(pages=1, address=ADDRESS, draw=None, size=A4):
    """Pages of A4 with the address in the window; ``draw(canvas, page)`` draws more on each, in millimetres from the
    left and the bottom."""
    written = BytesIO()
    drawing = canvas.Canvas(written, pagesize=size, invariant=True)
    for page in range(1, pages + 1):
        drawing.setFont(EMBEDDED, 9)
        for number, line in enumerate(address if page == 1 else ()):
            drawing.drawString(25 * mm, (297 - 43.5 - 3.6 * number) * mm, line)
        drawing.drawString(20 * mm, 100 * mm, f"Page {page}")
        if draw:
            draw(drawing, page)
        drawing.showPage()
    drawing.save()
    return written.getvalue()


def changed(pdf, change, **saving):
    """``pdf`` after ``change(pikepdf.Pdf)``."""
    written = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        change(opened)
        opened.save(written, **saving)
    return written.getvalue()


def put(thing, **values):
    """Set what has these names in a dictionary of a PDF."""
    for name, value in values.items():
        thing[f"/{name}"] = value


def a_drawing(opened, content, **resources):
    """A form XObject, of 600 by 900 points."""
    drawing = opened.make_stream(content)
    put(drawing, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=pikepdf.Array([0, 0, 600, 900]))
    put(drawing, Resources=pikepdf.Dictionary({f"/{name}": value for name, value in resources.items()}))
    return drawing


def with_password(pdf):
    return changed(pdf, lambda _: None, encryption=pikepdf.Encryption(owner="owner", user="user"))


def a_bomb(pdf, kind="content", size=1_500_000_000):
    """A stream that is small in the file and fills any memory."""
    packer = zlib.compressobj(1)
    unit = b" " * 1_000_000
    packed = b"".join(packer.compress(unit) for _ in range(size // len(unit))) + packer.flush()

    def change(opened):
        stream = pikepdf.Stream(opened, packed, Filter=pikepdf.Name.FlateDecode)
        opened.pages[0].contents_add(stream)

    return changed(pdf, change, compress_streams=False)


def an_upload(pages=1, address=ADDRESS, flaw=None, flawed_pages=()):
    """As ``notify_core.testing.fakes.letter_sanitiser.an_upload``, for real."""

    def draw(drawing, page):
        drawing.setPageSize(A4)
        if page in flawed_pages and flaw is Flaw.FONTS:
            drawing.setFont(FOREIGN, 9)
            drawing.drawString(20 * mm, 90 * mm, "In another font")
        elif page in flawed_pages and flaw is Flaw.OUTSIDE:
            drawing.drawString(5 * mm, 90 * mm, "I")
        elif page in flawed_pages and flaw is Flaw.NOT_A4:
            drawing.setPageSize(landscape(A4))

    pdf = a_pdf(pages, address, draw)
    match flaw:
        case Flaw.UNREADABLE:
            return pdf[: len(pdf) // 20]
        case Flaw.TOO_COMPLEX:
            return a_bomb(pdf)
        case Flaw.PASSWORD:
            return with_password(pdf)
        case Flaw.NO_PAGES:
            return changed(pdf, lambda opened: opened.pages.__delitem__(slice(None)))
        case Flaw.DYNAMIC_FORM:
            return changed(pdf, lambda opened: put(opened.Root, NeedsRendering=True))
        case _:
            return pdf
