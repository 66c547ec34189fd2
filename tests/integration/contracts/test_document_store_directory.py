import pytest

from notify_adapters.documents.directory import build
from notify_adapters.options import BadOption
from notify_core.testing.contracts.document_store import KEY, LETTER, DocumentStoreContract, a_place


class TestDirectoryDocumentStore(DocumentStoreContract):
    @pytest.fixture
    def store(self, tmp_path, close_to_us):
        self.close_to_us = close_to_us
        self.root = tmp_path / "documents"
        return build({"data_dir": str(tmp_path)})

    def raw(self, place):
        return self._path(place).read_bytes()

    def replace(self, place, content):
        self._path(place).write_bytes(content)

    def make_it_fail(self, store):
        self.root.rename(self.root.with_name("away"))
        self.root.symlink_to(self.root)

    def make_it_refuse(self, store):
        self.close_to_us(self.root)

    def test_nobody_else_can_look(self, store):
        place = a_place()
        store.put(place, LETTER, key=KEY)

        assert self._path(place).is_file()
        assert self.root.stat().st_mode & 0o077 == 0

    def _path(self, place):
        return self.root / str(place.service_id) / str(place.document_id)


def test_options_are_checked(tmp_path):
    with pytest.raises(BadOption, match="data_dir"):
        build({})
    with pytest.raises(BadOption, match=r"bucket.*known ones: path"):
        build({"data_dir": str(tmp_path), "bucket": "files"})
