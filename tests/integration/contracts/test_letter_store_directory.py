import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notify_adapters.letter_store.directory import build
from notify_adapters.objects.folder import FolderObjects
from notify_adapters.options import BadOption
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import Bucket, Location
from notify_core.letters.ports import LetterPdfNotFound
from notify_core.testing.contracts.letter_store import NAME, PDF, LetterStoreContract


class TestDirectoryLetterStore(LetterStoreContract):
    counts_requests = False
    keys_may_be_folders = False

    @pytest.fixture
    def store(self, tmp_path, close_to_us):
        self.close_to_us = close_to_us
        self.data_dir = tmp_path / "data"
        return build({"data_dir": str(self.data_dir)})

    def fill(self, store, bucket, keys):
        # Files put there by hand are files; each of ours waits for the disk.
        for key in keys:
            path = self.data_dir / "letters" / bucket / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(PDF)

    def make_it_fail(self, store):
        root = self.data_dir / "letters"
        for bucket in Bucket:
            if (root / bucket).exists():
                (root / bucket).rename(self.data_dir / f"away-{bucket}")
            (root / bucket).symlink_to(root / bucket)

    def make_it_refuse(self, store):
        self.close_to_us(self.data_dir / "letters")


@pytest.fixture
def root(tmp_path):
    return tmp_path / "letters"


@pytest.fixture
def store(root):
    return build({"path": str(root)})


class TestFiles:
    def test_a_letter_is_a_file_that_people_can_open(self, store, root):
        store.put(Bucket.PDF, NAME, PDF)
        assert (root / "letters-pdf" / NAME).read_bytes() == PDF

    def test_with_metadata_it_still_begins_as_it_was(self, store, root):
        store.put(Bucket.INVALID, NAME, PDF, {"message": "ŵ"})
        assert (root / "invalid-pdf" / NAME).read_bytes().startswith(PDF)

    def test_files_put_there_by_hand_are_files(self, store, root):
        folder = root / "response" / "root" / "dispatch"
        folder.mkdir(parents=True)
        (folder / "from the printer.TXT").write_bytes(b"ref|Sent|1|x")
        (folder / ".hidden").write_bytes(b"")

        assert [found.key for found in store.listing(Bucket.RESPONSE)] == ["root/dispatch/from the printer.TXT"]
        assert store.get(Bucket.RESPONSE, "root/dispatch/from the printer.TXT") == b"ref|Sent|1|x"
        store.delete(Bucket.RESPONSE, ["root/dispatch/from the printer.TXT"])
        assert not list(store.listing(Bucket.RESPONSE))

    @pytest.mark.parametrize("metadata", [None, {"page_count": "1"}])
    def test_a_file_that_looks_as_if_it_carried_metadata_is_kept_as_it_is(self, store, root, metadata):
        store.put(Bucket.INVALID, "A", PDF, {"message": "no"})
        looks_like_one = (root / "invalid-pdf" / "A").read_bytes()

        store.put(Bucket.PDF, "B", looks_like_one, metadata)

        assert store.get(Bucket.PDF, "B") == looks_like_one
        assert store.metadata(Bucket.PDF, "B") == (metadata or {})
        assert store.find(Bucket.PDF, "B").size == len(looks_like_one)

    def test_a_mark_with_an_impossible_length_is_content(self, store, root):
        root.joinpath("scan").mkdir(parents=True)
        content = b"\xff" * 8 + b"\0notify.metadata"
        (root / "scan" / "A").write_bytes(content)
        assert store.get(Bucket.SCAN, "A") == content

    def test_the_time_of_a_file_is_when_it_was_written(self, store, root):
        store.put(Bucket.PDF, NAME, PDF)
        os.utime(root / "letters-pdf" / NAME, (1_512_408_540, 1_512_408_540))
        assert store.find(Bucket.PDF, NAME).modified == datetime(2017, 12, 4, 17, 29, tzinfo=UTC)

    def test_nobody_else_can_look(self, store, root):
        store.put(Bucket.PDF, NAME, PDF)
        assert (root / "letters-pdf").stat().st_mode & 0o077 == 0

    def test_a_name_that_the_file_system_does_not_take(self, tmp_path):
        objects = FolderObjects(tmp_path)
        with pytest.raises(InvalidValue, match="too long"):
            objects.put("a" * 300, b"", {})

    def test_the_folder_of_objects_keeps_to_itself(self, tmp_path):
        objects = FolderObjects(tmp_path / "inside")
        with pytest.raises(InvalidValue):
            objects.put("../outside", b"", {})
        assert not (tmp_path / "outside").exists()


