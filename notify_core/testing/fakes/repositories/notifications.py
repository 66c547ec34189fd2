"""Text messages and emails, in memory."""

from collections.abc import Collection, MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.model import Channel, DeliverySpeed, EarlyReceipt, Notification, Place, Receipt, Whose
from notify_core.notifications.ports import NotificationFilter
from notify_core.notifications.states import Status
from notify_core.ports.task_ledger import EntryState
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert
from notify_core.testing.fakes.task_ledger import MemoryRow

_UNDER_WAY = frozenset({Status.SENDING, Status.PENDING, Status.DELIVERED})
_UNFINISHED = frozenset({Status.CREATED, Status.SENDING, Status.PENDING})


class MemoryNotifications:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[NotificationId, Notification] = database.table("notifications")

    def add_many(self, notifications: Sequence[Notification]) -> None:
        for one in notifications:
            frozen = replace(one, personalisation=dict(one.personalisation))
            insert(self._database, self._rows, one.id, frozen, what=f"notification {one.id}")

    def add_new(self, notifications: Sequence[Notification]) -> Collection[NotificationId]:
        new = {one.id: one for one in notifications if one.id not in self._rows}
        self.add_many(list(new.values()))
        return new.keys()

    def get(self, notification_id: NotificationId, service_id: ServiceId | None = None) -> Notification:
        found = self._rows.get(notification_id)
        if found is None or service_id not in {None, found.service_id}:
            raise NotFound(f"no notification {notification_id}")
        return found

    def those(self, notification_ids: Sequence[NotificationId]) -> Sequence[Notification]:
        return [self._rows[one] for one in notification_ids if one in self._rows]

    def by_supplier_reference(self, supplier: str, reference: str) -> Notification | None:
        found = (one for one in self._rows.values() if one.sent_by == supplier and one.supplier_reference == reference)
        return max(found, key=_age, default=None)

    def whose(self, supplier: str, reference: str) -> Whose | None:
        found = self.by_supplier_reference(supplier, reference)
        if found is not None:
            return Whose(found.id, found.service_id)
        emails: MutableMapping[tuple[str, str], Whose] = self._database.table("history_emails")
        return emails.get((supplier, reference))

    def change(self, was: Notification, becomes: Notification) -> None:
        stored = self._rows.get(was.id)
        if stored is None or stored.status is not was.status:
            raise Conflict(f"notification {was.id} is no longer {was.status}")
        self._rows[was.id] = replace(becomes, personalisation=dict(becomes.personalisation))

    def hand_over(self, was: Notification, becomes: Notification) -> None:
        early: MutableMapping[int, EarlyReceipt] = self._database.table("early_receipts")
        wanted = (becomes.sent_by, becomes.supplier_reference)
        if any((one.receipt.supplier, one.receipt.reference) == wanted for one in early.values()):
            raise Conflict(f"notification {was.id} has a receipt already")
        self.change(was, becomes)

    def page(self, service_id: ServiceId, wanted: NotificationFilter, limit: int = 250) -> Sequence[Notification]:
        own = [one for one in self._rows.values() if one.service_id == service_id]
        return sorted((one for one in own if _matches(one, wanted)), key=_age, reverse=True)[:limit]

    def place_of(self, service_id: ServiceId, notification_id: NotificationId) -> Place | None:
        found = self._rows.get(notification_id)
        return None if found is None or found.service_id != service_id else _age(found)

    def sent_before(self, moment: datetime, limit: int) -> Sequence[Notification]:
        found = (
            one
            for one in self._rows.values()
            if one.channel is not Channel.LETTER
            and one.created_at < moment
            and one.status in _UNFINISHED
            and (one.status is not Status.CREATED or _is_due(one, moment))
        )
        return sorted(found, key=_age)[:limit]

    def sms_speeds(self, since: datetime, slow_after: timedelta, now: datetime) -> Sequence[DeliverySpeed]:
        found: dict[str, list[bool]] = {}
        for one in self._rows.values():
            wanted = one.channel is Channel.SMS and one.key_type is not KeyType.TEST and one.status in _UNDER_WAY
            if wanted and one.sent_by and one.sent_at and one.sent_at >= since:
                slow = (one.completed_at or now) - one.sent_at > slow_after
                found.setdefault(one.sent_by, []).append(slow)
        return [DeliverySpeed(name, len(slow), sum(slow)) for name, slow in sorted(found.items())]

    def created_without_task(self, before: datetime, limit: int) -> Sequence[Notification]:
        ledger: MutableMapping[object, MemoryRow] = self._database.table("task_ledger")
        busy = {row.entry.dedupe for row in ledger.values() if row.entry.state is not EntryState.FAILED}
        found = (
            one
            for one in self._rows.values()
            if one.channel is not Channel.LETTER
            and one.created_at < before
            and one.status is Status.CREATED
            and _is_due(one, before)
            and f"deliver:{one.id}" not in busy
        )
        return sorted(found, key=_age)[:limit]


def _is_due(one: Notification, moment: datetime) -> bool:
    """Whether it waited for nothing any more at ``moment``."""
    return one.scheduled_for is None or one.scheduled_for < moment


def _age(one: Notification) -> Place:
    return Place(one.created_at, one.id)


def _matches(one: Notification, wanted: NotificationFilter) -> bool:
    return (
        (not wanted.key_types or one.key_type in wanted.key_types)
        and (not wanted.statuses or one.status in wanted.statuses)
        and (not wanted.channels or one.channel in wanted.channels)
        and wanted.reference in {None, one.reference}
        and (wanted.behind is None or _age(one) < wanted.behind)
        and (wanted.with_jobs or one.job_id is None)
    )


class MemoryEarlyReceipts:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[int, EarlyReceipt] = database.table("early_receipts")

    def keep(self, early: EarlyReceipt) -> None:
        self._rows[max(self._rows, default=0) + 1] = early

    def take(self, supplier: str, reference: str) -> Sequence[Receipt]:
        wanted = (supplier, reference)
        found = [
            (early.received_at, number)
            for number, early in self._rows.items()
            if (early.receipt.supplier, early.receipt.reference) == wanted
        ]
        return [self._rows.pop(number).receipt for _, number in sorted(found)]

    def forget_before(self, moment: datetime) -> int:
        old = [number for number, early in self._rows.items() if early.received_at < moment]
        for number in old:
            del self._rows[number]
        return len(old)
