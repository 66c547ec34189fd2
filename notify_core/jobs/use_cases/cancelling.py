"""Stopping a job: before it begins, or, of letters, before they are printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from notify_core.jobs.model import Job
from notify_core.jobs.policies.scheduling import check_cancellable
from notify_core.jobs.ports import JobsWork
from notify_core.jobs.states import JobEvent, JobStatus
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import JobId, NotificationId, ServiceId
from notify_core.letters.policies.cancelling import check_letter_cancellable
from notify_core.letters.states import LetterStatus
from notify_core.letters.use_cases.cancelling import cancel
from notify_core.notifications.model import Channel
from notify_core.ports.clock import Clock
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_AT_ONCE: Final = 500


@dataclass(frozen=True)
class CancelJob:
    """A scheduled job, of which nothing will be sent; or every letter of a letter job that is finished, if no print
    run has taken any of them. Of any service, where none is named.

    Letters are cancelled in batches. Where one moves on meanwhile, those of earlier batches stay cancelled, and asking
    again goes on with the others.

    :raises NotFound: the service has no such job.
    :raises NotAllowed: it has begun, or ended, or one of its letters can no longer be cancelled.
    """

    work: UnitOfWorkFactory[JobsWork]
    clock: Clock

    def __call__(self, service_id: ServiceId | None, job_id: JobId) -> Job:
        try:
            return self._cancel(service_id, job_id)
        except Conflict:
            # It moved on at this very moment; read again, it says what to.
            return self._cancel(service_id, job_id)

    def _cancel(self, service_id: ServiceId | None, job_id: JobId) -> Job:
        with self.work(read_only=True) as work:
            was = work.jobs.get(job_id, service_id)
        if was.channel is Channel.LETTER and was.status is JobStatus.FINISHED:
            self._cancel_letters(was)
            return was
        check_cancellable(was)
        becomes = was.after(JobEvent.CANCELLED, self.clock.now())
        with self.work() as work:
            work.jobs.change(was, becomes)
            work.commit()
        return becomes

    def _cancel_letters(self, job: Job) -> None:
        now = self.clock.now()
        for ids in self._letters(job):
            with self.work(read_only=True) as work:
                for letter in map(work.letters.get, ids):
                    check_letter_cancellable(letter, now)
        for ids in self._letters(job):
            with self.work() as work:
                for letter in map(work.letters.get, ids):
                    cancel(work, letter, now)
                work.commit()

    def _letters(self, job: Job) -> Iterator[Sequence[NotificationId]]:
        """Those of the job that are not cancelled yet, in batches."""
        after = -1
        while True:
            with self.work(read_only=True) as work:
                found = work.jobs.results(job.id, after, _AT_ONCE)
            if not found:
                return
            after = found[-1].row
            yield [job.notification_id(one.row) for one in found if one.status != LetterStatus.CANCELLED]
