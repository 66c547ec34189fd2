import random
import sys
from contextlib import suppress
from importlib import reload
from io import BytesIO

import pikepdf
import pytest
from PIL import ImageChops
from pypdfium2 import PdfDocument
from reportlab.lib.units import mm

from notify_adapters.letter_renderer.reportlab import build as build_renderer
from notify_adapters.letter_sanitiser import pdfium
from notify_adapters.letter_sanitiser.pdfium import build
from notify_adapters.options import BadOption
from notify_core.kernel.errors import TransientError
from notify_core.letters.policies import Flaw, NotPrintable
from notify_core.letters.policies.content import content_of
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_letter, a_template
from notify_core.testing.contracts.letter_sanitiser import ADDRESS, LetterSanitiserContract
from tests.integration import uploads
from tests.integration.uploads import EMBEDDED, FOREIGN, a_drawing, a_pdf, an_upload, changed, put


@pytest.fixture
def sanitiser():
    return build({})


class TestPdfiumSanitiser(LetterSanitiserContract):
    @pytest.fixture
    def sanitiser(self, sanitiser):
        return sanitiser

    def an_upload(self, *given, **named):
        return an_upload(*given, **named)

    def make_it_fail(self, sanitiser):
        sanitiser._timeout = 0.001


@pytest.fixture
def flaw_of(sanitiser):
    """What is wrong with a PDF; None: nothing."""

    def flaw(pdf):
        try:
            sanitiser.sanitise(pdf)
        except NotPrintable as refused:
            return refused.flaw

    return flaw


@pytest.mark.parametrize("lines", [3, 7])
@pytest.mark.parametrize("length", [1, 2_500])
def test_a_letter_that_we_made_ourselves_passes(sanitiser, lines, length):
    address = ["Siân Ŵyn", *(f"Line {number} of the address" for number in range(2, lines)), "CF10 1AA"]
    template = a_template(
        type=TemplateType.LETTER,
        subject="Eich cyfrif ŵ ŷ",
        content="# Heading\n\n* one\n* two\n\n" + "A long text. " * length,
        letter_contact_block="City Library\n1 High Street\nCF10 2AA",
    )
    made = build_renderer({}).render(content_of(a_letter(to="\n".join(address)), template))
    sanitised = sanitiser.sanitise(made.pdf)
    assert (sanitised.pages, sanitised.address) == (made.pages, tuple(address))


class TestPages:
    @staticmethod
    def with_page(**keys):
        return changed(a_pdf(), lambda opened: put(opened.pages[0].obj, **keys))

    @pytest.mark.parametrize(
        ("box", "flaw"),
        [
            ([0, 0, 595.28, 841.89], None),
            ([0, 0, 600, 840], None),  # rounding, and the margin of a scanner
            ([595.28, 841.89, 0, 0], None),  # another way to say it
            ([0, 0, 841.89, 595.28], Flaw.NOT_A4),  # landscape
            ([0, 0, 612, 792], Flaw.NOT_A4),  # US letter
            ([0, 0, 1_000_000_000, 1_000_000_000], Flaw.NOT_A4),
            ([0, 0, 0, 0], Flaw.NOT_A4),
            (["a", 0, 1, 1], Flaw.NOT_A4),
            ([], Flaw.NOT_A4),
        ],
    )
    def test_of_another_size(self, flaw_of, box, flaw):
        assert flaw_of(self.with_page(MediaBox=pikepdf.Array(box))) is flaw

    def test_a_unit_that_is_not_a_point(self, flaw_of):
        assert flaw_of(self.with_page(UserUnit=2)) is Flaw.NOT_A4

    def test_it_is_what_readers_show_that_counts(self, sanitiser, flaw_of):
        larger = a_pdf(size=(650, 900), draw=lambda drawing, _: drawing.setPageSize((650, 900)))
        cropped = changed(larger, lambda opened: put(opened.pages[0].obj, CropBox=[0, 0, 595, 842]))
        assert flaw_of(larger) is Flaw.NOT_A4
        with pikepdf.open(BytesIO(sanitiser.sanitise(cropped).pdf)) as opened:
            assert [round(float(edge)) for edge in opened.pages[0].mediabox] == [0, 0, 595, 842]

    def test_a_page_that_begins_elsewhere(self, sanitiser):
        def move(opened):
            page = opened.pages[0]
            page.contents_add(b"q 1 0 0 1 -100 500 cm", prepend=True)
            page.contents_add(b"Q")
            page.mediabox = pikepdf.Array([-100, 500, 495.28, 1341.89])

        assert sanitiser.sanitise(changed(a_pdf(), move)).address == ADDRESS

    @pytest.mark.parametrize("turned", [90, 180, 270])
    def test_pages_that_are_turned_are_looked_at_as_readers_show_them(self, sanitiser, flaw_of, turned):
        assert flaw_of(self.with_page(Rotate=turned)) in {Flaw.NOT_A4, Flaw.NO_ADDRESS}

        def turn_twice(opened):
            page = opened.pages[0]
            page.rotate(turned, relative=False)
            page.flatten_rotation()
            page.rotate(360 - turned, relative=False)

        sanitised = sanitiser.sanitise(changed(a_pdf(), turn_twice))
        assert sanitised.address == ADDRESS
        with pikepdf.open(BytesIO(sanitised.pdf)) as opened:
            assert "/Rotate" not in opened.pages[0].obj


