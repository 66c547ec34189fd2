"""Writing rows that a finished job lacks."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from notify_core.accounts.policies import kept_since
from notify_core.jobs.model import Job
from notify_core.jobs.policies.scheduling import MISSING_AFTER, MISSING_UNTIL
from notify_core.jobs.ports import JobsWork, RecipientFileNotFound, RecipientFiles
from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import CheckForMissingRows, WriteMissingRows
from notify_core.jobs.use_cases.upload import Upload, open_upload
from notify_core.jobs.use_cases.writing import Rows, make_batch, write_batch
from notify_core.kernel.errors import InvalidValue, TransientError
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import LEASE, Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FindMissingRows:
    """The task ``check-for-missing-rows-in-completed-jobs``."""

    work: UnitOfWorkFactory[JobsWork]
    clock: Clock
    batch: int = 1000

    def __call__(self, _task: CheckForMissingRows, claim: Claim) -> None:
        now = self.clock.now()
        with self.work() as work:
            for job in work.jobs.lacking_rows(now - MISSING_UNTIL, now - MISSING_AFTER, self.batch):
                # What retention has deleted was sent.
                if job.begins_at >= kept_since(work.settings.retentions(job.service_id), job.channel, now):
                    _log.warning("finished job lacks rows", extra={"job_id": str(job.id)})
                    work.enqueue(WriteMissingRows(job.id), fair=str(job.service_id))
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class WriteRowsThatAreMissing:
    """The task ``write-missing-rows``: rows with neither a message nor an error get one, and no others do."""

    work: UnitOfWorkFactory[JobsWork]
    clock: Clock
    recipient_files: RecipientFiles
    batch: int = 1000
    longest: timedelta = timedelta(seconds=5)

    def __call__(self, task: WriteMissingRows, claim: Claim) -> None:
        with self.work() as work:
            job = work.jobs.get(task.job_id)
            if not work.jobs.hold(job.id, str(claim.entry.id), LEASE):
                raise TransientError(f"job {job.id} is being worked on", retry_after=LEASE)
            work.commit()
        upload = self._opened(job)
        rest = self._write(upload, task, claim) if upload else None
        with self.work() as work:
            work.jobs.let_go(job.id, str(claim.entry.id))
            if rest:
                work.enqueue(rest, fair=str(job.service_id))
            work.finish(claim)
            work.commit()

    def _opened(self, job: Job) -> Upload | None:
        """None: nothing can or shall be written."""
        try:
            upload = open_upload(self.work, self.recipient_files, job)
        except (RecipientFileNotFound, InvalidValue) as error:
            _log.error("missing rows cannot be written: %s", error, extra={"job_id": str(job.id)})
            return None
        return upload if upload.service.active and job.status is JobStatus.FINISHED else None

    def _write(self, upload: Upload, task: WriteMissingRows, claim: Claim) -> WriteMissingRows | None:
        """The task for what is left."""
        until = self.clock.now() + self.longest
        rows = upload.table.rows(task.start)
        while taken := list(islice(rows, self.batch)):
            if self.clock.now() >= until:
                return replace(task, start=taken[0][0])
            absent = self._absent(upload, taken)
            batch = make_batch(self.work, upload, absent, self.clock.now())
            with self.work() as work:
                work.jobs.hold(upload.job.id, str(claim.entry.id), LEASE)
                write_batch(work, upload, batch)
                work.require(claim)
                work.commit()
        return None

    def _absent(self, upload: Upload, taken: Rows) -> Rows:
        with self.work(read_only=True) as work:
            there = work.jobs.rows(upload.job.id, [row for row, _ in taken])
        return [(row, cells) for row, cells in taken if row not in there]
