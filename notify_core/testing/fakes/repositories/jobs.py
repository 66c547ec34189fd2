"""Jobs, in memory."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from notify_core.jobs.model import Job, RowError, RowResult
from notify_core.jobs.states import OPEN, JobStatus
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import JobId, NotificationId, ServiceId, UserId
from notify_core.letters.model import Letter
from notify_core.notifications.model import Channel, Notification
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert

_BEGUN = frozenset({JobStatus.SCHEDULED, JobStatus.PENDING, JobStatus.IN_PROGRESS})


@dataclass(frozen=True)
class _Lease:
    holder: str
    until: datetime


class MemoryJobs:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[JobId, Job] = database.table("jobs")
        self._leases: MutableMapping[JobId, _Lease] = database.table("job_leases")
        self._errors: MutableMapping[tuple[JobId, int, str], RowError] = database.table("job_errors")
        self._messages: tuple[MutableMapping[NotificationId, Notification], MutableMapping[NotificationId, Letter]] = (
            database.table("notifications"),
            database.table("letters"),
        )

    def add(self, job: Job) -> None:
        insert(self._database, self._rows, job.id, job, what=f"job {job.id}")

    def get(self, job_id: JobId, service_id: ServiceId | None = None) -> Job:
        found = self._rows.get(job_id)
        if found is None or service_id not in {None, found.service_id}:
            raise NotFound(f"no job {job_id}")
        return found

    def change(self, was: Job, becomes: Job) -> None:
        stored = self._rows.get(was.id)
        if stored is None or (stored.status, stored.next_row) != (was.status, was.next_row):
            raise Conflict(f"job {was.id} is no longer {was.status} at row {was.next_row}")
        self._rows[was.id] = becomes

    def hold(self, job_id: JobId, holder: str, length: timedelta) -> bool:
        now, lease = self._database.now(), self._leases.get(job_id)
        if job_id not in self._rows or (lease and lease.holder != holder and lease.until > now):
            return False
        self._leases[job_id] = _Lease(holder, now + length)
        return True

    def let_go(self, job_id: JobId, holder: str) -> None:
        lease = self._leases.get(job_id)
        if lease and lease.holder == holder:
            del self._leases[job_id]

    def page(self, service_id: ServiceId, older_than: JobId | None = None, limit: int = 50) -> Sequence[Job]:
        own = sorted((one for one in self._rows.values() if one.service_id == service_id), key=_age, reverse=True)
        if older_than is not None:
            start = [one for one in own if one.id == older_than]
            own = [one for one in own if start and _age(one) < _age(start[0])]
        return own[:limit]

    def authors(self, job_ids: Collection[JobId]) -> Mapping[JobId, UserId]:
        found = [self._rows[job_id] for job_id in job_ids if job_id in self._rows]
        return {job.id: job.created_by for job in found if job.created_by is not None}

    def due(self, moment: datetime, limit: int) -> Sequence[Job]:
        return self._oldest(
            lambda job: (
                job.status is JobStatus.SCHEDULED and job.scheduled_for is not None and job.scheduled_for <= moment
            ),
            limit,
        )

    def without_progress(self, since: datetime, limit: int) -> Sequence[Job]:
        return self._oldest(lambda job: job.status in OPEN and job.progressed_at < since, limit)

    def lacking_rows(self, since: datetime, until: datetime, limit: int) -> Sequence[Job]:
        return self._oldest(
            lambda job: (
                job.status is JobStatus.FINISHED
                and job.processing_finished is not None
                and since <= job.processing_finished <= until
                and len(self._accounted_for(job.id)) < job.notification_count
            ),
            limit,
        )

    def to_archive(self, service_id: ServiceId, channel: Channel, before: datetime, limit: int) -> Sequence[Job]:
        return self._oldest(
            lambda job: (
                job.status not in _BEGUN
                and (job.service_id, job.channel) == (service_id, channel)
                and job.begins_at < before
            ),
            limit,
        )

    def add_errors(self, job_id: JobId, errors: Sequence[RowError]) -> None:
        for error in errors:
            self._errors.setdefault((job_id, error.row, error.column or ""), error)

    def errors(self, job_id: JobId, limit: int | None = None) -> Sequence[RowError]:
        return [self._errors[key] for key in sorted(self._errors) if key[0] == job_id][:limit]

    def statistics(self, job_id: JobId) -> Mapping[str, int]:
        return dict(sorted(Counter(one.status.value for one in self._of_job(job_id)).items()))

    def rows(self, job_id: JobId, among: Collection[int]) -> Collection[int]:
        return self._accounted_for(job_id) & set(among)

    def results(self, job_id: JobId, after: int, limit: int) -> Sequence[RowResult]:
        found = [
            RowResult(one.job_row, one.to, one.status.value, one.updated_at or one.created_at)
            for one in self._of_job(job_id)
            if one.job_row is not None and one.job_row > after
        ]
        return sorted(found, key=lambda result: result.row)[:limit]

    def _oldest(self, wanted: Callable[[Job], bool], limit: int) -> list[Job]:
        kept = (job for job in self._rows.values() if job.archived_at is None)
        return sorted(filter(wanted, kept), key=_age)[:limit]

    def _of_job(self, job_id: JobId) -> list[Notification | Letter]:
        return [one for messages in self._messages for one in messages.values() if one.job_id == job_id]

    def _accounted_for(self, job_id: JobId) -> set[int]:
        written = {one.job_row for one in self._of_job(job_id) if one.job_row is not None}
        return written | {row for of, row, _ in self._errors if of == job_id}


class MemoryDailyUse:
    def __init__(self, database: MemoryDatabase) -> None:
        self._used: MutableMapping[tuple[ServiceId, str, date], int] = database.table("daily_usage")

    def add(self, service_id: ServiceId, channel: str, day: date, *, number: int, limit: int) -> bool:
        used = self._used.get((service_id, channel, day), 0) + number
        if used > limit:
            return False
        self._used[service_id, channel, day] = used
        return True


def _age(job: Job) -> tuple[datetime, JobId]:
    return job.created_at, job.id
