"""The messages themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from notify_core.accounts.model import KeyType
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.model import Channel, DeliverySpeed, Notification, Place, Whose
from notify_core.notifications.states import Status


@dataclass(frozen=True, slots=True)
class NotificationFilter:
    """What a listing shows; empty fields filter nothing. ``key_types``: whose messages are seen; ``behind``: those
    older than what stands there; ``with_jobs``: those of CSV uploads, too."""

    key_types: frozenset[KeyType] = frozenset(KeyType)
    statuses: frozenset[Status] = frozenset()
    channels: frozenset[Channel] = frozenset()
    reference: str | None = None
    behind: Place | None = None
    with_jobs: bool = True


class Notifications(Protocol):
    def add_many(self, notifications: Sequence[Notification]) -> None:
        """:raises AlreadyExists: at commit, when an id is taken."""
        ...

    def add_new(self, notifications: Sequence[Notification]) -> Collection[NotificationId]:
        """Add those whose ids are not taken, and say which they were. For many messages of one batch."""
        ...

    def get(self, notification_id: NotificationId, service_id: ServiceId | None = None) -> Notification:
        """:raises NotFound: no such notification (of this service, when given)."""
        ...

    def those(self, notification_ids: Sequence[NotificationId]) -> Sequence[Notification]:
        """Those that there are, in any order."""
        ...

    def by_supplier_reference(self, supplier: str, reference: str) -> Notification | None: ...

    def whose(self, supplier: str, reference: str) -> Whose | None:
        """The message of this reference, also an email that is in the history; None: it is neither here nor there."""
        ...

    def change(self, was: Notification, becomes: Notification) -> None:
        """Store ``becomes`` if the stored status is still that of ``was``.

        :raises Conflict: it is another by now.
        """
        ...

    def hand_over(self, was: Notification, becomes: Notification) -> None:
        """Store ``becomes``, which a supplier has taken, if the stored status is still that of ``was`` and no early
        receipt of it is kept. It is done at the commit, as the last change; nothing of the unit sees it.

        :raises Conflict: here or at the commit, when it is not so.
        """
        ...

    def page(self, service_id: ServiceId, wanted: NotificationFilter, limit: int = 250) -> Sequence[Notification]:
        """Newest first."""
        ...

    def place_of(self, service_id: ServiceId, notification_id: NotificationId) -> Place | None:
        """Where one of the service's messages stands; None: it has none with this id."""
        ...

    def sent_before(self, moment: datetime, limit: int) -> Sequence[Notification]:
        """Unfinished SMS and emails (``created`` and not scheduled for ``moment`` or later, ``sending``,
        ``pending``) created before ``moment``, oldest first."""
        ...

    def sms_speeds(self, since: datetime, slow_after: timedelta, now: datetime) -> Sequence[DeliverySpeed]:
        """Of the texts sent at ``since`` or later, by supplier: all that are delivered or may still be, and those
        of them that arrived more than ``slow_after`` behind their sending, or have not after as long. Without those of
        test keys."""
        ...

    def created_without_task(self, before: datetime, limit: int) -> Sequence[Notification]:
        """SMS and emails still ``created``, created before ``before`` and not scheduled for ``before`` or
        later, with no unfinished ledger row of their own (dedupe key ``deliver:{id}``)."""
        ...
