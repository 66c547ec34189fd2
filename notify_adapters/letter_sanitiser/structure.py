"""What a PDF is made of: pages of the right size, and nothing besides what is printed."""

from collections.abc import Set as AbstractSet
from io import BytesIO
from typing import Final

import pikepdf

from notify_core.letters.policies import Flaw, NotPrintable
from notify_core.letters.policies.printable import A4, MOST_PAGES

POINTS_PER_MM: Final = 72 / 25.4

# What programs take for A4 differs by rounding, and by the odd margin of a scanner.
_TOLERANCE: Final = 2 * POINTS_PER_MM

# What printing needs; all else (scripts, actions, attachments, outlines, forms, metadata, tags) is for the screen.
_OF_THE_FILE: Final = frozenset({"/Type", "/Pages", "/OCProperties", "/OutputIntents"})
_OF_A_PAGE: Final = frozenset({"/Type", "/Parent", "/Resources", "/MediaBox", "/Contents", "/Group"})
# In pictures and drawings: metadata, data of the program that made them, other programs, and files elsewhere.
_IN_STREAMS: Final = frozenset(
    {"/Metadata", "/PieceInfo", "/OPI", "/PS", "/Ref", "/AF", "/Alternates", "/F", "/FFilter"}
)

_BEGINS_WITHIN: Final = 1024

# A page of A4 at 1,200 dots to the inch has 139 million. Of much larger pictures readers show nothing, and say nothing.
_MOST_PIXELS: Final = 150_000_000


def cleaned(upload: bytes) -> tuple[bytes, int]:
    """The PDF as it is printed, and how many pages it has.

    :raises NotPrintable: it cannot be opened, its pages are too many or of another size, or a picture is too large.
    """
    with _opened(upload) as pdf:
        pages = len(pdf.pages)
        if not pages:
            raise NotPrintable(Flaw.NO_PAGES, page_count=0)
        if pages > MOST_PAGES:
            raise NotPrintable(Flaw.TOO_LONG, page_count=pages)
        _print_forms(pdf)
        if wrong := [number for number, page in enumerate(pdf.pages, start=1) if not _trimmed_to_a4(page)]:
            raise NotPrintable(Flaw.NOT_A4, wrong, pages)
        _strip(pdf)
        return _written(pdf), pages


def _opened(upload: bytes) -> pikepdf.Pdf:
    if b"%PDF-" not in upload[:_BEGINS_WITHIN]:
        raise NotPrintable(Flaw.UNREADABLE)
    try:
        return pikepdf.open(BytesIO(upload), suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise NotPrintable(Flaw.PASSWORD) from error
    except pikepdf.PdfError as error:
        raise NotPrintable(Flaw.UNREADABLE) from error


def _print_forms(pdf: pikepdf.Pdf) -> None:
    """Make what is filled in and noted part of the pages, as printing does."""
    if pdf.Root.get("/NeedsRendering", False):
        raise NotPrintable(Flaw.DYNAMIC_FORM)
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("print")


def _trimmed_to_a4(page: pikepdf.Page) -> bool:
    """Whether what a reader sees is A4 in portrait; the page then has no other size, and stands upright."""
    page.flatten_rotation()
    media, crop = pikepdf.Rectangle(page.mediabox), pikepdf.Rectangle(page.cropbox)
    left, bottom = max(media.llx, crop.llx), max(media.lly, crop.lly)
    right, top = min(media.urx, crop.urx), min(media.ury, crop.ury)
    page.mediabox = pikepdf.Array([left, bottom, right, top])
    return (
        page.obj.get("/UserUnit", 1) == 1
        and abs(float(right - left) - A4.width * POINTS_PER_MM) <= _TOLERANCE
        and abs(float(top - bottom) - A4.height * POINTS_PER_MM) <= _TOLERANCE
    )


def _strip(pdf: pikepdf.Pdf) -> None:
    _drop(pdf.trailer, {"/Info"})
    _drop(pdf.Root, set(pdf.Root.keys()) - _OF_THE_FILE)
    for page in pdf.pages:
        _drop(page.obj, set(page.obj.keys()) - _OF_A_PAGE)
    pdf.remove_unreferenced_resources()
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            _drop(thing, _IN_STREAMS)
            if thing.get("/Width", 0) * thing.get("/Height", 0) > _MOST_PIXELS:
                raise NotPrintable(Flaw.TOO_COMPLEX)


def _drop(thing: pikepdf.Object, keys: AbstractSet[str]) -> None:
    for key in keys & set(thing.keys()):
        del thing[key]


def _written(pdf: pikepdf.Pdf) -> bytes:
    written = BytesIO()
    pdf.save(
        written,
        encryption=False,
        # The same for the same upload.
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        preserve_pdfa=False,
        fix_metadata_version=False,
    )
    return written.getvalue()
