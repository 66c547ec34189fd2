import pytest

from notify_adapters.options import BadOption
from notify_adapters.recipient_files.directory import build
from notify_core.kernel.ids import JobId, ServiceId
from notify_core.testing.builders import an_id
from notify_core.testing.contracts.recipient_files import CSV, METADATA, RecipientFilesContract


class TestDirectoryRecipientFiles(RecipientFilesContract):
    @pytest.fixture
    def files(self, tmp_path, close_to_us):
        self.close_to_us = close_to_us
        self.root = tmp_path / "recipient-files"
        return build({"data_dir": str(tmp_path)})

    def make_it_fail(self, files):
        self.root.rename(self.root.with_name("away"))
        self.root.symlink_to(self.root)

    def make_it_refuse(self, files):
        self.close_to_us(self.root)

    def test_a_file_lies_where_people_find_it_and_nobody_else_can_look(self, files):
        service, job = ServiceId(an_id()), JobId(an_id())
        files.put(service, job, CSV, METADATA)

        assert (self.root / f"{service}" / f"{job}.csv").read_bytes().startswith(CSV)
        assert self.root.stat().st_mode & 0o077 == 0


def test_options_are_checked(tmp_path):
    with pytest.raises(BadOption, match="data_dir"):
        build({})
    with pytest.raises(BadOption, match=r"bucket.*known ones: path"):
        build({"data_dir": str(tmp_path), "bucket": "files"})
