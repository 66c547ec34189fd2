import pytest

from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.testing.contracts.recipient_files import RecipientFilesContract
from notify_core.testing.fakes.recipient_files import MemoryRecipientFiles


class TestMemoryRecipientFiles(RecipientFilesContract):
    @pytest.fixture
    def files(self):
        return MemoryRecipientFiles()

    def make_it_fail(self, files):
        files.fail_with(*[TransientError("the store is down")] * 4)

    def make_it_refuse(self, files):
        files.fail_with(*[PermanentError("not for you")] * 4)
