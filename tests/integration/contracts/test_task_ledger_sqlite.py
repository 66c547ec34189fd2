import pytest

from notify_core.testing.contracts.task_ledger import TaskLedgerContract


class TestSqliteTaskLedger(TaskLedgerContract):
    @pytest.fixture
    def storage(self, sqlite_storage):
        return sqlite_storage
