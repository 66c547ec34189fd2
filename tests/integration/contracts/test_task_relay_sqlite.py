import pytest

from notify_core.testing.contracts.task_relay import TaskRelayContract


class TestSqliteTaskRelay(TaskRelayContract):
    @pytest.fixture
    def storage(self, sqlite_storage):
        return sqlite_storage
