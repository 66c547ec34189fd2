import pytest

from notify_core.testing.contracts.task_relay import TaskRelayContract


class TestPostgresqlTaskRelay(TaskRelayContract):
    @pytest.fixture
    def storage(self, postgresql_storage):
        return postgresql_storage
