import pytest

from notify_core.testing.contracts.task_ledger import TaskLedgerContract


class TestPostgresqlTaskLedger(TaskLedgerContract):
    @pytest.fixture
    def storage(self, postgresql_storage):
        return postgresql_storage
