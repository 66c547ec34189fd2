import pytest

from notify_core.testing.contracts.storage import MemoryStorageUnderTest
from notify_core.testing.contracts.task_relay import TaskRelayContract


class TestMemoryTaskRelay(TaskRelayContract):
    @pytest.fixture
    def storage(self):
        return MemoryStorageUnderTest()
