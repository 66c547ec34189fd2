import pytest

from notify_core.testing.contracts.storage import MemoryStorageUnderTest
from notify_core.testing.contracts.task_ledger import TaskLedgerContract


class TestMemoryTaskLedger(TaskLedgerContract):
    @pytest.fixture
    def storage(self):
        return MemoryStorageUnderTest()
