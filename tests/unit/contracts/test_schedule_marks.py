import pytest

from notify_core.testing.contracts.schedule_marks import ScheduleMarksContract
from notify_core.testing.contracts.storage import MemoryStorageUnderTest


class TestMemoryScheduleMarks(ScheduleMarksContract):
    @pytest.fixture
    def storage(self):
        return MemoryStorageUnderTest()
