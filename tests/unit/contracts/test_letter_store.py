import pytest

from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.testing.contracts.letter_store import LetterStoreContract
from notify_core.testing.fakes.letter_store import MemoryLetterStore


class TestMemoryLetterStore(LetterStoreContract):
    @pytest.fixture
    def store(self):
        return MemoryLetterStore()

    def make_it_fail(self, store):
        store.fail_with(*[TransientError("the store is down")] * 8)

    def make_it_refuse(self, store):
        store.fail_with(*[PermanentError("not for you")] * 8)

    def requests(self, store):
        return len(store.requests)
