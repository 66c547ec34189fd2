import pytest

from notify_core.testing.contracts.unit_of_work import UnitOfWorkContract


class TestSqliteUnitOfWork(UnitOfWorkContract):
    @pytest.fixture
    def storage(self, sqlite_storage):
        return sqlite_storage
