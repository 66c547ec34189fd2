"""Finding jobs that stopped, and letting them go on."""

import logging
from dataclasses import dataclass, replace
from uuid import UUID

from notify_core.jobs.model import Job
from notify_core.jobs.policies.scheduling import STUCK_AFTER
from notify_core.jobs.ports import JobsWork
from notify_core.jobs.states import OPEN, JobEvent, JobStatus
from notify_core.jobs.tasks import CheckJobStatus, ProcessIncompleteJobs, ProcessJob
from notify_core.jobs.use_cases.upload import find_job
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import JobId
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FindStuckJobs:
    """The task ``check-job-status``: jobs without progress for half an hour, however long ago that was, are worked on
    again. Usually the ledger sees to that by itself; this is for what nothing in the ledger knows of any more."""

    work: UnitOfWorkFactory[JobsWork]
    clock: Clock
    batch: int = 100

    def __call__(self, task: CheckJobStatus, claim: Claim) -> None:
        now = self.clock.now()
        with self.work() as work:
            found = work.jobs.without_progress(now - STUCK_AFTER, self.batch)
            stuck = [job for job in found if self._note(work, job)]
            if stuck:
                work.enqueue(ProcessIncompleteJobs(tuple(str(job.id) for job in stuck)))
            if len(found) == self.batch:
                work.enqueue(task)
            work.finish(claim)
            work.commit()
        for job in stuck:
            _log.warning("job made no progress for %s: resumed", STUCK_AFTER, extra={"job_id": str(job.id)})

    def _note(self, work: JobsWork, job: Job) -> bool:
        """False: it has moved on meanwhile. Noted now it counts as stuck again only after as long."""
        now = self.clock.now()
        in_progress = job.status is JobStatus.IN_PROGRESS
        becomes = job.after(JobEvent.STUCK, now) if in_progress else replace(job, progressed_at=now)
        try:
            work.jobs.change(job, becomes)
        except Conflict:
            return False
        return True


@dataclass(frozen=True)
class ResumeJobs:
    """The task ``process-incomplete-jobs``: each of the jobs gets its task, unless it has one."""

    work: UnitOfWorkFactory[JobsWork]

    def __call__(self, task: ProcessIncompleteJobs, claim: Claim) -> None:
        with self.work() as work:
            for text in task.job_ids:
                job = find_job(work, JobId(UUID(text)))
                if job is not None and job.status in OPEN:
                    work.enqueue(ProcessJob(job.id), fair=str(job.service_id))
            work.finish(claim)
            work.commit()
