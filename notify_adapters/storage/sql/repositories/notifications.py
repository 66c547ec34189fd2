"""Text messages and emails, on SQL."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.bulk import insert_new
from notify_adapters.storage.sql.paging import behind, place_of
from notify_adapters.storage.sql.references import has_reference
from notify_adapters.storage.sql.repositories.notification_rows import NotificationRows
from notify_adapters.storage.sql.schema_history import history
from notify_adapters.storage.sql.schema_notifications import (
    IS_CREATED,
    IS_SENT_TEXT,
    UNFINISHED,
    early_receipts,
    notifications,
)
from notify_adapters.storage.sql.session import Row, SqlSession
from notify_adapters.storage.sql.statements import LastChange
from notify_adapters.storage.sql.task_keys import has_task
from notify_adapters.storage.sql.types import seconds_between
from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.model import Channel, DeliverySpeed, Notification, Place, Whose
from notify_core.notifications.ports import NotificationFilter
from notify_core.notifications.states import Status
from notify_core.ports.secrets import Secrets

_c = notifications.c
_NEWEST_FIRST = (_c.created_at.desc(), _c.id.desc())
_OLDEST_FIRST = (_c.created_at, _c.id)

# Literal, see ``UNFINISHED``.
_IS_UNFINISHED = _c.status.in_(sa.bindparam("unfinished", UNFINISHED, expanding=True, literal_execute=True))
# One that was due before ``moment`` waits for nothing any more.
_IS_DUE = sa.or_(_c.scheduled_for.is_(None), _c.scheduled_for < sa.bindparam("moment"))
_NOT_WAITING_FOR_ITS_TIME = sa.or_(_c.status != Status.CREATED, _IS_DUE)

_THIS = sa.select(notifications).where(_c.id == sa.bindparam("id"))
_THIS_OF_SERVICE = _THIS.where(_c.service_id == sa.bindparam("service_id"))
_PLACE = sa.select(_c.created_at, _c.id).where(_c.id == sa.bindparam("id"), _c.service_id == sa.bindparam("service_id"))
_BY_REFERENCE = (
    sa.select(notifications)
    .where(_c.sent_by == sa.bindparam("supplier"), _c.supplier_reference == sa.bindparam("reference"))
    .order_by(*_NEWEST_FIRST)
    .limit(1)
)
_IN_HISTORY = (
    sa.select(history)
    .where(history.c.sent_by == sa.bindparam("supplier"), history.c.supplier_reference == sa.bindparam("reference"))
    .limit(1)
)
# What a hand-over changes; as :func:`NotificationRows.from_notification` names it.
_HANDED_OVER = ("status", "sent_by", "supplier_reference", "billable_units", "sent_at", "updated_at")
_EARLY = sa.select(early_receipts.c.number).where(
    early_receipts.c.supplier == sa.bindparam("of_supplier"), early_receipts.c.reference == sa.bindparam("of_reference")
)
_HAND_OVER = (
    sa.update(notifications)
    .where(_c.id == sa.bindparam("was_id"), _c.status == sa.bindparam("was_status"), ~sa.exists(_EARLY))
    .values({name: sa.bindparam(f"new_{name}", type_=_c[name].type) for name in _HANDED_OVER})
)
_THOSE = sa.select(notifications).where(_c.id.in_(sa.bindparam("ids", expanding=True)))
_CHANGE = sa.update(notifications).where(_c.id == sa.bindparam("was_id"), _c.status == sa.bindparam("was_status"))
_OLD = (
    sa.select(notifications)
    .where(_c.channel != Channel.LETTER, _c.created_at < sa.bindparam("moment"))
    .order_by(*_OLDEST_FIRST)
    .limit(sa.bindparam("number"))
)
_SENT_BEFORE = _OLD.where(_IS_UNFINISHED, _NOT_WAITING_FOR_ITS_TIME)
_WITHOUT_TASK = _OLD.where(IS_CREATED, _IS_DUE, ~has_task("deliver", _c.id))

_TOOK_LONG = seconds_between(_c.sent_at, _c.completed_at) > sa.bindparam("slow_after", type_=sa.Float())
_IS_LATE = sa.and_(_c.completed_at.is_(None), _c.sent_at < sa.bindparam("slow_since"))
_SMS_SPEEDS = (
    sa.select(
        _c.sent_by,
        sa.func.count().label("messages"),
        sa.func.sum(sa.case((sa.or_(_TOOK_LONG, _IS_LATE), 1), else_=0)).label("slow"),
    )
    .where(
        IS_SENT_TEXT,
        _c.sent_at >= sa.bindparam("since"),
        _c.key_type != KeyType.TEST,
        _c.status.in_([Status.SENDING, Status.PENDING, Status.DELIVERED]),
    )
    .group_by(_c.sent_by)
    .order_by(_c.sent_by)
)


@lru_cache(maxsize=256)
def _page(filtered_by: frozenset[str]) -> sa.Select[Any]:
    """A page of a service; the parameters have the names of what it is filtered by."""
    conditions = {
        "key_types": _c.key_type.in_(sa.bindparam("key_types", expanding=True)),
        "statuses": _c.status.in_(sa.bindparam("statuses", expanding=True)),
        "channels": _c.channel.in_(sa.bindparam("channels", expanding=True)),
        "reference": has_reference(_c.reference, sa.bindparam("reference", type_=sa.String())),
        "start_id": behind(_c.created_at, _c.id),
        "without_jobs": _c.job_id.is_(None),
    }
    wanted = [condition for name, condition in conditions.items() if name in filtered_by]
    page = sa.select(notifications).where(_c.service_id == sa.bindparam("service_id"), *wanted)
    return page.order_by(*_NEWEST_FIRST).limit(sa.bindparam("number"))


class SqlNotifications:
    """Recipients and personalisation are kept encrypted."""

    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._rows = NotificationRows(secrets)

    def add_many(self, added: Sequence[Notification]) -> None:
        self._session.insert(notifications, _given([self._rows.from_notification(one) for one in added]))

    def add_new(self, added: Sequence[Notification]) -> Collection[NotificationId]:
        rows = _given([self._rows.from_notification(one) for one in added])
        return {NotificationId(new) for new in insert_new(self._session, notifications, rows)}

    def get(self, notification_id: NotificationId, service_id: ServiceId | None = None) -> Notification:
        row: sa.RowMapping | Row | None
        if service_id is None:
            row = self._session.row(_THIS, {"id": notification_id})
        else:
            row = self._session.row_by_key(_THIS_OF_SERVICE, {"id": notification_id, "service_id": service_id})
        if row is None:
            raise NotFound(f"no notification {notification_id}")
        return self._rows.to_notification(row)

    def those(self, notification_ids: Sequence[NotificationId]) -> Sequence[Notification]:
        return self._found(_THOSE, {"ids": notification_ids})

    def by_supplier_reference(self, supplier: str, reference: str) -> Notification | None:
        row = self._session.row(_BY_REFERENCE, {"supplier": supplier, "reference": reference})
        return None if row is None else self._rows.to_notification(row)

    def whose(self, supplier: str, reference: str) -> Whose | None:
        wanted = {"supplier": supplier, "reference": reference}
        row = self._session.row(_BY_REFERENCE, wanted) or self._session.row(_IN_HISTORY, wanted)
        return None if row is None else Whose(row["id"], row["service_id"])

    def change(self, was: Notification, becomes: Notification) -> None:
        unchanged = {"was_id": was.id, "was_status": was.status}
        if not self._session.changed(_CHANGE, unchanged | self._rows.changes(was, becomes)):
            raise Conflict(f"notification {was.id} is no longer {was.status}")

    def hand_over(self, was: Notification, becomes: Notification) -> None:
        values = {
            "was_id": was.id,
            "was_status": was.status,
            "of_supplier": becomes.sent_by,
            "of_reference": becomes.supplier_reference,
            **{f"new_{name}": getattr(becomes, name) for name in _HANDED_OVER},
        }
        missed = Conflict(f"notification {was.id} is no longer {was.status}, or has a receipt already")
        self._session.must_write()
        self._session.last_change = LastChange(_HAND_OVER, values, missed)

    def page(self, service_id: ServiceId, wanted: NotificationFilter, limit: int = 250) -> Sequence[Notification]:
        filters = _filters(wanted)
        return self._found(_page(frozenset(filters)), {"service_id": service_id, "number": limit, **filters})

    def place_of(self, service_id: ServiceId, notification_id: NotificationId) -> Place | None:
        row = self._session.row(_PLACE, {"id": notification_id, "service_id": service_id})
        return None if row is None else Place(row["created_at"], row["id"])

    def sent_before(self, moment: datetime, limit: int) -> Sequence[Notification]:
        return self._found(_SENT_BEFORE, {"moment": moment, "number": limit})

    def sms_speeds(self, since: datetime, slow_after: timedelta, now: datetime) -> Sequence[DeliverySpeed]:
        values = {"since": since, "slow_since": now - slow_after, "slow_after": slow_after.total_seconds()}
        found = self._session.rows(_SMS_SPEEDS, values)
        return [DeliverySpeed(row["sent_by"], row["messages"], row["slow"]) for row in found]

    def created_without_task(self, before: datetime, limit: int) -> Sequence[Notification]:
        return self._found(_WITHOUT_TASK, {"moment": before, "number": limit})

    def _found(self, wanted: sa.Select[Any], values: Row) -> list[Notification]:
        return [self._rows.to_notification(row) for row in self._session.rows(wanted, values)]


def _given(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """``rows`` without the columns that none of them fills: half of a new message is for what comes later."""
    if len(rows) == 1:
        return [{name: value for name, value in rows[0].items() if value is not None}]
    filled = [name for name in (rows[0] if rows else ()) if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in filled} for row in rows]


def _filters(wanted: NotificationFilter) -> dict[str, Any]:
    """What is filtered by, with the parameters of :func:`_page`."""
    filters = {
        "key_types": sorted(wanted.key_types),
        "statuses": sorted(wanted.statuses),
        "channels": sorted(wanted.channels),
        "reference": wanted.reference,
        "without_jobs": None if wanted.with_jobs else True,
    }
    given = {name: value for name, value in filters.items() if value not in ([], None)}
    return given if wanted.behind is None else given | place_of(asdict(wanted.behind))
