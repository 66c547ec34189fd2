import pytest

from notify_core.kernel.errors import TransientError
from notify_core.testing.contracts.letter_sanitiser import LetterSanitiserContract
from notify_core.testing.fakes.letter_sanitiser import ADDRESS, MemoryLetterSanitiser, an_upload


class TestMemoryLetterSanitiser(LetterSanitiserContract):
    @pytest.fixture
    def sanitiser(self):
        return MemoryLetterSanitiser()

    def an_upload(self, *given, **named):
        return an_upload(*given, **named)

    def make_it_fail(self, sanitiser):
        sanitiser.fail_with(TransientError("away"))

    def test_any_other_pdf_is_a_letter_of_one_page(self, sanitiser):
        sanitised = sanitiser.sanitise(b"%PDF-1.4\n1 0 obj")
        assert (sanitised.pages, sanitised.address) == (1, ADDRESS)
