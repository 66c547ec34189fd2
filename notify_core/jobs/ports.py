"""What jobs need from outside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from notify_core.jobs.model import Job, RowError, RowResult
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import JobId, ServiceId, UserId
from notify_core.letters.ports import LettersWork
from notify_core.notifications.model import Channel


class Jobs(Protocol):
    """Leases run by database time."""

    def add(self, job: Job) -> None:
        """:raises AlreadyExists: at commit, when the id is taken."""
        ...

    def get(self, job_id: JobId, service_id: ServiceId | None = None) -> Job:
        """:raises NotFound: no such job (of this service, when given)."""
        ...

    def change(self, was: Job, becomes: Job) -> None:
        """Store ``becomes`` if the stored job has still the status and the next row of ``was``.

        :raises Conflict: it has others by now.
        """
        ...

    def hold(self, job_id: JobId, holder: str, length: timedelta) -> bool:
        """Take or renew the job's lease; false when another holder's has not run out yet."""
        ...

    def let_go(self, job_id: JobId, holder: str) -> None:
        """Give the lease back; nothing happens when ``holder`` does not have it."""
        ...

    def page(self, service_id: ServiceId, older_than: JobId | None = None, limit: int = 50) -> Sequence[Job]:
        """Newest first, from behind ``older_than``; empty when the service has no such job."""
        ...

    def authors(self, job_ids: Collection[JobId]) -> Mapping[JobId, UserId]:
        """Who submitted these jobs; left out are those that are not there, or of which it is not known."""
        ...

    def due(self, moment: datetime, limit: int) -> Sequence[Job]:
        """Scheduled jobs whose time is ``moment`` or earlier, oldest first."""
        ...

    def without_progress(self, since: datetime, limit: int) -> Sequence[Job]:
        """Jobs pending, in progress or in error, not archived, to which nothing has happened since; oldest first."""
        ...

    def lacking_rows(self, since: datetime, until: datetime, limit: int) -> Sequence[Job]:
        """Jobs finished in this time with fewer rows accounted for than they have, oldest first: a message or an
        error accounts for its row."""
        ...

    def to_archive(self, service_id: ServiceId, channel: Channel, before: datetime, limit: int) -> Sequence[Job]:
        """The service's jobs of this channel that were to begin before this moment and whose files are still kept,
        oldest first. One that is scheduled, pending or in progress is not among them."""
        ...

    def add_errors(self, job_id: JobId, errors: Sequence[RowError]) -> None:
        """What is known already of a row and its column stays as it is."""
        ...

    def errors(self, job_id: JobId, limit: int | None = None) -> Sequence[RowError]:
        """By row and column; the first ``limit``."""
        ...

    def statistics(self, job_id: JobId) -> Mapping[str, int]:
        """How many messages of the job there are, by status; sorted by that."""
        ...

    def rows(self, job_id: JobId, among: Collection[int]) -> Collection[int]:
        """Those of these rows that are accounted for."""
        ...

    def results(self, job_id: JobId, after: int, limit: int) -> Sequence[RowResult]:
        """What became of the rows behind number ``after``, in order; rows without a message are missing."""
        ...


class DailyUse(Protocol):
    """What services send on a day, for what is counted in one transaction with its sending: see
    :class:`~notify_core.ports.daily_limits.DailyLimits`, which counts in the same place."""

    def add(self, service_id: ServiceId, channel: str, day: date, *, number: int, limit: int) -> bool:
        """Count ``number`` messages if the limit allows all of them; else none is counted."""
        ...


class JobsWork(LettersWork, Protocol):
    @property
    def jobs(self) -> Jobs: ...
    @property
    def daily_use(self) -> DailyUse: ...


class RecipientFileNotFound(NotFound):
    """The uploaded file of a job is not in the store."""

    def __init__(self, service_id: ServiceId, job_id: JobId) -> None:
        super().__init__(f"no recipients file of job {job_id} of service {service_id}")
        self.service_id = service_id
        self.job_id = job_id


class RecipientFiles(Protocol):
    """The CSV files of jobs, as they were uploaded. They hold personal data, so they are encrypted at
    rest or readable by this account only.

    Metadata are a few short texts kept with a file (2 KB altogether), such as the name it was
    uploaded under; their names are lower-case letters, digits and ``-``.

    Every method raises TransientError when the store is not there now, PermanentError when it is
    there and refuses us.
    """

    def put(self, service_id: ServiceId, job_id: JobId, content: bytes, metadata: Mapping[str, str]) -> None:
        """Store a file; replaces the job's earlier one, its metadata too. Nobody sees half of it."""
        ...

    def get(self, service_id: ServiceId, job_id: JobId) -> bytes:
        """The file, byte for byte.

        :raises RecipientFileNotFound: there is none.
        """
        ...

    def metadata(self, service_id: ServiceId, job_id: JobId) -> Mapping[str, str]:
        """What was stored with the file, without reading it.

        :raises RecipientFileNotFound: there is none.
        """
        ...

    def delete(self, service_id: ServiceId, job_ids: Sequence[JobId]) -> None:
        """Delete the files of these jobs, a request for every 1,000; those that are not there are no error."""
        ...
