"""How every sanitiser of uploaded letters behaves."""

from collections.abc import Sequence
from typing import ClassVar

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.letters.policies import MESSAGES, Flaw, NotPrintable
from notify_core.letters.policies.printable import MOST_PAGES
from notify_core.letters.ports import LetterSanitiser
from notify_core.testing.fakes.letter_sanitiser import ADDRESS

WHOLE_FILE = (Flaw.UNREADABLE, Flaw.TOO_COMPLEX, Flaw.PASSWORD, Flaw.NO_PAGES, Flaw.DYNAMIC_FORM)
ON_PAGES = (Flaw.NOT_A4, Flaw.FONTS, Flaw.OUTSIDE)


class LetterSanitiserContract:
    """Supply ``sanitiser`` and :meth:`an_upload`; where ``can_fail`` also :meth:`make_it_fail`."""

    can_fail: ClassVar[bool] = True

    @pytest.fixture
    def sanitiser(self) -> LetterSanitiser:
        raise NotImplementedError

    def an_upload(
        self,
        pages: int = 1,
        address: Sequence[str] = ADDRESS,
        flaw: Flaw | None = None,
        flawed_pages: Sequence[int] = (),
    ) -> bytes:
        """A PDF of so many pages with this address in the window; with ``flaw``, on these pages or as a whole."""
        raise NotImplementedError

    def make_it_fail(self, sanitiser: LetterSanitiser) -> None:
        """From now on it cannot look."""
        raise NotImplementedError

    def refused(self, sanitiser: LetterSanitiser, upload: bytes) -> NotPrintable:
        with pytest.raises(NotPrintable) as refused:
            sanitiser.sanitise(upload)
        assert str(refused.value) == MESSAGES[refused.value.flaw]
        return refused.value

    @pytest.mark.parametrize("pages", [1, 2, MOST_PAGES])
    def test_a_letter_that_can_be_printed(self, sanitiser: LetterSanitiser, pages: int) -> None:
        sanitised = sanitiser.sanitise(self.an_upload(pages))
        assert sanitised.pdf.startswith(b"%PDF-")
        assert (sanitised.pages, sanitised.address) == (pages, ADDRESS)

    @pytest.mark.parametrize("lines", [1, 2, 7])
    def test_the_address_is_read_as_it_stands_there(self, sanitiser: LetterSanitiser, lines: int) -> None:
        address = tuple(f"Line {number} of ({lines}), a/b" for number in range(1, lines + 1))
        assert sanitiser.sanitise(self.an_upload(address=address)).address == address

    def test_the_same_upload_gives_the_same_answer(self, sanitiser: LetterSanitiser) -> None:
        upload = self.an_upload(2)
        assert sanitiser.sanitise(upload) == sanitiser.sanitise(upload)

    def test_what_was_sanitised_passes_again(self, sanitiser: LetterSanitiser) -> None:
        once = sanitiser.sanitise(self.an_upload(3))
        again = sanitiser.sanitise(once.pdf)
        assert (again.pages, again.address) == (once.pages, once.address)

    @pytest.mark.parametrize("upload", [b"", b"a", b"<html>%PDF-</html>", b"\0" * 1000])
    def test_what_is_no_pdf_cannot_be_read(self, sanitiser: LetterSanitiser, upload: bytes) -> None:
        refused = self.refused(sanitiser, upload)
        assert (refused.flaw, refused.pages, refused.page_count) == (Flaw.UNREADABLE, (), None)

    @pytest.mark.parametrize("flaw", WHOLE_FILE)
    def test_a_file_that_nobody_can_print(self, sanitiser: LetterSanitiser, flaw: Flaw) -> None:
        refused = self.refused(sanitiser, self.an_upload(flaw=flaw))
        assert (refused.flaw, refused.pages) == (flaw, ())

    @pytest.mark.parametrize("flaw", ON_PAGES)
    def test_pages_at_fault_are_named(self, sanitiser: LetterSanitiser, flaw: Flaw) -> None:
        refused = self.refused(sanitiser, self.an_upload(4, flaw=flaw, flawed_pages=(2, 4)))
        assert (refused.flaw, refused.pages, refused.page_count) == (flaw, (2, 4), 4)

    def test_a_letter_that_is_too_long(self, sanitiser: LetterSanitiser) -> None:
        refused = self.refused(sanitiser, self.an_upload(MOST_PAGES + 1))
        assert (refused.flaw, refused.pages, refused.page_count) == (Flaw.TOO_LONG, (), MOST_PAGES + 1)

    def test_a_letter_without_address(self, sanitiser: LetterSanitiser) -> None:
        refused = self.refused(sanitiser, self.an_upload(2, address=()))
        assert (refused.flaw, refused.pages, refused.page_count) == (Flaw.NO_ADDRESS, (1,), 2)

    def test_one_letter_says_nothing_of_the_next(self, sanitiser: LetterSanitiser) -> None:
        self.refused(sanitiser, b"no letter")
        assert sanitiser.sanitise(self.an_upload()).address == ADDRESS

    def test_a_sanitiser_that_cannot_look_refuses_nothing(self, sanitiser: LetterSanitiser) -> None:
        if not self.can_fail:
            return
        self.make_it_fail(sanitiser)
        with pytest.raises(TransientError):
            sanitiser.sanitise(self.an_upload())
