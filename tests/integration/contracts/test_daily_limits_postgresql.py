import pytest

from notify_adapters.storage.sql.daily_limits import SqlDailyLimits
from notify_core.testing.contracts.daily_limits import DailyLimitsContract


class TestPostgresqlDailyLimits(DailyLimitsContract):
    @pytest.fixture
    def limits(self, postgresql_engine):
        self.engine = postgresql_engine
        return SqlDailyLimits(postgresql_engine)

    def another(self, limits):
        return SqlDailyLimits(self.engine)
