import pytest

from notify_adapters.storage.sql.daily_limits import SqlDailyLimits
from notify_core.testing.contracts.daily_limits import DailyLimitsContract


class TestSqliteDailyLimits(DailyLimitsContract):
    @pytest.fixture
    def limits(self, sqlite_engine):
        self.engine = sqlite_engine
        return SqlDailyLimits(sqlite_engine)

    def another(self, limits):
        return SqlDailyLimits(self.engine)
