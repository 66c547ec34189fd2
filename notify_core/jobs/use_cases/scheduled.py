"""Beginning jobs when their time has come, and stopping them before."""

import logging
from dataclasses import dataclass

from notify_core.jobs.model import Job
from notify_core.jobs.ports import JobsWork
from notify_core.jobs.states import JobEvent
from notify_core.jobs.tasks import ProcessJob, RunScheduledJobs
from notify_core.kernel.errors import Conflict
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StartScheduledJobs:
    """The task ``run-scheduled-jobs``: a job whose time has come, however long ago, is pending, and gets its task in
    the same transaction."""

    work: UnitOfWorkFactory[JobsWork]
    clock: Clock
    batch: int = 500

    def __call__(self, task: RunScheduledJobs, claim: Claim) -> None:
        now = self.clock.now()
        with self.work() as work:
            due = work.jobs.due(now, self.batch)
            for job in due:
                _start(work, job, job.after(JobEvent.DUE, now))
            if len(due) == self.batch:
                work.enqueue(task)
            work.finish(claim)
            work.commit()


def _start(work: JobsWork, was: Job, becomes: Job) -> None:
    try:
        work.jobs.change(was, becomes)
    except Conflict:
        # Cancelled at this very moment, or another scheduler was faster.
        _log.info("scheduled job not started: it moved on", extra={"job_id": str(was.id)})
    else:
        work.enqueue(ProcessJob(was.id), fair=str(was.service_id))
