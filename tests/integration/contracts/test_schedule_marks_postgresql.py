import pytest

from notify_core.testing.contracts.schedule_marks import ScheduleMarksContract


class TestPostgresqlScheduleMarks(ScheduleMarksContract):
    @pytest.fixture
    def storage(self, postgresql_storage):
        return postgresql_storage
