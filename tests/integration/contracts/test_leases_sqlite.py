import pytest

from notify_core.testing.contracts.leases import LeasesContract


class TestSqliteLeases(LeasesContract):
    @pytest.fixture
    def storage(self, sqlite_storage):
        return sqlite_storage