class TestMargins:
    """In millimetres: 15 at the sides, 5 at the top and the bottom."""

    @pytest.mark.parametrize(
        ("x", "y", "flaw"),
        [
            (15.2, 100, None),
            (14, 100, Flaw.OUTSIDE),
            (194.6, 100, None),
            (196, 100, Flaw.OUTSIDE),
            (100, 5.5, None),
            (100, 4, Flaw.OUTSIDE),
            (100, 291.5, None),
            (100, 293, Flaw.OUTSIDE),
        ],
    )
    def test_a_hair_line(self, flaw_of, x, y, flaw):
        def draw(drawing, _):
            drawing.setLineWidth(0.1)
            drawing.line(x * mm, y * mm, x * mm + 0.3, y * mm + 0.3)

        assert flaw_of(a_pdf(draw=draw)) is flaw

    @pytest.mark.parametrize(("grey", "flaw"), [(1, None), (0.97, None), (0.8, Flaw.OUTSIDE)])
    def test_what_is_as_good_as_white_is_not_printed(self, flaw_of, grey, flaw):
        def draw(drawing, _):
            drawing.setFillGray(grey)
            drawing.rect(0, 0, 10 * mm, 290 * mm, stroke=0, fill=1)
            drawing.setFillGray(0)

        assert flaw_of(a_pdf(draw=draw)) is flaw


class TestAddress:
    """It is read from the window as people read it, however a program wrote it."""

    WRITTEN = ("Ada Lovelace", "2 Long Road", "CF10 1AA")

    @staticmethod
    def read(sanitiser, write):
        return sanitiser.sanitise(a_pdf(address=(), draw=write)).address

    def test_word_by_word_from_the_bottom_up(self, sanitiser):
        def write(drawing, _):
            for number, line in reversed(list(enumerate(self.WRITTEN))):
                x = 25 * mm
                for word in line.split():
                    drawing.drawString(x, (250 - 4 * number) * mm, word)
                    x += drawing.stringWidth(word) + 2.5

        assert self.read(sanitiser, write) == self.WRITTEN

    def test_letter_by_letter(self, sanitiser):
        def write(drawing, _):
            for number, line in enumerate(self.WRITTEN):
                x = 25 * mm
                for letter in line:
                    drawing.drawString(x, (250 - 4 * number) * mm, letter)
                    x += drawing.stringWidth(letter)

        assert self.read(sanitiser, write) == self.WRITTEN

    def test_raised_letters_are_of_their_line(self, sanitiser):
        def write(drawing, _):
            drawing.drawString(25 * mm, 250 * mm, "1")
            drawing.setFont(EMBEDDED, 5)
            drawing.drawString(27 * mm, 251 * mm, "st")
            drawing.setFont(EMBEDDED, 9)
            drawing.drawString(30 * mm, 250 * mm, "Floor")
            drawing.drawString(25 * mm, 246 * mm, "2 Long Road")

        assert self.read(sanitiser, write) == ("1st Floor", "2 Long Road")

    def test_what_stands_beside_above_and_below_the_window_is_no_address(self, sanitiser):
        def write(drawing, _):
            for number, line in enumerate(self.WRITTEN):
                drawing.drawString(25 * mm, (250 - 4 * number) * mm, line)
            for x, y in ((125, 250), (16, 250), (25, 262), (25, 225)):
                drawing.drawString(x * mm, y * mm, "No")

        assert self.read(sanitiser, write) == self.WRITTEN

    def test_blank_lines_are_none(self, flaw_of):
        assert flaw_of(a_pdf(address=("   ", " "))) is Flaw.NO_ADDRESS

    def test_an_address_on_the_second_page_is_none(self, flaw_of):
        def write(drawing, page):
            if page == 2:
                drawing.drawString(25 * mm, 250 * mm, "Ada Lovelace")

        assert flaw_of(a_pdf(2, address=(), draw=write)) is Flaw.NO_ADDRESS