class TestManyProcesses:
    def test_what_one_writes_another_reads(self, store, root):
        other = build({"path": str(root)})
        store.put(Bucket.PDF, NAME, PDF, {"page_count": "1"})

        assert other.get(Bucket.PDF, NAME) == PDF
        other.move(Location(Bucket.PDF, NAME), Location(Bucket.TEST, "A"))
        with pytest.raises(LetterPdfNotFound):
            store.get(Bucket.PDF, NAME)
        assert store.metadata(Bucket.TEST, "A") == {"page_count": "1"}

    def test_readers_see_one_version_or_another_and_never_a_mixture(self, store, root):
        versions = [(bytes([65 + n]) * 50_000 * (n + 1), {"version": str(n)}) for n in range(4)]
        store.put(Bucket.PDF, "A", *versions[0])
        over = threading.Event()

        def write(number):
            mine = build({"path": str(root)})
            while not over.is_set():
                mine.put(Bucket.PDF, "A", *versions[number])

        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for writer in writers:
            writer.start()
        try:
            for _ in range(200):
                content = store.get(Bucket.PDF, "A")
                assert content in [version for version, _ in versions]
                assert len(store.metadata(Bucket.PDF, "A")) == 1
                assert store.find(Bucket.PDF, "A").size in {len(version) for version, _ in versions}
        finally:
            over.set()
            for writer in writers:
                writer.join()

    def test_a_process_killed_while_writing_leaves_nothing_half_written(self, store, root):
        program = (
            "import sys; from notify_adapters.letter_store.directory import build\n"
            "from notify_core.letters.model import Bucket\n"
            "store = build({'path': sys.argv[1]}); content = b'x' * 4_000_000\n"
            "for number in range(10_000):\n"
            "    store.put(Bucket.PDF, f'{number:05}', content, {'length': str(len(content))})\n"
            "    print(number, flush=True)\n"
        )
        process = subprocess.Popen([sys.executable, "-c", program, str(root)], stdout=subprocess.PIPE, text=True)
        for _ in range(5):
            said = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()

        listed = list(store.listing(Bucket.PDF))
        assert len(listed) > said
        for found in listed:
            assert found.size == 4_000_000
            assert store.metadata(Bucket.PDF, found.key) == {"length": "4000000"}

    def test_what_a_dead_process_left_is_cleared_away_after_a_day(self, store, root):
        store.put(Bucket.PDF, NAME, PDF)
        stray, recent = (root / "letters-pdf" / ".incoming" / name for name in ("stray", "recent"))
        for path in (stray, recent):
            path.write_bytes(b"half a letter")
        os.utime(stray, (0, 0))

        build({"path": str(root)})

        assert not stray.exists()
        assert recent.exists()
        assert [found.key for found in store.listing(Bucket.PDF)] == [NAME]


def test_options_are_checked(tmp_path):
    with pytest.raises(BadOption, match="data_dir"):
        build({})
    with pytest.raises(BadOption, match=r"bucket.*known ones: path"):
        build({"data_dir": str(tmp_path), "bucket": "letters"})


def test_looking_makes_no_folders(tmp_path):
    store = build({"path": str(tmp_path / "letters")})
    assert not list(store.listing(Bucket.PDF))
    assert not (tmp_path / "letters").exists()


def test_the_trailer_is_json_for_people_who_look(store, root):
    store.put(Bucket.INVALID, "A", b"", {"message": "too long"})
    trailer = Path(root / "invalid-pdf" / "A").read_bytes()
    assert json.loads(trailer[: trailer.index(b"}") + 1]) == {"message": "too long"}
