"""What is kept of messages for good, in memory."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Letter, PastMessage
from notify_core.letters.states import UNFINISHED as UNFINISHED_LETTERS
from notify_core.notifications.model import Channel, Notification, Whose
from notify_core.notifications.states import Status
from notify_core.testing.fakes.database import MemoryDatabase

_UNFINISHED = frozenset({Status.CREATED, Status.SENDING, Status.PENDING})


class MemoryHistory:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[NotificationId, PastMessage] = database.table("history")
        self._messages: MutableMapping[NotificationId, Notification] = database.table("notifications")
        self._letters: MutableMapping[NotificationId, Letter] = database.table("letters")
        self._by_api: MutableMapping[NotificationId, bool] = database.table("history_by_api")
        self._emails: MutableMapping[tuple[str | None, str | None], Whose] = database.table("history_emails")

    def take_in(self, service_id: ServiceId, channel: Channel, before: datetime, limit: int) -> int:
        past = [
            one
            for one in self._messages.values()
            if one.service_id == service_id
            and one.channel is channel
            and one.created_at < before
            and one.status not in _UNFINISHED
        ]
        for one in sorted(past, key=lambda one: (one.created_at, one.id))[:limit]:
            self._keep(_of_message(one), by_api=one.api_key_id is not None)
            if channel is Channel.EMAIL and one.id in self._rows:
                self._emails[one.sent_by, one.supplier_reference] = Whose(one.id, one.service_id)
            del self._messages[one.id]
        return min(len(past), limit)

    def past_letters(self, service_id: ServiceId, before: datetime, limit: int) -> Sequence[Letter]:
        past = (
            one
            for one in self._letters.values()
            if one.service_id == service_id and one.created_at < before and one.status not in UNFINISHED_LETTERS
        )
        return sorted(past, key=lambda one: (one.created_at, one.id))[:limit]

    def take_in_letters(self, letters: Sequence[Letter]) -> None:
        for letter in letters:
            stored = self._letters.get(letter.id)
            if stored is not None and stored.status not in UNFINISHED_LETTERS:
                del self._letters[letter.id]
                self._keep(_of_letter(stored), by_api=stored.api_key_id is not None)

    def get(self, notification_id: NotificationId) -> PastMessage:
        if notification_id not in self._rows:
            raise NotFound(f"no message {notification_id} in the history")
        return self._rows[notification_id]

    def by_file_references(self, references: Sequence[str]) -> Mapping[str, PastMessage]:
        wanted = set(references)
        return {one.file_reference: one for one in self._rows.values() if one.file_reference in wanted}

    def change_status(self, notification_id: NotificationId, status: str) -> None:
        if notification_id in self._rows:
            self._rows[notification_id] = replace(self._rows[notification_id], status=status)

    def _keep(self, past: PastMessage, *, by_api: bool) -> None:
        if past.key_type is not KeyType.TEST:
            self._rows[past.id] = past
            self._by_api[past.id] = by_api


# What both kinds have, under the same names.
_SAME = (
    "id",
    "service_id",
    "template_id",
    "template_version",
    "key_type",
    "created_at",
    "international",
    "job_id",
    "job_row",
    "reference",
    "sent_by",
    "sent_at",
    "completed_at",
)


def _of_message(one: Notification) -> PastMessage:
    return PastMessage(**_same(one), channel=one.channel, units=one.billable_units, rate_multiplier=one.rate_multiplier)


def _of_letter(one: Letter) -> PastMessage:
    return PastMessage(
        **_same(one),
        channel=Channel.LETTER,
        units=one.sheets,
        postage=one.postage.value,
        file_reference=one.file_reference,
        upload_file_name=one.upload_file_name,
    )


def _same(one: Notification | Letter) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _SAME} | {"status": one.status.value}
