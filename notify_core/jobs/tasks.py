"""The background work of jobs."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.ids import JobId
from notify_core.kernel.queues import JOBS, PERIODIC, Queue
from notify_core.kernel.tasks import FOR_EVER, RetryPolicy, Task, doubling, every

_AGAIN = RetryPolicy(delay=every(60), maximum=10)


@dataclass(frozen=True)
class ProcessJob(Task):
    """Carries out a job from the first row not done; enqueues itself for what is left."""

    name: ClassVar[str] = "process-job"
    queue: ClassVar[Queue] = JOBS
    # What it needs (database, file store) comes back; until then the job waits.
    retry: ClassVar[RetryPolicy] = FOR_EVER
    # Each execution is made of steps that last, so one that loses its worker has still come further.
    most_losses: ClassVar[int | None] = 50

    job_id: JobId

    def dedupe_key(self) -> str:
        return f"process-job:{self.job_id}"


@dataclass(frozen=True)
class ProcessIncompleteJobs(Task):
    name: ClassVar[str] = "process-incomplete-jobs"
    queue: ClassVar[Queue] = JOBS
    retry: ClassVar[RetryPolicy] = _AGAIN

    # Ids of jobs.
    job_ids: tuple[str, ...]


@dataclass(frozen=True)
class RunScheduledJobs(Task):
    name: ClassVar[str] = "run-scheduled-jobs"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = _AGAIN


@dataclass(frozen=True)
class CheckJobStatus(Task):
    name: ClassVar[str] = "check-job-status"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = _AGAIN


@dataclass(frozen=True)
class CheckForMissingRows(Task):
    name: ClassVar[str] = "check-for-missing-rows-in-completed-jobs"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = _AGAIN


@dataclass(frozen=True)
class WriteMissingRows(Task):
    """Follows the check for each job that lacks rows; looks from row ``start`` on."""

    name: ClassVar[str] = "write-missing-rows"
    queue: ClassVar[Queue] = JOBS
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=doubling(up_to=240), maximum=20)

    job_id: JobId
    start: int = 0

    def dedupe_key(self) -> str:
        # A job is one worker's at a time, whatever there is to do for it.
        return f"process-job:{self.job_id}"


@dataclass(frozen=True)
class RemoveSmsEmailJobs(Task):
    name: ClassVar[str] = "remove_sms_email_jobs"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = _AGAIN


@dataclass(frozen=True)
class RemoveLetterJobs(Task):
    name: ClassVar[str] = "remove_letter_jobs"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = _AGAIN