class TestFonts:
    def test_those_that_nothing_is_written_in_do_not_matter(self, flaw_of):
        pdf = a_pdf(draw=lambda drawing, _: drawing.setFont(FOREIGN, 9))
        assert b"/Helvetica" in pdf
        assert flaw_of(pdf) is None

    def test_text_that_a_scanner_recognised_and_hid_is_in_none(self, flaw_of):
        assert flaw_of(a_pdf(draw=written(FOREIGN, mode=3))) is None
        assert flaw_of(a_pdf(draw=written(FOREIGN, mode=0))) is Flaw.FONTS

    def test_drawings_within_drawings_are_looked_into(self, flaw_of):
        def wrap(opened):
            page = opened.pages[0]
            drawn = a_drawing(opened, page.Contents.read_bytes(), Font=page.Resources.Font)
            for _ in range(5):
                drawn = a_drawing(opened, b"/X Do", XObject=pikepdf.Dictionary(X=drawn))
            put(page.obj, Contents=opened.make_stream(b"/X Do"), Resources=drawn.Resources)

        assert flaw_of(changed(a_pdf(draw=written(FOREIGN)), wrap)) is Flaw.FONTS
        assert flaw_of(changed(a_pdf(draw=written(EMBEDDED)), wrap)) is None


def written(font, mode=0):
    def draw(drawing, _):
        text = drawing.beginText(20 * mm, 90 * mm)
        text.setFont(font, 9)
        text.setTextRenderMode(mode)
        text.textOut("Some text")
        drawing.drawText(text)

    return draw


def readable(pdf):
    """All of a PDF, uncompressed."""
    plain = {
        "compress_streams": False,
        "object_stream_mode": pikepdf.ObjectStreamMode.disable,
        "stream_decode_level": pikepdf.StreamDecodeLevel.all,
    }
    return changed(pdf, lambda _: None, **plain)


