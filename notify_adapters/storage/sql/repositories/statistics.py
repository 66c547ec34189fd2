"""Counts over messages, on SQL."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_accounts import services
from notify_adapters.storage.sql.schema_history import history, processing_times
from notify_adapters.storage.sql.schema_notifications import notifications
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.types import UtcDateTime, seconds_between
from notify_core.accounts.model import KeyType
from notify_core.housekeeping.model import ProcessingTime, TextsSent
from notify_core.kernel.calendar import london_midnight
from notify_core.kernel.ids import ServiceId
from notify_core.notifications.model import Channel
from notify_core.notifications.states import Status
from notify_core.ports.secrets import Secrets

_n, _h, _p = notifications.c, history.c, processing_times.c
_TEN_SECONDS = 10


def _handed_over(table: sa.Table, through_the_api: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """of_service, begin, end; service by service, since only so an index serves it."""
    columns = table.c
    quick = sa.case((seconds_between(columns.created_at, columns.sent_at) <= _TEN_SECONDS, 1), else_=0)
    return sa.select(sa.func.count().label("total"), sa.func.coalesce(sa.func.sum(quick), 0).label("quick")).where(
        columns.service_id == sa.bindparam("of_service"),
        columns.created_at >= sa.bindparam("begin", type_=UtcDateTime()),
        columns.created_at < sa.bindparam("end", type_=UtcDateTime()),
        columns.key_type != KeyType.TEST.value,
        columns.channel != Channel.LETTER.value,
        through_the_api,
    )


_OF_MESSAGES = _handed_over(notifications, _n.api_key_id.is_not(None))
_OF_HISTORY = _handed_over(history, _h.by_api)
_SERVICES = sa.select(services.c.id)
_TIMES = sa.select(processing_times).where(_p.day >= sa.bindparam("since")).order_by(_p.day)


def _number_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


_TEXTS = sa.select(
    sa.func.count().label("total"),
    _number_of(_n.status == Status.PERMANENT_FAILURE.value).label("failed_for_good"),
    _number_of(_n.recipient_index.in_(sa.bindparam("tv_indexes", expanding=True))).label("to_tv_numbers"),
).where(
    _n.service_id == sa.bindparam("of_service"),
    _n.created_at >= sa.bindparam("since", type_=UtcDateTime()),
    _n.channel == Channel.SMS.value,
    _n.key_type != KeyType.TEST.value,
)


class SqlStatistics:
    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def processing_time(self, day: date) -> ProcessingTime:
        span = {"begin": london_midnight(day), "end": london_midnight(day + timedelta(days=1))}
        counted = [
            row
            for service in self._session.rows(_SERVICES)
            for wanted in (_OF_MESSAGES, _OF_HISTORY)
            for row in self._session.rows(wanted, span | {"of_service": service["id"]})
        ]
        return ProcessingTime(day, sum(row["total"] for row in counted), sum(row["quick"] for row in counted))

    def keep_processing_time(self, counted: ProcessingTime) -> None:
        row = {"day": counted.day, "total": counted.total, "within_ten_seconds": counted.within_ten_seconds}
        self._session.upsert(processing_times, row, key=("day",))

    def processing_times(self, since: date) -> Sequence[ProcessingTime]:
        rows = self._session.rows(_TIMES, {"since": since})
        return [ProcessingTime(row["day"], row["total"], row["within_ten_seconds"]) for row in rows]

    def texts_sent(self, service_id: ServiceId, since: datetime, tv_numbers: Collection[str]) -> TextsSent:
        # Numbers are kept encrypted; what can be asked is whether one is this one.
        indexes = [self._secrets.blind_index(number, purpose="recipient") for number in tv_numbers]
        (row,) = self._session.rows(_TEXTS, {"of_service": service_id, "since": since, "tv_indexes": indexes})
        return TextsSent(row["total"], row["failed_for_good"], row["to_tv_numbers"])
