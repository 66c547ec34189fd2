from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from notify_adapters.letter_printer.directory import build
from notify_adapters.options import BadOption
from notify_core.kernel.errors import PermanentError
from notify_core.testing.contracts.letter_printer import ZIP, LetterPrinterContract


class Death(BaseException):
    """The process ends."""


def names(folder):
    return [file.name for file in folder.iterdir()]


class TestDirectoryPrinter(LetterPrinterContract):
    can_fail = False

    @pytest.fixture
    def printer(self, tmp_path):
        return build({"data_dir": str(tmp_path)})

    def content(self, printer, zip_name):
        return (printer._root / zip_name).read_bytes()

    def take(self, printer, zip_name):
        (printer._root / zip_name).unlink()

    def make_it_refuse(self, printer):
        printer._root = Path(__file__)

    def test_others_see_it_under_its_other_name_until_it_is_released(self, printer, tmp_path):
        printer.upload(ZIP, [b"content"])
        assert names(tmp_path / "printer") == [f"{ZIP}.tmp"]
        printer.release(ZIP)
        assert names(tmp_path / "printer") == [ZIP]

    def test_a_release_that_dies_is_not_made_twice(self, printer, tmp_path, monkeypatch):
        def die(*_arguments, **_how):
            raise Death

        printer.upload(ZIP, [b"content"])
        with monkeypatch.context() as mortal:
            # Whatever comes after the zip has its name.
            mortal.setattr(Path, "unlink", die)
            mortal.setattr("notify_adapters.letter_printer.directory.sync_folder", die)
            with pytest.raises(Death):
                printer.release(ZIP)
        self.take(printer, ZIP)
        printer.release(ZIP)
        assert names(tmp_path / "printer") == []

    def test_many_may_release_the_same_at_once(self, printer):
        printer.upload(ZIP, [b"content"])
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(printer.release, [ZIP] * 8))
        assert self.content(printer, ZIP) == b"content"

    def test_nobody_else_may_look_in(self, printer, tmp_path):
        printer.upload(ZIP, [b"content"])
        assert (tmp_path / "printer").stat().st_mode & 0o077 == 0


def test_a_full_disk_is_worth_another_try(tmp_path):
    printer = build({"path": str(tmp_path)})
    (tmp_path / f"{ZIP}.tmp").symlink_to("/dev/full")
    with pytest.raises(Exception, match="No space left") as full:
        printer.upload(ZIP, [b"content"])
    assert not isinstance(full.value, PermanentError)


def test_options_are_checked():
    with pytest.raises(BadOption, match="known ones: path, volumes_to"):
        build({"data_dir": ".", "host": "printer"})
