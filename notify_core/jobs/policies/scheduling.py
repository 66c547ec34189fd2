"""When a job may begin, and what may still be stopped."""

from datetime import timedelta
from typing import Final

from notify_core.jobs.model import Job
from notify_core.jobs.states import JobStatus
from notify_core.kernel.errors import NotAllowed

FURTHEST_SCHEDULE: Final = timedelta(days=7)
# Without progress for so long a job is taken for stuck, however long ago that was.
STUCK_AFTER: Final = timedelta(minutes=30)
# Finished jobs are looked at for missing rows when what follows them has settled, for a day.
MISSING_AFTER: Final = timedelta(minutes=20)
MISSING_UNTIL: Final = timedelta(hours=24)


def check_cancellable(job: Job) -> None:
    """:raises NotAllowed: it does not wait for its time."""
    if job.status is not JobStatus.SCHEDULED:
        raise NotAllowed(f"Job cannot be cancelled: it is {job.status}")
