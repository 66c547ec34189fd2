import pytest

from notify_core.testing.contracts.unit_of_work import UnitOfWorkContract


class TestPostgresqlUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def storage(self, postgresql_storage):
        return postgresql_storage
