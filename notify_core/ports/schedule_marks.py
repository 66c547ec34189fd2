"""How far the schedule has come."""

from datetime import datetime
from typing import Protocol


class ScheduleMarks(Protocol):
    """For each entry of the schedule the latest due time that was turned into work.

    Part of a unit of work, so that a mark and the tasks it stands for are written together.
    """

    def advance(self, entry: str, due: datetime) -> bool:
        """Move the mark forward to ``due``. False: it is there or beyond already, so somebody else
        has this run; nothing changes then. Of several callers at the same time one gets true.
        """
        ...

    def last(self, entry: str) -> datetime | None:
        """The mark, in UTC; None: the entry has never been due."""
        ...
