"""What a folder promises beyond its ports: what was put is on the disk, and what went wrong is said."""

import errno
import os
import stat
from itertools import pairwise
from pathlib import Path

import pytest

from notify_adapters.objects.folder import FolderObjects
from notify_core.kernel.errors import PermanentError, TransientError

HOUR = 60 * 60


class Disk:
    """What a power loss would leave: of each folder the names, of each file the size, at its last fsync."""

    def __init__(self):
        self._names = {}
        self._sizes = {}

    def fsync(self, descriptor):
        about = os.fstat(descriptor)
        if stat.S_ISDIR(about.st_mode):
            self._names[about.st_ino] = {entry.inode() for entry in os.scandir(descriptor)}
        else:
            self._sizes[about.st_ino] = about.st_size

    def holds(self, path, *, below):
        """Whether the file is there as it is now, found from ``below``, which always was there."""
        inode, folders = path.stat().st_ino, [path]
        while folders[-1] != below:
            folders.append(folders[-1].parent)
        named = all(
            name.stat().st_ino in self._names.get(folder.stat().st_ino, ()) for name, folder in pairwise(folders)
        )
        return named and self._sizes.get(inode) == path.stat().st_size


@pytest.fixture
def disk(monkeypatch):
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    return disk


class TestPowerLoss:
    def test_what_was_put_is_still_there(self, tmp_path, disk):
        objects = FolderObjects(tmp_path / "data" / "letters" / "scan")

        for key in ("A", "2017-12-04/zips_sent/A", "2017-12-04/B", "A"):
            objects.put(key, b"content of " + key.encode(), {"page-count": "1"})
            assert disk.holds(tmp_path / "data" / "letters" / "scan" / key, below=tmp_path)

    def test_what_was_copied_is_still_there(self, tmp_path, disk):
        source, target = FolderObjects(tmp_path / "scan"), FolderObjects(tmp_path / "pdf")
        source.put("A", b"content", {})

        target.copy(source, "A", "2017-12-04/A", None)

        assert disk.holds(tmp_path / "pdf" / "2017-12-04" / "A", below=tmp_path)

    def test_in_folders_that_another_process_has_only_just_made(self, tmp_path, disk):
        FolderObjects(tmp_path / "pdf").put("A", b"", {})
        (tmp_path / "pdf" / "2017-12-04").mkdir()

        FolderObjects(tmp_path / "pdf").put("2017-12-04/A", b"", {})

        assert disk.holds(tmp_path / "pdf" / "2017-12-04" / "A", below=tmp_path)


class TestRefusals:
    def test_the_error_says_which_folder_is_closed_to_us(self, tmp_path, close_to_us):
        objects = FolderObjects(tmp_path / "letters")
        objects.put("2017/A", b"", {})
        close_to_us(tmp_path / "letters" / "2017")

        for action in (objects.metadata, lambda key: objects.put(key, b"", {}), lambda key: objects.delete([key])):
            with pytest.raises(PermanentError, match=f"{tmp_path}/letters.*: Permission denied"):
                action("2017/A")

    @pytest.mark.parametrize(
        ("number", "kind"),
        [
            *((number, PermanentError) for number in (errno.EACCES, errno.EPERM, errno.EROFS)),
            *((number, TransientError) for number in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ESTALE)),
        ],
    )
    def test_what_may_work_later_is_told_from_what_never_will(self, tmp_path, monkeypatch, number, kind):
        objects = FolderObjects(tmp_path)
        objects.put("A", b"before", {})

        def fail(*_):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(kind, match=f"{tmp_path}.*: {os.strerror(number)}"):
            objects.put("A", b"after", {})
        with objects.open("A") as pieces:
            assert list(pieces) == [b"before"]
        assert not list((tmp_path / ".incoming").iterdir())

    def test_a_place_that_is_a_file_is_no_use_to_try_again(self, tmp_path):
        (tmp_path / "letters").write_bytes(b"")
        for place in (tmp_path / "letters", tmp_path / "letters" / "scan"):
            with pytest.raises(PermanentError, match=str(tmp_path / "letters")):
                FolderObjects(place).put("A", b"", {})


class TestWhatADeadProcessLeft:
    def test_is_cleared_away_a_day_later_by_a_process_that_goes_on_putting_files_there(self, tmp_path):
        now = 1_512_408_540.0
        objects = FolderObjects(tmp_path, clock=lambda: now)
        objects.put("A", b"", {})
        stray = self.stray(tmp_path, written=now)

        now += 24 * HOUR - 1
        objects.put("A", b"", {})
        assert stray.exists()
        now += HOUR
        objects.put("A", b"", {})
        assert not stray.exists()

    def test_is_looked_for_once_an_hour_at_most(self, tmp_path):
        now = 1_512_408_540.0
        objects = FolderObjects(tmp_path, clock=lambda: now)
        objects.put("A", b"", {})
        stray = self.stray(tmp_path, written=0)

        now += HOUR - 1
        objects.put("A", b"", {})
        assert stray.exists()
        now += 1
        objects.put("A", b"", {})
        assert not stray.exists()

    def test_does_no_harm_where_it_cannot_be_cleared_away(self, tmp_path):
        (self.stray(tmp_path, written=0).parent / "folder").mkdir()
        os.utime(tmp_path / ".incoming" / "folder", (0, 0))
        objects = FolderObjects(tmp_path)
        objects.put("A", b"", {})
        assert [found.key for found in objects.listing("")] == ["A"]

    def stray(self, root: Path, *, written):
        path = root / ".incoming" / "half"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half a letter")
        os.utime(path, (written, written))
        return path
