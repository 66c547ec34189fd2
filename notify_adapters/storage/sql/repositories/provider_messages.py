"""Each network's copy of an instruction, and its history, on SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_broadcasts import (
    broadcast_attempts,
    broadcast_events,
    broadcast_provider_messages,
    message_numbers,
)
from notify_adapters.storage.sql.session import SqlSession
from notify_core.broadcasts.model import Assumption, Attempt, AttemptOutcome, ProviderMessage, Route
from notify_core.broadcasts.states import ProviderMessageStatus
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import BroadcastEventId, BroadcastMessageId, ProviderMessageId

_c = broadcast_provider_messages.c
_COPY = sa.select(broadcast_provider_messages).where(
    _c.broadcast_event_id == sa.bindparam("event_id"), _c.provider == sa.bindparam("provider")
)
_IN_ORDER = (
    sa.select(broadcast_provider_messages)
    .outerjoin(broadcast_events, broadcast_events.c.id == _c.broadcast_event_id)
    # Written in the same moment: as the instructions followed each other.
    .order_by(_c.created_at, sa.func.coalesce(broadcast_events.c.number, 0), _c.provider)
)
_COPIES = _IN_ORDER.where(_c.broadcast_message_id == sa.bindparam("message_id"))
_COPIES_OF = _IN_ORDER.where(_c.broadcast_message_id.in_(sa.bindparam("message_ids", expanding=True)))
_COPIES_OF_PROVIDER = _COPIES.where(_c.provider == sa.bindparam("provider"))
_CHANGE = sa.update(broadcast_provider_messages).where(
    _c.id == sa.bindparam("was_id"),
    _c.status == sa.bindparam("was_status"),
    _c.assumed.is_not_distinct_from(sa.bindparam("was_assumed")),
)
_HISTORY = sa.select(broadcast_attempts).order_by(broadcast_attempts.c.number)
_ATTEMPTS = _HISTORY.where(broadcast_attempts.c.provider_message_id == sa.bindparam("message_id"))
_ATTEMPTS_OF = _HISTORY.where(broadcast_attempts.c.provider_message_id.in_(sa.bindparam("message_ids", expanding=True)))
_NEXT_NUMBER = sa.insert(message_numbers).returning(message_numbers.c.number)


class SqlProviderMessages:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, message: ProviderMessage) -> None:
        # The fields of a provider message are the columns, by name.
        self._session.insert(broadcast_provider_messages, [asdict(message)])

    def find(self, event_id: BroadcastEventId, provider: str) -> ProviderMessage | None:
        row = self._session.row(_COPY, {"event_id": event_id, "provider": provider})
        return None if row is None else _to_provider_message(row)

    def of_message(self, message_id: BroadcastMessageId, provider: str | None = None) -> Sequence[ProviderMessage]:
        if provider is None:
            rows = self._session.rows(_COPIES, {"message_id": message_id})
        else:
            rows = self._session.rows(_COPIES_OF_PROVIDER, {"message_id": message_id, "provider": provider})
        return [_to_provider_message(row) for row in rows]

    def of_messages(
        self, message_ids: Collection[BroadcastMessageId]
    ) -> Mapping[BroadcastMessageId, Sequence[ProviderMessage]]:
        found: dict[BroadcastMessageId, list[ProviderMessage]] = {message_id: [] for message_id in message_ids}
        for row in self._session.rows(_COPIES_OF, {"message_ids": list(found)}):
            found[row["broadcast_message_id"]].append(_to_provider_message(row))
        return found

    def change(self, was: ProviderMessage, becomes: ProviderMessage) -> None:
        unchanged = {"was_id": was.id, "was_status": was.status, "was_assumed": was.assumed}
        if not self._session.changed(_CHANGE, {**unchanged, **asdict(becomes)}):
            raise Conflict(f"provider message {was.id} was changed by somebody else")

    def add_attempts(self, attempts: Sequence[Attempt]) -> None:
        self._session.insert(broadcast_attempts, [asdict(attempt) for attempt in attempts])

    def attempts(self, message_id: ProviderMessageId) -> Sequence[Attempt]:
        return [_to_attempt(row) for row in self._session.rows(_ATTEMPTS, {"message_id": message_id})]

    def attempts_of(self, message_ids: Collection[ProviderMessageId]) -> Mapping[ProviderMessageId, Sequence[Attempt]]:
        found: dict[ProviderMessageId, list[Attempt]] = {message_id: [] for message_id in message_ids}
        for row in self._session.rows(_ATTEMPTS_OF, {"message_ids": list(found)}):
            found[row["provider_message_id"]].append(_to_attempt(row))
        return found

    def next_number(self) -> int:
        number: int = self._session.scalar(_NEXT_NUMBER)
        return number


def _to_provider_message(row: sa.RowMapping) -> ProviderMessage:
    assumed = None if row["assumed"] is None else Assumption(row["assumed"])
    return ProviderMessage(**{**row, "status": ProviderMessageStatus(row["status"]), "assumed": assumed})


def _to_attempt(row: sa.RowMapping) -> Attempt:
    return Attempt(
        row["provider_message_id"],
        row["at"],
        Route(row["route"]),
        AttemptOutcome(row["outcome"]),
        row["detail"],
    )
