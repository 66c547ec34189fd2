"""What sending text messages and emails needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from notify_core.accounts.model import KeyType
from notify_core.alarms.ports import AlarmsWork
from notify_core.documents.ports import DocumentsWork
from notify_core.kernel.errors import NotifyError, PermanentError
from notify_core.kernel.ids import ComplaintId, NotificationId, ServiceId
from notify_core.notifications.model import (
    Balance,
    Channel,
    Complaint,
    ComplaintReport,
    DeliverySpeed,
    EarlyReceipt,
    Notification,
    Place,
    Receipt,
    SmsRate,
    UnsubscribeRequest,
)
from notify_core.notifications.states import Status
from notify_core.templates.ports import TemplatesWork


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


class EarlyReceipts(Protocol):
    def keep(self, early: EarlyReceipt) -> None: ...

    def take(self, supplier: str, reference: str) -> Sequence[Receipt]:
        """Those kept for this message, oldest first; they are kept no longer."""
        ...

    def forget_before(self, moment: datetime) -> int:
        """Drop those received before ``moment``; returns how many."""
        ...


class Complaints(Protocol):
    def add(self, complaint: Complaint) -> bool:
        """Keep it; false: its id, or its reference at the supplier, is there already, and nothing happens."""
        ...

    def get(self, complaint_id: ComplaintId) -> Complaint:
        """:raises NotFound: no such complaint."""
        ...


class Balances(Protocol):
    """How messages are shared out among suppliers, channel by channel."""

    def get(self, channel: Channel) -> Balance | None:
        """None: nothing has disturbed it yet."""
        ...

    def change(self, was: Balance | None, becomes: Balance) -> None:
        """Store ``becomes``, with the version after that of ``was``, if that is what is stored (None: nothing).

        :raises Conflict: another change was first.
        """
        ...


class SmsRates(Protocol):
    def put(self, rate: SmsRate) -> None:
        """One per moment: replaces the earlier one."""
        ...

    def all(self) -> Sequence[SmsRate]:
        """Oldest first; there are few."""
        ...


class UnsubscribeRequests(Protocol):
    def add(self, request: UnsubscribeRequest) -> None:
        """Nothing happens when one of this notification is there."""
        ...

    def page(
        self, service_id: ServiceId, older_than: NotificationId | None = None, limit: int = 250
    ) -> Sequence[UnsubscribeRequest]:
        """Newest first, from behind the one of ``older_than``; empty when there is none of it."""
        ...


class NotificationsWork(DocumentsWork, TemplatesWork, Protocol):
    @property
    def notifications(self) -> Notifications: ...
    @property
    def early_receipts(self) -> EarlyReceipts: ...
    @property
    def complaints(self) -> Complaints: ...
    @property
    def balances(self) -> Balances: ...
    @property
    def sms_rates(self) -> SmsRates: ...
    @property
    def unsubscribe_requests(self) -> UnsubscribeRequests: ...


class ReceiptsWork(NotificationsWork, AlarmsWork, Protocol):
    """What a receipt may change: its message, and whom it alarms."""


class SupplierRefused(PermanentError):
    """The supplier will never take this message (bad address, forbidden content)."""


@dataclass(frozen=True, slots=True)
class OutgoingSms:
    """``reference`` is ours: the same for every try of one message. ``recipient`` is E.164."""

    reference: str
    recipient: str
    content: str
    sender: str
    international: bool = False


@dataclass(frozen=True, slots=True)
class OutgoingEmail:
    """``from_address`` is ``"Name" <address>``; ``headers`` are extra ones (list-unsubscribe)."""

    reference: str
    recipient: str
    subject: str
    plain: str
    html: str
    from_address: str
    reply_to: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class SmsSupplier(Protocol):
    """A supplier of text messages."""

    @property
    def name(self) -> str:
        """What receipts and records call it."""
        ...

    def send(self, message: OutgoingSms) -> str:
        """Hand one message over; returns the reference its receipts will carry.

        :raises TransientError: not taken now (time-out, 5xx, too busy); may have been taken all the same.
        :raises SupplierRefused: never will be.
        """
        ...


class EmailSupplier(Protocol):
    """A supplier of emails."""

    @property
    def name(self) -> str:
        """What receipts and records call it."""
        ...

    @property
    def sends_receipts(self) -> bool:
        """Whether it tells later what became of a message. If not, what it took counts as sent."""
        ...

    def send(self, message: OutgoingEmail) -> str:
        """Hand one message over; returns the reference its receipts will carry.

        :raises TransientError: not taken now (time-out, 5xx, too busy); may have been taken all the same.
        :raises SupplierRefused: never will be.
        """
        ...


class ReceiptUnreadable(NotifyError):
    """A request at a receipt endpoint is not what the supplier sends; the message says why."""


class ReceiptForged(NotifyError):
    """A request at a receipt endpoint is not signed by whom it claims to come from."""


@dataclass(frozen=True, slots=True)
class ReceiptRequest:
    """What arrived at a receipt endpoint: header names in lower case, the raw body."""

    body: bytes
    headers: Mapping[str, str]


class ReceiptTranslator(Protocol):
    """Turns a supplier's receipts into ours; lives beside the sending code of that supplier."""

    @property
    def supplier(self) -> str:
        """The last part of the endpoint's path, and the supplier its receipts name."""
        ...

    def translate(self, request: ReceiptRequest) -> Sequence[Receipt | ComplaintReport]:
        """The receipts, and the complaints, in one request; may be none (a subscription's confirmation).

        :raises ReceiptUnreadable: it is not understood.
        :raises ReceiptForged: its signature is missing or wrong.
        :raises TransientError: what is needed to check the signature cannot be had now; the supplier
            comes again.
        """
        ...