class TestWhatIsNotPrinted:
    SECRETS = (
        b"alert",
        b"payload",
        b"evil.example",
        b"/bin/sh",
        b"Secret author",
        b"Secret title",
        b"Secret draft",
        b"Secret history",
    )

    @staticmethod
    def fill(opened):
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        opened.Root.OpenAction = script
        opened.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", script])))
        opened.attachments["evil.exe"] = b"payload"
        with opened.open_metadata() as metadata:
            metadata["dc:title"] = "Secret title"
        opened.docinfo["/Author"] = "Secret author"
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="/bin/sh")
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="http://evil.example")
        page = opened.pages[0]
        page.obj.AA = pikepdf.Dictionary(O=launch)
        page.obj.PieceInfo = pikepdf.Dictionary(Program=pikepdf.Dictionary(Private="Secret draft"))
        page.obj.Annots = pikepdf.Array(
            [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=link)]
        )
        form = a_drawing(opened, b"")
        form.Metadata = opened.make_stream(b"Secret history")
        form.Ref = pikepdf.Dictionary(F="evil.example", Page=0)
        page.contents_add(f"q {page.add_resource(form, pikepdf.Name.XObject)} Do Q".encode())

    def test_it_is_gone(self, sanitiser):
        upload = changed(a_pdf(), self.fill)
        assert [secret for secret in self.SECRETS if secret not in readable(upload)] == []
        sanitised = sanitiser.sanitise(upload)
        assert [secret for secret in (*self.SECRETS, b"/JS", b"ReportLab") if secret in readable(sanitised.pdf)] == []
        assert sanitised.address == ADDRESS

    def test_what_is_filled_into_a_form_is_printed(self, sanitiser, flaw_of):
        def form(drawing, _):
            drawing.acroForm.textfield(value="Filled in", x=60 * mm, y=80 * mm, width=80 * mm, height=8 * mm)

        # In a font of the reader's, so the printer has no part in it.
        assert flaw_of(a_pdf(draw=form)) is Flaw.FONTS

    def test_a_stamp_on_a_page_is_printed(self, flaw_of):
        def stamp(flags):
            def add(opened):
                look = pikepdf.Dictionary(N=a_drawing(opened, b"0 0 600 900 re f"))
                stamp = pikepdf.Dictionary(Subtype=pikepdf.Name.Stamp, Rect=[0, 0, 30, 30], F=flags, AP=look)
                opened.pages[0].Annots = pikepdf.Array([stamp])

            return changed(a_pdf(), add)

        printed, for_the_screen = 4, 0
        assert flaw_of(stamp(printed)) is Flaw.OUTSIDE
        assert flaw_of(stamp(for_the_screen)) is None

    def test_a_file_that_may_only_be_read_is_printed_all_the_same(self, sanitiser):
        upload = changed(a_pdf(), lambda _: None, encryption=pikepdf.Encryption(owner="owner", user=""))
        with pikepdf.open(BytesIO(sanitiser.sanitise(upload).pdf)) as opened:
            assert not opened.is_encrypted


def pictures(pdf):
    with PdfDocument(pdf) as opened:
        return [page.render(scale=2).to_pil() for page in opened]


def with_a_hidden_layer(opened):
    layer = opened.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="Draft"))
    shown = pikepdf.Dictionary(OFF=pikepdf.Array([layer]), Order=pikepdf.Array([layer]))
    opened.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([layer]), D=shown)
    page = opened.pages[0]
    put(page.Resources, Properties=pikepdf.Dictionary(L=layer))
    page.contents_add(b"/OC /L BDC 100 100 300 300 re f EMC")


def turned(opened):
    page = opened.pages[0]
    page.rotate(90, relative=False)
    page.flatten_rotation()
    page.rotate(270, relative=False)


def cropped(opened):
    page = opened.pages[0]
    page.mediabox = pikepdf.Array([-50, -50, 700, 900])
    page.cropbox = pikepdf.Array([0, 0, 595.28, 841.89])


def stamped(opened):
    look = pikepdf.Dictionary(N=a_drawing(opened, b"1 0 0 rg 0 0 600 900 re f"))
    stamp = pikepdf.Dictionary(Subtype=pikepdf.Name.Stamp, Rect=[100, 100, 300, 300], F=4, AP=look)
    opened.pages[0].Annots = pikepdf.Array([stamp])


@pytest.mark.parametrize("change", [lambda _: None, with_a_hidden_layer, turned, cropped, stamped])
def test_what_is_written_anew_looks_as_the_upload_does(sanitiser, change):
    upload = changed(a_pdf(2), change)
    for before, after in zip(pictures(upload), pictures(sanitiser.sanitise(upload).pdf), strict=True):
        assert before.size == after.size
        assert ImageChops.difference(before, after).getbbox() is None


