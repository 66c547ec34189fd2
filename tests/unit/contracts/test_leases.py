import pytest

from notify_core.testing.contracts.leases import LeasesContract
from notify_core.testing.contracts.storage import MemoryStorageUnderTest


class TestMemoryLeases(LeasesContract):
    @pytest.fixture
    def storage(self):
        return MemoryStorageUnderTest()
