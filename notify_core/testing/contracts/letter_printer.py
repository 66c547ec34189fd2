"""How every printer's place behaves."""

from collections.abc import Iterator
from typing import ClassVar

import pytest

from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.letters.ports.printer import AtPrinter, LetterPrinter

ZIP = "NOTIFY.2026-01-05.2.001.9G8_x-1234567890abcd.d6aa2c68-a2d9-4437-ab19-3ae8eb202553.ZIP"
ABSENT = AtPrinter(None, None)


class LetterPrinterContract:
    """Supply ``printer``, one to which nothing was brought; :meth:`content`; where
    ``can_fail`` also :meth:`make_it_fail`; where ``can_refuse`` also :meth:`make_it_refuse`."""

    #: Whether something is on the other side that may be down.
    can_fail: ClassVar[bool] = True
    #: Whether something is on the other side that may turn us away.
    can_refuse: ClassVar[bool] = True

    @pytest.fixture
    def printer(self) -> LetterPrinter:
        raise NotImplementedError

    def content(self, printer: LetterPrinter, zip_name: str) -> bytes:
        """What was released under this name."""
        raise NotImplementedError

    def take(self, printer: LetterPrinter, zip_name: str) -> None:
        """The printer takes away what was released."""
        raise NotImplementedError

    def make_it_fail(self, printer: LetterPrinter) -> None:
        """From now on the printer is not there."""
        raise NotImplementedError

    def make_it_refuse(self, printer: LetterPrinter) -> None:
        """From now on the printer is there, but not for us."""
        raise NotImplementedError

    def test_it_has_a_name(self, printer: LetterPrinter) -> None:
        assert printer.name

    def test_what_is_uploaded_is_not_for_printing_until_it_is_released(self, printer: LetterPrinter) -> None:
        assert printer.look(ZIP) == ABSENT

        printer.upload(ZIP, [b"PK", b"", b"\x03\x04" * 50_000])
        assert printer.look(ZIP) == AtPrinter(incoming=100_002, released=None)

        printer.release(ZIP)
        assert printer.look(ZIP) == AtPrinter(incoming=None, released=100_002)
        assert self.content(printer, ZIP) == b"PK" + b"\x03\x04" * 50_000

    def test_large_zips_come_through(self, printer: LetterPrinter) -> None:
        piece = bytes(range(256)) * 256
        printer.upload(ZIP, (piece for _ in range(200)))
        printer.release(ZIP)
        assert self.content(printer, ZIP) == piece * 200

    def test_another_upload_replaces_what_was_left_behind(self, printer: LetterPrinter) -> None:
        printer.upload(ZIP, [b"something longer"])
        printer.upload(ZIP, [b"short"])
        printer.release(ZIP)
        assert self.content(printer, ZIP) == b"short"

    def test_an_upload_that_breaks_off_is_not_released(self, printer: LetterPrinter) -> None:
        def breaking() -> Iterator[bytes]:
            yield b"PK"
            raise TransientError("the store is away")

        with pytest.raises(TransientError, match="the store is away"):
            printer.upload(ZIP, breaking())
        assert printer.look(ZIP).released is None

        printer.upload(ZIP, [b"whole"])
        printer.release(ZIP)
        assert self.content(printer, ZIP) == b"whole"

    def test_releasing_again_changes_nothing(self, printer: LetterPrinter) -> None:
        printer.release(ZIP)
        assert printer.look(ZIP) == ABSENT
        printer.upload(ZIP, [b"whole"])
        printer.release(ZIP)
        printer.release(ZIP)
        assert self.content(printer, ZIP) == b"whole"
        self.take(printer, ZIP)
        printer.release(ZIP)
        assert printer.look(ZIP) == ABSENT

    def test_what_is_for_printing_is_not_replaced(self, printer: LetterPrinter) -> None:
        printer.upload(ZIP, [b"first"])
        printer.release(ZIP)
        printer.upload(ZIP, [b"second"])
        with pytest.raises(PermanentError, match="another file"):
            printer.release(ZIP)
        assert self.content(printer, ZIP) == b"first"

    def test_zips_do_not_disturb_each_other(self, printer: LetterPrinter) -> None:
        others = ZIP.replace(".001.", ".002.")
        printer.upload(ZIP, [b"first"])
        printer.upload(others, [b"other"])
        printer.release(others)
        assert printer.look(ZIP) == AtPrinter(incoming=5, released=None)
        assert self.content(printer, others) == b"other"

    def test_a_printer_that_is_not_there_is_worth_another_try(self, printer: LetterPrinter) -> None:
        printer.upload(ZIP, [b"whole"])
        if not self.can_fail:
            return
        self.make_it_fail(printer)
        for action in (printer.look, printer.release):
            with pytest.raises(TransientError):
                action(ZIP)
        with pytest.raises(TransientError):
            printer.upload(ZIP, [b"again"])

    def test_a_printer_that_refuses_us_is_no_use_to_try_again(self, printer: LetterPrinter) -> None:
        if not self.can_refuse:
            return
        self.make_it_refuse(printer)
        for action in (printer.look, printer.release):
            with pytest.raises(PermanentError):
                action(ZIP)
        with pytest.raises(PermanentError):
            printer.upload(ZIP, [b"again"])
