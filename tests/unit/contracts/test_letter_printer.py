import pytest

from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.testing.contracts.letter_printer import LetterPrinterContract
from notify_core.testing.fakes.letter_printer import MemoryLetterPrinter


class TestMemoryLetterPrinter(LetterPrinterContract):
    @pytest.fixture
    def printer(self):
        return MemoryLetterPrinter()

    def content(self, printer, zip_name):
        return printer.released[zip_name]

    def take(self, printer, zip_name):
        printer.take_all()
        assert zip_name in dict(printer.taken)

    def make_it_fail(self, printer):
        printer.fail_with(*[TransientError("away")] * 3)

    def make_it_refuse(self, printer):
        printer.fail_with(*[PermanentError("not you")] * 3)
