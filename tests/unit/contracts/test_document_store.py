import pytest

from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.testing.contracts.document_store import DocumentStoreContract
from notify_core.testing.fakes.documents import MemoryDocumentStore


class TestMemoryDocumentStore(DocumentStoreContract):
    can_be_looked_at = False  # it keeps no bytes outside this process

    @pytest.fixture
    def store(self):
        return MemoryDocumentStore()

    def make_it_fail(self, store):
        store.fail_with(*[TransientError("the store is down")] * 3)

    def make_it_refuse(self, store):
        store.fail_with(*[PermanentError("not for you")] * 3)
