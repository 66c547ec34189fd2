"""Emergency alerts and the instructions that follow from them, on SQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.paging import behind, place_of
from notify_adapters.storage.sql.repositories.broadcast_rows import (
    from_event,
    from_message,
    to_event,
    to_message,
)
from notify_adapters.storage.sql.schema_broadcasts import broadcast_events, broadcast_messages, cap_submissions
from notify_adapters.storage.sql.session import Row, SqlSession
from notify_core.broadcasts.model import BroadcastEvent, BroadcastMessage, CapSubmission
from notify_core.broadcasts.states import MessageStatus
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import BroadcastEventId, BroadcastMessageId, ServiceId

_c = broadcast_messages.c


_NEWEST_FIRST = (_c.created_at.desc(), _c.id.desc())
_MESSAGE = sa.select(broadcast_messages).where(_c.id == sa.bindparam("id"))
_MESSAGE_OF_SERVICE = _MESSAGE.where(_c.service_id == sa.bindparam("service_id"))
_CHANGE = sa.update(broadcast_messages).where(
    _c.id == sa.bindparam("was_id"),
    _c.status == sa.bindparam("was_status"),
    _c.updated_at.is_not_distinct_from(sa.bindparam("was_updated_at")),
)
_PAGE = (
    sa.select(broadcast_messages)
    .where(_c.service_id == sa.bindparam("service_id"))
    .order_by(*_NEWEST_FIRST)
    .limit(sa.bindparam("number"))
)
_NEXT_PAGE = _PAGE.where(behind(_c.created_at, _c.id))
_EXPIRED = (
    sa.select(broadcast_messages)
    .where(_c.status == MessageStatus.BROADCASTING, _c.finishes_at <= sa.bindparam("now"))
    .order_by(_c.finishes_at, _c.id)
    .limit(sa.bindparam("number"))
)
_RECENT = {
    "status": _c.status == sa.bindparam("status"),
    "service_id": _c.service_id == sa.bindparam("service_id"),
    "start_id": behind(_c.created_at, _c.id),
}
_EVENT = sa.select(broadcast_events).where(broadcast_events.c.id == sa.bindparam("id"))
_EVENTS = (
    sa.select(broadcast_events)
    .where(broadcast_events.c.broadcast_message_id == sa.bindparam("message_id"))
    .order_by(broadcast_events.c.number)
)
_EVENTS_OF = (
    sa.select(broadcast_events)
    .where(broadcast_events.c.broadcast_message_id.in_(sa.bindparam("message_ids", expanding=True)))
    .order_by(broadcast_events.c.number)
)
_SUBMISSION = sa.select(cap_submissions).where(
    *(cap_submissions.c[name] == sa.bindparam(name) for name in ("service_id", "identifier", "sender", "sent"))
)


@lru_cache(maxsize=8)
def _recent(filtered_by: frozenset[str]) -> sa.Select[Any]:
    """The newest; the parameters have the names of what they are filtered by."""
    wanted = [condition for name, condition in _RECENT.items() if name in filtered_by]
    return sa.select(broadcast_messages).where(*wanted).order_by(*_NEWEST_FIRST).limit(sa.bindparam("number"))


class SqlBroadcastMessages:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, message: BroadcastMessage) -> None:
        self._session.insert(broadcast_messages, [from_message(message)])

    def get(self, message_id: BroadcastMessageId, service_id: ServiceId | None = None) -> BroadcastMessage:
        if service_id is None:
            row = self._session.row(_MESSAGE, {"id": message_id})
        else:
            row = self._session.row(_MESSAGE_OF_SERVICE, {"id": message_id, "service_id": service_id})
        if row is None:
            raise NotFound(f"no broadcast message {message_id}")
        return to_message(row)

    def change(self, was: BroadcastMessage, becomes: BroadcastMessage) -> None:
        unchanged = {"was_id": was.id, "was_status": was.status, "was_updated_at": was.updated_at}
        if not self._session.changed(_CHANGE, {**unchanged, **from_message(becomes)}):
            raise Conflict(f"broadcast message {was.id} was changed by somebody else")

    def page(
        self, service_id: ServiceId, older_than: BroadcastMessageId | None = None, limit: int = 250
    ) -> Sequence[BroadcastMessage]:
        values = {"service_id": service_id, "number": limit}
        if older_than is None:
            return self._found(_PAGE, values)
        start = self._session.row(_MESSAGE_OF_SERVICE, {"id": older_than, "service_id": service_id})
        return [] if start is None else self._found(_NEXT_PAGE, values | place_of(start))

    def recent(
        self,
        *,
        status: MessageStatus | None = None,
        service_id: ServiceId | None = None,
        older_than: BroadcastMessageId | None = None,
        limit: int = 50,
    ) -> Sequence[BroadcastMessage]:
        asked = {"status": status, "service_id": service_id}
        filters = {name: value for name, value in asked.items() if value is not None}
        if older_than is not None:
            start = self._session.row(_MESSAGE, {"id": older_than})
            if start is None or service_id not in {None, start["service_id"]}:
                return []
            filters |= place_of(start)
        return self._found(_recent(frozenset(filters)), {**filters, "number": limit})

    def expired(self, now: datetime, limit: int) -> Sequence[BroadcastMessage]:
        return self._found(_EXPIRED, {"now": now, "number": limit})

    def _found(self, wanted: sa.Select[Any], values: Row) -> list[BroadcastMessage]:
        return [to_message(row) for row in self._session.rows(wanted, values)]


class SqlBroadcastEvents:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, event: BroadcastEvent) -> None:
        self._session.insert(broadcast_events, [from_event(event)])

    def get(self, event_id: BroadcastEventId) -> BroadcastEvent:
        row = self._session.row(_EVENT, {"id": event_id})
        if row is None:
            raise NotFound(f"no broadcast event {event_id}")
        return to_event(row)

    def of_message(self, message_id: BroadcastMessageId) -> Sequence[BroadcastEvent]:
        return [to_event(row) for row in self._session.rows(_EVENTS, {"message_id": message_id})]

    def of_messages(
        self, message_ids: Collection[BroadcastMessageId]
    ) -> Mapping[BroadcastMessageId, Sequence[BroadcastEvent]]:
        found: dict[BroadcastMessageId, list[BroadcastEvent]] = {message_id: [] for message_id in message_ids}
        for row in self._session.rows(_EVENTS_OF, {"message_ids": list(found)}):
            found[row["broadcast_message_id"]].append(to_event(row))
        return found


class SqlCapSubmissions:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, submission: CapSubmission) -> None:
        row = {
            "service_id": submission.service_id,
            "identifier": submission.identifier,
            "sender": submission.sender,
            "sent": submission.sent,
            "broadcast_message_id": submission.broadcast_message_id,
            "received_at": submission.received_at,
        }
        self._session.insert(cap_submissions, [row])

    def find(self, service_id: ServiceId, identifier: str, sender: str, sent: str) -> CapSubmission | None:
        document = {"service_id": service_id, "identifier": identifier, "sender": sender, "sent": sent}
        row = self._session.row(_SUBMISSION, document)
        return None if row is None else CapSubmission(**row)
