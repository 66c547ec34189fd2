"""Jobs, on SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.paging import behind, place_of
from notify_adapters.storage.sql.repositories.job_statements import (
    AUTHORS,
    CHANGE,
    DUE,
    ERRORS,
    HOLD,
    LACKING_ROWS,
    LET_GO,
    PAGE,
    PLACE,
    RESULTS,
    ROWS_OF,
    STATISTICS,
    THIS,
    TO_ARCHIVE,
    WITHOUT_PROGRESS,
)
from notify_adapters.storage.sql.schema_jobs import job_errors, jobs
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.types import span
from notify_core.jobs.model import Job, RowError, RowResult
from notify_core.jobs.states import JobStatus
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import JobId, ServiceId, UserId
from notify_core.notifications.model import Channel
from notify_core.ports.secrets import Secrets

_PLAIN = tuple(
    column.name
    for column in jobs.c
    if column.name not in {"original_file_name_cipher", "lease_holder", "leased_until_us"}
)
# What never changes.
_FIXED = frozenset({"id", "service_id", "template_id", "template_version", "channel", "created_by", "created_at"})
_PAGE_BEHIND = PAGE.where(behind(jobs.c.created_at, jobs.c.id))


class SqlJobs:
    """Names of files are kept encrypted."""

    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def add(self, job: Job) -> None:
        cipher = self._secrets.encrypt(job.original_file_name, purpose="filename")
        self._session.insert(jobs, [_row(job) | {"original_file_name_cipher": cipher}])

    def get(self, job_id: JobId, service_id: ServiceId | None = None) -> Job:
        row = self._session.row(THIS, {"of_id": job_id})
        if row is None or service_id not in {None, row["service_id"]}:
            raise NotFound(f"no job {job_id}")
        return self._to_job(row)

    def change(self, was: Job, becomes: Job) -> None:
        unchanged = {"of_id": was.id, "was_status": was.status, "was_next_row": was.next_row}
        values = {name: value for name, value in _row(becomes).items() if name not in _FIXED}
        if not self._session.changed(CHANGE, unchanged | values):
            raise Conflict(f"job {was.id} is no longer {was.status} at row {was.next_row}")

    def hold(self, job_id: JobId, holder: str, length: timedelta) -> bool:
        return self._session.changed(HOLD, {"of_id": job_id, "by_holder": holder, "length_us": span(length)}) > 0

    def let_go(self, job_id: JobId, holder: str) -> None:
        self._session.changed(LET_GO, {"of_id": job_id, "by_holder": holder})

    def page(self, service_id: ServiceId, older_than: JobId | None = None, limit: int = 50) -> Sequence[Job]:
        values: dict[str, Any] = {"of_service": service_id, "number": limit}
        if older_than is None:
            return self._found(PAGE, values)
        start = self._session.row(PLACE, {"of_service": service_id, "of_id": older_than})
        return [] if start is None else self._found(_PAGE_BEHIND, values | place_of(start))

    def authors(self, job_ids: Collection[JobId]) -> Mapping[JobId, UserId]:
        rows = self._session.rows(AUTHORS, {"ids": list(job_ids)})
        return {row["id"]: UserId(row["created_by"]) for row in rows}

    def due(self, moment: datetime, limit: int) -> Sequence[Job]:
        return self._found(DUE, {"moment": moment, "number": limit})

    def without_progress(self, since: datetime, limit: int) -> Sequence[Job]:
        return self._found(WITHOUT_PROGRESS, {"moment": since, "number": limit})

    def lacking_rows(self, since: datetime, until: datetime, limit: int) -> Sequence[Job]:
        return self._found(LACKING_ROWS, {"since": since, "until": until, "number": limit})

    def to_archive(self, service_id: ServiceId, channel: Channel, before: datetime, limit: int) -> Sequence[Job]:
        values = {"of_service": service_id, "of_channel": channel, "moment": before, "number": limit}
        return self._found(TO_ARCHIVE, values)

    def add_errors(self, job_id: JobId, errors: Sequence[RowError]) -> None:
        rows = [
            {"job_id": job_id, "row": one.row, "column": one.column or "", "message": one.message} for one in errors
        ]
        self._session.insert_ignoring(job_errors, rows)

    def errors(self, job_id: JobId, limit: int | None = None) -> Sequence[RowError]:
        wanted = ERRORS if limit is None else ERRORS.limit(limit)
        found = self._session.rows(wanted, {"of_id": job_id})
        return [RowError(row["row"], row["column"] or None, row["message"]) for row in found]

    def statistics(self, job_id: JobId) -> Mapping[str, int]:
        return {row["status"]: row["number"] for row in self._session.rows(STATISTICS, {"of_id": job_id})}

    def rows(self, job_id: JobId, among: Collection[int]) -> Collection[int]:
        if not among:
            return frozenset()
        values = {"of_id": job_id, "first": min(among), "last": max(among)}
        return {row["job_row"] for row in self._session.rows(ROWS_OF, values)} & set(among)

    def results(self, job_id: JobId, after: int, limit: int) -> Sequence[RowResult]:
        found = self._session.rows(RESULTS, {"of_id": job_id, "after": after, "number": limit})
        return [
            RowResult(
                row["job_row"],
                self._secrets.decrypt(row["to_cipher"], purpose="recipient"),
                row["status"],
                row["updated_at"] or row["created_at"],
            )
            for row in found
        ]

    def _found(self, wanted: sa.Select[Any], values: Mapping[str, Any]) -> list[Job]:
        return [self._to_job(row) for row in self._session.rows(wanted, values)]

    def _to_job(self, row: sa.RowMapping) -> Job:
        values = {name: row[name] for name in _PLAIN}
        values["channel"] = Channel(row["channel"])
        values["status"] = JobStatus(row["status"])
        name = self._secrets.decrypt(row["original_file_name_cipher"], purpose="filename")
        return Job(**values, original_file_name=name)


def _row(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in _PLAIN}
