"""Showing jobs and what became of their rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import Final

from notify_core.jobs.model import Job, RowError, RowResult
from notify_core.jobs.policies.files import errors_file, results_file
from notify_core.jobs.ports import JobsWork
from notify_core.kernel.ids import JobId, ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory

PAGE_LENGTH: Final = 50
# What is shown at once; files have them all.
MOST_ERRORS: Final = 1000
_PAGE_OF_RESULTS: Final = 1000


@dataclass(frozen=True, slots=True)
class JobView:
    """``statistics`` are numbers of messages by status, ``errors`` the first of them."""

    job: Job
    statistics: Mapping[str, int]
    errors: Sequence[RowError]


@dataclass(frozen=True)
class GetJob:
    """A job with its numbers; of any service, where none is named.

    :raises NotFound: the service has no such job.
    """

    work: UnitOfWorkFactory[JobsWork]

    def __call__(self, service_id: ServiceId | None, job_id: JobId) -> JobView:
        with self.work(read_only=True) as work:
            job = work.jobs.get(job_id, service_id)
            return JobView(job, work.jobs.statistics(job_id), work.jobs.errors(job_id, MOST_ERRORS))


@dataclass(frozen=True)
class ListJobs:
    """A page of a service's jobs, newest first.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[JobsWork]

    def __call__(self, service_id: ServiceId, older_than: JobId | None = None) -> Sequence[Job]:
        with self.work(read_only=True) as work:
            return work.jobs.page(work.services.get(service_id).id, older_than, PAGE_LENGTH)


@dataclass(frozen=True)
class WriteResults:
    """A file with a line for every row done so far, in pieces.

    :raises NotFound: the service has no such job; before the first piece.
    """

    work: UnitOfWorkFactory[JobsWork]

    def __call__(self, service_id: ServiceId | None, job_id: JobId) -> Iterator[str]:
        with self.work(read_only=True) as work:
            job, errors = work.jobs.get(job_id, service_id), work.jobs.errors(job_id)
        return results_file(job, merge(self._messages(job_id), _refused(errors), key=attrgetter("row")))

    def _messages(self, job_id: JobId) -> Iterator[RowResult]:
        after = -1
        while True:
            with self.work(read_only=True) as work:
                page = work.jobs.results(job_id, after, _PAGE_OF_RESULTS)
            yield from page
            if not page:
                return
            after = page[-1].row


@dataclass(frozen=True)
class WriteErrors:
    """A file with everything that is wrong with rows, in pieces.

    :raises NotFound: the service has no such job.
    """

    work: UnitOfWorkFactory[JobsWork]

    def __call__(self, service_id: ServiceId | None, job_id: JobId) -> Iterator[str]:
        with self.work(read_only=True) as work:
            job = work.jobs.get(job_id, service_id)
            return errors_file(work.jobs.errors(job.id))


def _refused(errors: Sequence[RowError]) -> Iterator[RowResult]:
    for row, found in groupby(errors, key=lambda error: error.row):
        what = "; ".join(f"{error.column}: {error.message}" if error.column else error.message for error in found)
        yield RowResult(row, None, f"not sent: {what}")