class TestBombs:
    """They end their reader, or make it end, and nothing else."""

    def test_a_picture_larger_than_any_printer_prints(self, flaw_of):
        def add(opened):
            picture = opened.make_stream(b"", Subtype=pikepdf.Name.Image, Width=60_000, Height=60_000)
            opened.pages[0].add_resource(picture, pikepdf.Name.XObject, pikepdf.Name.X)
            opened.pages[0].contents_add(b"/X Do")

        assert flaw_of(changed(a_pdf(), add)) is Flaw.TOO_COMPLEX

    def test_a_drawing_that_never_ends(self, flaw_of):
        def add(opened):
            drawn = a_drawing(opened, b"300 300 9 9 re f")
            for _ in range(9):
                drawn = a_drawing(opened, b"/X Do " * 10, XObject=pikepdf.Dictionary(X=drawn))
            page = opened.pages[0]
            page.contents_add(f"{page.add_resource(drawn, pikepdf.Name.XObject)} Do".encode())

        assert flaw_of(changed(a_pdf(), add)) is Flaw.TOO_COMPLEX

    def test_a_file_that_takes_too_much_time(self):
        slow = build({"cpu_seconds": "1", "memory": "4096"})
        with pytest.raises(NotPrintable) as refused:
            slow.sanitise(uploads.a_bomb(a_pdf(), size=600_000_000))
        assert refused.value.flaw is Flaw.TOO_COMPLEX

    def test_arrays_within_arrays(self, flaw_of):
        deep = b"[" * 200_000 + b"]" * 200_000
        assert flaw_of(b"%PDF-1.4\n1 0 obj\n" + deep + b"\nendobj\ntrailer<</Root 1 0 R>>\n") is Flaw.UNREADABLE

    def test_a_page_that_is_its_own_parent(self, flaw_of):
        def tie(opened):
            opened.Root.Pages.Kids.append(opened.Root.Pages)

        assert flaw_of(changed(a_pdf(), tie)) in {None, Flaw.UNREADABLE}

    def test_a_damaged_file_is_a_letter_or_is_none(self, sanitiser):
        whole, chance = an_upload(2), random.Random(1)  # noqa: S311 - the same each time
        for _ in range(30):
            damaged = bytearray(whole)
            for _ in range(chance.randint(1, 200)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            with suppress(NotPrintable):
                assert sanitiser.sanitise(bytes(damaged)).pdf


class TestProcess:
    """Of its own, for each upload."""

    @pytest.mark.parametrize("program", ["import os; os.kill(os.getpid(), 9)", "raise SystemExit(3)"])
    def test_one_that_somebody_ends_says_nothing_of_the_file(self, sanitiser, program):
        sanitiser._command = [sys.executable, "-c", program]
        with pytest.raises(TransientError, match="reading an uploaded letter ended with status"):
            sanitiser.sanitise(a_pdf())

    def test_one_that_cannot_be_started_says_nothing_of_the_file(self, sanitiser):
        sanitiser._command = ["/nowhere/python"]
        with pytest.raises(TransientError, match="uploaded letters cannot be read now: No such file"):
            sanitiser.sanitise(a_pdf())

    def test_the_check_before_the_start_starts_one(self, sanitiser):
        sanitiser.check_ready()
        sanitiser._command = ["/nowhere/python"]
        with pytest.raises(TransientError):
            sanitiser.check_ready()

    def test_a_missing_library_is_missed_before_the_first_letter(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "pikepdf", None)
        with pytest.raises(ModuleNotFoundError, match="there is no library pikepdf"):
            reload(pdfium)

    def test_it_knows_nothing_of_this_one(self, sanitiser, monkeypatch):
        monkeypatch.setenv("NOTIFY_SECRET_KEYS", "hush")
        program = (
            'import os, sys; print(\'{"pages": 1, "address": %s}\' % str(list(os.environ)).replace(chr(39), chr(34)))'
        )
        sanitiser._command = [sys.executable, "-I", "-c", program]
        assert "NOTIFY_SECRET_KEYS" not in sanitiser.sanitise(b"").address

    def test_the_log_says_what_went_wrong_and_nothing_of_the_letter(self, sanitiser, caplog):
        def break_it(opened):
            opened.Root.Pages.Kids[0].Contents = pikepdf.String("Secret")
            opened.Root.Pages.Kids[0].Resources = pikepdf.Array(["Secret"])

        with pytest.raises(NotPrintable):
            sanitiser.sanitise(changed(a_pdf(), break_it))
        assert "Secret" not in caplog.text


def test_options_are_checked():
    with pytest.raises(BadOption, match="known ones: cpu_seconds, memory, timeout"):
        build({"dpi": "300"})
    with pytest.raises(BadOption, match="memory must be at least 256"):
        build({"memory": "1"})
