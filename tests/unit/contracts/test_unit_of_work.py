import pytest

from notify_core.testing.contracts.storage import MemoryStorageUnderTest
from notify_core.testing.contracts.unit_of_work import UnitOfWorkContract


class TestMemoryUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def storage(self):
        return MemoryStorageUnderTest()
