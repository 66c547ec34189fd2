import stat
import sys
from pathlib import Path

import pytest

from notify_adapters.private_folder import make_private_folder, sync_folder
from notify_adapters.shared_file import SharedFile


def open_to(folder):
    return stat.S_IMODE(folder.stat().st_mode)


def test_it_and_what_it_lies_in_is_open_to_this_account_only(tmp_path):
    make_private_folder(tmp_path / "data" / "letters" / "scan")
    for folder in ("data", "data/letters", "data/letters/scan"):
        assert open_to(tmp_path / folder) == 0o700


def test_what_somebody_has_made_stays_open_as_it_is(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o750)
    make_private_folder(tmp_path / "data")
    make_private_folder(tmp_path / "data" / "letters")
    assert (open_to(tmp_path / "data"), open_to(tmp_path / "data" / "letters")) == (0o750, 0o700)


@pytest.mark.parametrize("below", [".", "data", "data/letters"])
def test_where_a_file_is_none_can_be(tmp_path, below):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        make_private_folder(tmp_path / "file" / below)


def test_what_fakes_remember_is_private_too(tmp_path):
    file = SharedFile(tmp_path / "data" / "fakes" / "sms.db", "create table if not exists sent (text text);")
    with file.transaction():
        pass
    file.close()
    assert open_to(tmp_path / "data") == 0o700


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that refuses to be asked, as Linux has one")
def test_a_file_system_that_cannot_promise_it_is_used_all_the_same():
    sync_folder(Path("/proc"))
