"""Removing files that have been kept long enough."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from notify_core.accounts.policies import kept_since
from notify_core.jobs.model import Job
from notify_core.jobs.ports import JobsWork, RecipientFiles
from notify_core.jobs.tasks import RemoveLetterJobs, RemoveSmsEmailJobs
from notify_core.notifications.model import Channel
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import LEASE, Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class _RemoveFiles:
    """A batch an execution. The file goes before the job is archived: after a death in between it is looked for once
    more, and that it is gone is no error. Meanwhile the job is held, so that nobody takes up one that had stopped."""

    work: UnitOfWorkFactory[JobsWork]
    clock: Clock
    recipient_files: RecipientFiles
    batch: int = 500

    channels: ClassVar[Collection[Channel]]

    def _remove(self, task: RemoveSmsEmailJobs | RemoveLetterJobs, claim: Claim) -> None:
        found = self._old()
        old = self._held(found, claim)
        for service_id in {job.service_id for job in old}:
            self.recipient_files.delete(service_id, [job.id for job in old if job.service_id == service_id])
        now = self.clock.now()
        with self.work() as work:
            for job in old:
                work.jobs.change(job, replace(job, archived_at=now))
                work.jobs.let_go(job.id, _holder(claim))
            # Where all are held there is nothing to go on with at once.
            if old and len(found) >= self.batch:
                work.enqueue(task)
            work.finish(claim)
            work.commit()

    def _held(self, jobs: Sequence[Job], claim: Claim) -> list[Job]:
        """Those that nobody else works on, and that are as they were."""
        with self.work() as work:
            held = [job for job in jobs if work.jobs.hold(job.id, _holder(claim), LEASE)]
            unchanged = [job for job in held if work.jobs.get(job.id) == job]
            work.commit()
        return unchanged

    def _old(self) -> list[Job]:
        old: list[Job] = []
        now = self.clock.now()
        with self.work(read_only=True) as work:
            for service in work.services.all():
                retentions = work.settings.retentions(service.id)
                for channel in self.channels:
                    since, left = kept_since(retentions, channel, now), self.batch - len(old)
                    old += work.jobs.to_archive(service.id, channel, since, left) if left else ()
        return old


def _holder(claim: Claim) -> str:
    return str(claim.entry.id)


@dataclass(frozen=True)
class RemoveFilesOfSmsAndEmailJobs(_RemoveFiles):
    """The task ``remove_sms_email_jobs``."""

    channels: ClassVar[Collection[Channel]] = (Channel.SMS, Channel.EMAIL)

    def __call__(self, task: RemoveSmsEmailJobs, claim: Claim) -> None:
        self._remove(task, claim)


@dataclass(frozen=True)
class RemoveFilesOfLetterJobs(_RemoveFiles):
    """The task ``remove_letter_jobs``."""

    channels: ClassVar[Collection[Channel]] = (Channel.LETTER,)

    def __call__(self, task: RemoveLetterJobs, claim: Claim) -> None:
        self._remove(task, claim)
