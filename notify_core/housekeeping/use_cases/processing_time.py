"""How fast messages were handed over, day by day."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from notify_core.housekeeping.ports import HousekeepingWork
from notify_core.housekeeping.tasks import SaveProcessingTime
from notify_core.kernel.calendar import london_date
from notify_core.kernel.errors import InvalidValue
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SaveDailyProcessingTime:
    """The task ``save-daily-notification-processing-time``.

    :raises InvalidValue: its date is none.
    """

    work: UnitOfWorkFactory[HousekeepingWork]
    clock: Clock

    def __call__(self, task: SaveProcessingTime, claim: Claim) -> None:
        yesterday = london_date(self.clock.now()) - timedelta(days=1)
        day = yesterday if task.date is None else _day(task.date)
        with self.work(read_only=True) as work:
            counted = work.statistics.processing_time(day)
        with self.work() as work:
            work.statistics.keep_processing_time(counted)
            work.finish(claim)
            work.commit()
        _log.info("of %d messages of %s %d took ten seconds or less", counted.total, day, counted.within_ten_seconds)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidValue(f"date={text} is no day such as 2026-01-05") from None
