import pytest

from notify_core.testing.contracts.leases import LeasesContract


class TestPostgresqlLeases(LeasesContract):
    @pytest.fixture
    def storage(self, postgresql_storage):
        return postgresql_storage
