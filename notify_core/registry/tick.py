"""Turning due entries of the schedule into work."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from notify_core.ports.clock import Clock
from notify_core.ports.schedule_marks import ScheduleMarks
from notify_core.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from notify_core.registry.schedule import SCHEDULE, ScheduleEntry


class ScheduleWork(UnitOfWork, Protocol):
    @property
    def schedule_marks(self) -> ScheduleMarks: ...


@dataclass(frozen=True)
class RunDueSchedule:
    """To be called every second or so, by any number of processes: each due time is run once.

    After a standstill only the latest missed run of each entry is made up: the others would find
    the same work.
    """

    work: UnitOfWorkFactory[ScheduleWork]
    clock: Clock
    schedule: Sequence[ScheduleEntry] = SCHEDULE
    # What this process knows to be dealt with, so that most calls don't ask the database.
    _known: dict[str, datetime] = field(default_factory=dict, init=False, repr=False)

    def __call__(self) -> int:
        """How many runs were enqueued by this call.

        :raises TransientError: the database is not there, or another scheduler was faster; what was
            not enqueued is so by the next call.
        """
        now = self.clock.now()
        return sum(
            self._run(entry, due) for entry in self.schedule if self._is_new(entry, due := entry.when.latest(now))
        )

    def _is_new(self, entry: ScheduleEntry, due: datetime) -> bool:
        known = self._known.get(entry.name)
        return known is None or known < due

    def _run(self, entry: ScheduleEntry, due: datetime) -> bool:
        with self.work() as work:
            # An entry seen for the first time (a fresh installation, or a release that added it) is only
            # marked: its latest due time lies before there was anything to do, and a new
            # installation should not begin with everything that a day holds at once.
            first_sight = work.schedule_marks.last(entry.name) is None
            ours = work.schedule_marks.advance(entry.name, due)
            runs = ours and not first_sight
            if runs:
                work.enqueue(entry.task)
            if ours:
                work.commit()
        self._known[entry.name] = due
        return runs
