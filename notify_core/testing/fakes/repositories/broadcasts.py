"""Emergency alerts, in memory."""

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime

from notify_core.broadcasts.model import (
    Attempt,
    BroadcastEvent,
    BroadcastMessage,
    CapSubmission,
    ProviderMessage,
)
from notify_core.broadcasts.states import MessageStatus
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import BroadcastEventId, BroadcastMessageId, ProviderMessageId, ServiceId
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert


class MemoryBroadcastMessages:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[BroadcastMessageId, BroadcastMessage] = database.table("broadcast_messages")

    def add(self, message: BroadcastMessage) -> None:
        insert(self._database, self._rows, message.id, _frozen(message), what=f"broadcast message {message.id}")

    def get(self, message_id: BroadcastMessageId, service_id: ServiceId | None = None) -> BroadcastMessage:
        found = self._rows.get(message_id)
        if found is None or service_id not in {None, found.service_id}:
            raise NotFound(f"no broadcast message {message_id}")
        return found

    def change(self, was: BroadcastMessage, becomes: BroadcastMessage) -> None:
        stored = self._rows.get(was.id)
        if stored is None or (stored.status, stored.updated_at) != (was.status, was.updated_at):
            raise Conflict(f"broadcast message {was.id} was changed by somebody else")
        self._rows[was.id] = _frozen(becomes)

    def page(
        self, service_id: ServiceId, older_than: BroadcastMessageId | None = None, limit: int = 250
    ) -> Sequence[BroadcastMessage]:
        own = [message for message in self._rows.values() if message.service_id == service_id]
        if older_than is not None:
            start = next((message for message in own if message.id == older_than), None)
            own = [message for message in own if start is not None and _age(message) < _age(start)]
        return sorted(own, key=_age, reverse=True)[:limit]

    def recent(
        self,
        *,
        status: MessageStatus | None = None,
        service_id: ServiceId | None = None,
        older_than: BroadcastMessageId | None = None,
        limit: int = 50,
    ) -> Sequence[BroadcastMessage]:
        found = [message for message in self._rows.values() if service_id in {None, message.service_id}]
        if older_than is not None:
            start = next((message for message in found if message.id == older_than), None)
            found = [message for message in found if start is not None and _age(message) < _age(start)]
        wanted = [message for message in found if status in {None, message.status}]
        return sorted(wanted, key=_age, reverse=True)[:limit]

    def expired(self, now: datetime, limit: int) -> Sequence[BroadcastMessage]:
        found = [
            (message.finishes_at, message.id)
            for message in self._rows.values()
            if message.status is MessageStatus.BROADCASTING
            and message.finishes_at is not None
            and message.finishes_at <= now
        ]
        return [self._rows[message_id] for _, message_id in sorted(found)[:limit]]


def _age(message: BroadcastMessage) -> tuple[datetime, BroadcastMessageId]:
    return message.created_at, message.id


def _frozen(message: BroadcastMessage) -> BroadcastMessage:
    values = message.personalisation
    return message if values is None else replace(message, personalisation=dict(values))


class MemoryBroadcastEvents:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[BroadcastEventId, BroadcastEvent] = database.table("broadcast_events")

    def add(self, event: BroadcastEvent) -> None:
        identity = (event.broadcast_message_id, event.number)
        taken = any((other.broadcast_message_id, other.number) == identity for other in self._rows.values())
        insert(self._database, self._rows, event.id, event, what=f"broadcast event {event.id}", taken=taken)

    def get(self, event_id: BroadcastEventId) -> BroadcastEvent:
        if event_id not in self._rows:
            raise NotFound(f"no broadcast event {event_id}")
        return self._rows[event_id]

    def of_message(self, message_id: BroadcastMessageId) -> Sequence[BroadcastEvent]:
        events = (event for event in self._rows.values() if event.broadcast_message_id == message_id)
        return sorted(events, key=lambda event: event.number)

    def of_messages(
        self, message_ids: Collection[BroadcastMessageId]
    ) -> Mapping[BroadcastMessageId, Sequence[BroadcastEvent]]:
        return {message_id: self.of_message(message_id) for message_id in message_ids}


class MemoryProviderMessages:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[ProviderMessageId, ProviderMessage] = database.table("broadcast_provider_messages")
        self._attempts: MutableMapping[int, Attempt] = database.table("broadcast_attempts")
        self._events: MutableMapping[BroadcastEventId, BroadcastEvent] = database.table("broadcast_events")
        self._numbers: MutableMapping[str, int] = database.table("message_numbers")

    def add(self, message: ProviderMessage) -> None:
        taken = self.find(message.broadcast_event_id, message.provider) is not None
        insert(self._database, self._rows, message.id, message, what=f"provider message {message.id}", taken=taken)

    def find(self, event_id: BroadcastEventId, provider: str) -> ProviderMessage | None:
        wanted = (event_id, provider)
        found = (one for one in self._rows.values() if (one.broadcast_event_id, one.provider) == wanted)
        return next(found, None)

    def of_message(self, message_id: BroadcastMessageId, provider: str | None = None) -> Sequence[ProviderMessage]:
        found = (
            one
            for one in self._rows.values()
            if one.broadcast_message_id == message_id and provider in {None, one.provider}
        )
        return sorted(found, key=self._order)

    def of_messages(
        self, message_ids: Collection[BroadcastMessageId]
    ) -> Mapping[BroadcastMessageId, Sequence[ProviderMessage]]:
        return {message_id: self.of_message(message_id) for message_id in message_ids}

    def change(self, was: ProviderMessage, becomes: ProviderMessage) -> None:
        stored = self._rows.get(was.id)
        if stored is None or (stored.status, stored.assumed) != (was.status, was.assumed):
            raise Conflict(f"provider message {was.id} was changed by somebody else")
        self._rows[was.id] = becomes

    def add_attempts(self, attempts: Sequence[Attempt]) -> None:
        for attempt in attempts:
            # Attempts are never removed, so their count is the next free number.
            self._attempts[len(self._attempts)] = attempt

    def attempts(self, message_id: ProviderMessageId) -> Sequence[Attempt]:
        numbered = sorted(self._attempts.items())
        return [attempt for _, attempt in numbered if attempt.provider_message_id == message_id]

    def attempts_of(self, message_ids: Collection[ProviderMessageId]) -> Mapping[ProviderMessageId, Sequence[Attempt]]:
        return {message_id: self.attempts(message_id) for message_id in message_ids}

    def next_number(self) -> int:
        self._numbers["latest"] = number = self._numbers.get("latest", 0) + 1
        return number

    def _order(self, one: ProviderMessage) -> tuple[datetime, int, str]:
        event = self._events.get(one.broadcast_event_id)
        return one.created_at, 0 if event is None else event.number, one.provider


class MemoryCapSubmissions:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[tuple[ServiceId, str, str, str], CapSubmission] = database.table("cap_submissions")

    def add(self, submission: CapSubmission) -> None:
        key = (submission.service_id, submission.identifier, submission.sender, submission.sent)
        insert(self._database, self._rows, key, submission, what=f"CAP submission {submission.identifier}")

    def find(self, service_id: ServiceId, identifier: str, sender: str, sent: str) -> CapSubmission | None:
        return self._rows.get((service_id, identifier, sender, sent))
