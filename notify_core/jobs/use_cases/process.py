"""Carrying out a job."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice

from notify_core.accounts.model import Permission, Service
from notify_core.jobs.model import Job
from notify_core.jobs.policies.messages import count_abroad
from notify_core.jobs.ports import JobsWork, RecipientFileNotFound, RecipientFiles
from notify_core.jobs.states import OPEN, JobEvent, JobStatus
from notify_core.jobs.tasks import ProcessJob
from notify_core.jobs.use_cases.upload import Upload, find_job, open_upload
from notify_core.jobs.use_cases.writing import Batch, make_batch, write_batch
from notify_core.kernel.calendar import london_date
from notify_core.kernel.errors import InvalidValue, TransientError
from notify_core.notifications.model import Channel
from notify_core.notifications.use_cases.accept.daily import INTERNATIONAL_SMS
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import LEASE, Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

INACTIVE = "The service is not active"
OVER_LIMIT = "The service may not send as many messages today"
# A file that was lost may be brought back; whoever has not done so by then will not.
MAY_COME_BACK = timedelta(days=1)


@dataclass(frozen=True)
class ProcessUploadedJob:
    """The task ``process-job``: batch after batch until ``longest`` has passed, then a task for the rest, so that no
    worker is one job's for long. A batch's messages, their deliveries and how far the job has come are one
    transaction; whoever dies, or is repeated, has done a batch or not begun it."""

    work: UnitOfWorkFactory[JobsWork]
    clock: Clock
    recipient_files: RecipientFiles
    batch: int = 1000
    longest: timedelta = timedelta(seconds=5)

    def __call__(self, task: ProcessJob, claim: Claim) -> None:
        job = self._take(task, claim)
        if job is None:
            return
        try:
            upload = open_upload(self.work, self.recipient_files, job)
        except (RecipientFileNotFound, InvalidValue) as error:
            self._give_up(job, str(error), claim, gone=isinstance(error, RecipientFileNotFound))
            return
        if not upload.service.active:
            self._stop_for_inactive(job, claim)
        elif started := self._started(upload, claim):
            self._rows(started, task, claim)

    def _take(self, task: ProcessJob, claim: Claim) -> Job | None:
        """The job, to be worked on by nobody else for a while; None: there is nothing to do for it."""
        with self.work() as work:
            job = find_job(work, task.job_id)
            if job is None or job.status not in OPEN or job.archived_at is not None:
                work.finish(claim)
                job = None
            elif not work.jobs.hold(job.id, _holder(claim), LEASE):
                raise TransientError(f"job {job.id} is being worked on", retry_after=LEASE)
            work.commit()
        return job

    def _started(self, upload: Upload, claim: Claim) -> Upload | None:
        """The job in progress; None: it may not begin."""
        job, now = upload.job, self.clock.now()
        if job.status is not JobStatus.PENDING:
            return self._resumed(upload, claim)
        numbers = self._numbers(upload)
        with self.work() as work:
            if all(self._count(work, upload.service, channel, number) for channel, number in numbers.items()):
                started = job.after(JobEvent.STARTED, now)
                work.jobs.change(job, started)
                work.require(claim)
                work.commit()
                return replace(upload, job=started)
        # What was counted of one channel before the other refused is not: that unit was not committed.
        self._end(job, job.after(JobEvent.OVER_LIMIT, now, OVER_LIMIT), claim)
        return None

    def _resumed(self, upload: Upload, claim: Claim) -> Upload:
        job = upload.job
        if job.status is JobStatus.IN_PROGRESS:
            return upload
        resumed = job.after(JobEvent.RESUMED, self.clock.now())
        with self.work() as work:
            work.jobs.change(job, resumed)
            work.require(claim)
            work.commit()
        return replace(upload, job=resumed)

    def _numbers(self, upload: Upload) -> dict[str, int]:
        """In which limits of the service the job counts, with how many messages; all of it today, whatever the day
        it ends on."""
        limits, numbers = upload.service.message_limit, {upload.job.channel.value: upload.job.notification_count}
        abroad = INTERNATIONAL_SMS in limits and Permission.INTERNATIONAL_SMS in upload.service.permissions
        if abroad and upload.job.channel is Channel.SMS:
            numbers[INTERNATIONAL_SMS] = count_abroad(upload.columns, upload.table.rows())
        return {channel: number for channel, number in numbers.items() if channel in limits and number}

    def _count(self, work: JobsWork, service: Service, channel: str, number: int) -> bool:
        today, limit = london_date(self.clock.now()), service.message_limit[channel]
        return work.daily_use.add(service.id, channel, today, number=number, limit=limit)

    def _rows(self, upload: Upload, task: ProcessJob, claim: Claim) -> None:
        until = self.clock.now() + self.longest
        for next_row, batch in self._batches(upload):
            now = self.clock.now()
            job = upload.job.progressed(next_row, now)
            enough = now >= until
            with self.work() as work:
                work.jobs.change(upload.job, job)
                write_batch(work, upload, batch)
                self._pass_on(work, job, claim, task if enough else None)
                work.commit()
            if enough:
                return
            upload = replace(upload, job=job)
        self._end(upload.job, upload.job.after(JobEvent.FINISHED, self.clock.now()), claim)

    def _batches(self, upload: Upload) -> Iterator[tuple[int, Batch]]:
        """Batches with the row behind each."""
        rows = upload.table.rows(upload.job.next_row)
        while taken := list(islice(rows, self.batch)):
            yield taken[-1][0] + 1, make_batch(self.work, upload, taken, self.clock.now())

    def _pass_on(self, work: JobsWork, job: Job, claim: Claim, rest: ProcessJob | None) -> None:
        """Keep the lease, or leave the rest to whoever takes it next."""
        if rest is None:
            work.jobs.hold(job.id, _holder(claim), LEASE)
            work.require(claim)
        else:
            work.jobs.let_go(job.id, _holder(claim))
            work.enqueue(rest, fair=str(job.service_id))
            work.finish(claim)

    def _stop_for_inactive(self, job: Job, claim: Claim) -> None:
        if job.status is JobStatus.PENDING:
            self._end(job, job.after(JobEvent.SERVICE_INACTIVE, self.clock.now(), INACTIVE), claim)
        else:
            self._give_up(job, INACTIVE, claim)

    def _give_up(self, job: Job, reason: str, claim: Claim, *, gone: bool = False) -> None:
        """In error the job is looked at again from time to time: what stopped it may pass. Of a file that is ``gone``
        it is told when that shows, and once more when a day has not brought it back; then the job is archived."""
        now = self.clock.now()
        begun = job.after(JobEvent.STARTED, now) if job.status is JobStatus.PENDING else job
        stopped = begun if begun.status is JobStatus.ERROR else begun.after(JobEvent.STUCK, now)
        stopped = replace(stopped, progressed_at=now, reason=reason)
        ids = {"job_id": str(job.id), "service_id": str(job.service_id)}
        news = (job.status, job.reason) != (stopped.status, reason)
        if gone and not news and now >= job.begins_at + MAY_COME_BACK:
            stopped = replace(stopped, archived_at=now)
            _log.error("job ends unfinished: %s, and has not come back", reason, extra=ids)
        else:
            _log.log(logging.ERROR if news else logging.INFO, "job stopped: %s", reason, extra=ids)
        self._end(job, stopped, claim)

    def _end(self, was: Job, becomes: Job, claim: Claim) -> None:
        with self.work() as work:
            work.jobs.change(was, becomes)
            work.jobs.let_go(was.id, _holder(claim))
            work.finish(claim)
            work.commit()
        _log.info("job is %s", becomes.status, extra={"job_id": str(was.id), "service_id": str(was.service_id)})


def _holder(claim: Claim) -> str:
    """The lease is that of the work, not of the process: whoever has claimed the row after a death goes on at once,
    and whoever lost the row cannot commit."""
    return str(claim.entry.id)
