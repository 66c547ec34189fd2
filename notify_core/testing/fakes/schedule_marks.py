"""Schedule marks in memory."""

from datetime import UTC, datetime

from notify_core.testing.fakes.database import MemoryDatabase, MemoryTable


class MemoryScheduleMarks:
    def __init__(self, database: MemoryDatabase) -> None:
        self._marks: MemoryTable[str, datetime] = database.table("schedule_marks")

    def advance(self, entry: str, due: datetime) -> bool:
        last = self._marks.get(entry)
        if last is not None and due <= last:
            return False
        self._marks[entry] = due.astimezone(UTC)
        return True

    def last(self, entry: str) -> datetime | None:
        return self._marks.get(entry)
