"""The statements of jobs, made once. What became of rows is in the tables of messages, of whatever channel."""

from typing import Any, Final

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_jobs import IS_KEPT, job_errors, jobs
from notify_adapters.storage.sql.schema_letters import letters
from notify_adapters.storage.sql.schema_notifications import notifications
from notify_adapters.storage.sql.types import database_now
from notify_core.jobs.states import OPEN, JobStatus

_c = jobs.c
_THIS = _c.id == sa.bindparam("of_id")
_OLDEST_FIRST = (_c.created_at, _c.id)
_BEGUN = [JobStatus.SCHEDULED, JobStatus.PENDING, JobStatus.IN_PROGRESS]


def _oldest(*conditions: sa.ColumnElement[bool] | sa.TextClause) -> sa.Select[Any]:
    return sa.select(jobs).where(*conditions).order_by(*_OLDEST_FIRST).limit(sa.bindparam("number"))


THIS: Final = sa.select(jobs).where(_THIS)
PAGE: Final = (
    sa.select(jobs)
    .where(_c.service_id == sa.bindparam("of_service"))
    .order_by(_c.created_at.desc(), _c.id.desc())
    .limit(sa.bindparam("number"))
)
PLACE: Final = sa.select(_c.created_at, _c.id).where(_THIS, _c.service_id == sa.bindparam("of_service"))
AUTHORS: Final = sa.select(_c.id, _c.created_by).where(
    _c.id.in_(sa.bindparam("ids", expanding=True)), _c.created_by.is_not(None)
)

# The columns set are those given.
CHANGE: Final = sa.update(jobs).where(
    _THIS, _c.status == sa.bindparam("was_status"), _c.next_row == sa.bindparam("was_next_row")
)
_HOLDER = sa.bindparam("by_holder", type_=sa.String())
_FREE = sa.or_(_c.leased_until_us.is_(None), _c.leased_until_us <= database_now(), _c.lease_holder == _HOLDER)
HOLD: Final = (
    sa.update(jobs)
    .where(_THIS, _FREE)
    .values(lease_holder=_HOLDER, leased_until_us=database_now() + sa.bindparam("length_us", type_=sa.BigInteger))
)
LET_GO: Final = sa.update(jobs).where(_THIS, _c.lease_holder == _HOLDER).values(lease_holder=None, leased_until_us=None)

DUE: Final = _oldest(IS_KEPT, _c.status == JobStatus.SCHEDULED, _c.scheduled_for <= sa.bindparam("moment"))
WITHOUT_PROGRESS: Final = _oldest(IS_KEPT, _c.status.in_(sorted(OPEN)), _c.progressed_at < sa.bindparam("moment"))
TO_ARCHIVE: Final = _oldest(
    IS_KEPT,
    _c.status.in_(sorted(set(JobStatus) - set(_BEGUN))),
    _c.service_id == sa.bindparam("of_service"),
    _c.channel == sa.bindparam("of_channel"),
    sa.func.coalesce(_c.scheduled_for, _c.created_at) < sa.bindparam("moment"),
)

_MESSAGES = (notifications, letters)


def _count(table: sa.Table, number: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    return sa.select(number).where(table.c.job_id == _c.id).scalar_subquery()


_WRITTEN = [_count(table, sa.func.count()) for table in _MESSAGES]
# A row with several errors counts once.
_REFUSED = _count(job_errors, sa.func.count(job_errors.c.row.distinct()))
LACKING_ROWS: Final = _oldest(
    IS_KEPT,
    _c.status == JobStatus.FINISHED,
    _c.processing_finished.between(sa.bindparam("since"), sa.bindparam("until")),
    sum(_WRITTEN, start=_REFUSED) < _c.notification_count,
)
ROWS_OF: Final = sa.union(
    *(
        sa.select(row.label("job_row")).where(
            of_job == sa.bindparam("of_id"), row.between(sa.bindparam("first"), sa.bindparam("last"))
        )
        for of_job, row in (
            *((table.c.job_id, table.c.job_row) for table in _MESSAGES),
            (job_errors.c.job_id, job_errors.c.row),
        )
    )
)

ERRORS: Final = (
    sa.select(job_errors)
    .where(job_errors.c.job_id == sa.bindparam("of_id"))
    .order_by(job_errors.c.row, job_errors.c.column)
)
_OF_JOB = sa.union_all(
    *(
        sa.select(
            table.c.job_row, table.c.status, table.c.to_cipher, table.c.created_at, table.c.updated_at, table.c.job_id
        )
        for table in _MESSAGES
    )
).subquery()
STATISTICS: Final = (
    sa.select(_OF_JOB.c.status, sa.func.count().label("number"))
    .where(_OF_JOB.c.job_id == sa.bindparam("of_id"))
    .group_by(_OF_JOB.c.status)
    .order_by(_OF_JOB.c.status)
)
RESULTS: Final = (
    sa.select(_OF_JOB)
    .where(_OF_JOB.c.job_id == sa.bindparam("of_id"), _OF_JOB.c.job_row > sa.bindparam("after"))
    .order_by(_OF_JOB.c.job_row)
    .limit(sa.bindparam("number"))
)
