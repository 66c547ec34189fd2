import pytest

from notify_core.testing.contracts.schedule_marks import ScheduleMarksContract


class TestSqliteScheduleMarks(ScheduleMarksContract):
    @pytest.fixture
    def storage(self, sqlite_storage):
        return sqlite_storage
