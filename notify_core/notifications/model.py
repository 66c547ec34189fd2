"""Text messages and emails on their way to one recipient."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self

from notify_core.accounts.model import KeyType
from notify_core.kernel.ids import ApiKeyId, ComplaintId, JobId, NotificationId, ServiceId, TemplateId
from notify_core.notifications.states import MACHINE, Event, Status


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a message stands among all of its service, whatever its kind: in the order of their creation."""

    created_at: datetime
    id: NotificationId


PersonalisationValue = str | int | float | bool | list[str]


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one recipient. The content is not kept: it is the template's version rendered
    with ``personalisation``.

    ``to`` is the recipient as the sender gave it, ``recipient`` the same normalised (E.164 number,
    lower-case address). ``reference`` is the sender's own, ``supplier_reference`` the one by which
    the supplier's receipts name the message. ``sender`` is the name or number a phone shows;
    ``reply_to`` an email's reply-to address. ``billable_units`` are SMS fragments, ``rate_multiplier`` how
    many times the rate each of them costs. ``job_id`` and ``job_row`` say which row of which job it is.
    """

    id: NotificationId
    service_id: ServiceId
    channel: Channel
    template_id: TemplateId
    template_version: int
    to: str
    recipient: str
    key_type: KeyType
    created_at: datetime
    status: Status = Status.CREATED
    api_key_id: ApiKeyId | None = None
    personalisation: Mapping[str, PersonalisationValue] = field(default_factory=dict)
    reference: str | None = None
    sender: str | None = None
    reply_to: str | None = None
    international: bool = False
    rate_multiplier: int = 1
    billable_units: int = 0
    scheduled_for: datetime | None = None
    one_click_unsubscribe_url: str | None = None
    sent_by: str | None = None
    supplier_reference: str | None = None
    sent_at: datetime | None = None
    completed_at: datetime | None = None
    updated_at: datetime | None = None
    job_id: JobId | None = None
    job_row: int | None = None

    def after(self, event: Event, now: datetime) -> Self:
        """The notification after ``event``; itself where the event is a declared ignore.

        :raises IllegalTransition: the event cannot happen to it.
        """
        if MACHINE.ignores_event(self.status, event):
            return self
        status = MACHINE.after(self.status, event)
        completed = now if status in MACHINE.final_states else None
        return replace(self, status=status, updated_at=now, completed_at=completed)

    def handed_over(
        self, *, supplier: str, supplier_reference: str, billable_units: int, now: datetime, receipts: bool = True
    ) -> Self:
        """After ``supplier`` took it. An SMS abroad counts as sent, and so does what gets no ``receipts``."""
        expected = receipts and not self.international
        after = self.after(Event.HANDED_OVER if expected else Event.HANDED_OVER_ABROAD, now)
        if after is self:
            return self
        return replace(
            after, sent_by=supplier, supplier_reference=supplier_reference, billable_units=billable_units, sent_at=now
        )


@dataclass(frozen=True, slots=True)
class SmsRate:
    """What a fragment costs, in pounds, when its message was accepted at ``valid_from`` or later, until the next
    rate. ``multipliers``: how many times as much it costs abroad, by country prefix (``33``). ``without_receipts``: the
    prefixes of countries whose networks say nothing true of a text's arrival."""

    valid_from: datetime
    rate: Decimal
    multipliers: Mapping[str, int] = field(default_factory=dict)
    without_receipts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SmsBill:
    """What a text's cost is made of; ``rate`` is that of one fragment, in pounds."""

    fragments: int
    multiplier: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Cost:
    """``bill`` is a text's."""

    pounds: Decimal
    bill: SmsBill | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a channel's messages a supplier gets: ``points`` now, ``resting`` when nothing disturbs."""

    supplier: str
    points: int
    resting: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class Balance:
    """How a channel's messages are shared out among its suppliers. All points together are 100, and all resting points.

    ``disturbed_at`` is when points last moved for any other reason than going back to rest, ``slowed_at`` when they did
    because somebody was slow, or by an operator's word; ``version`` counts changes.
    """

    channel: Channel
    shares: tuple[Share, ...]
    disturbed_at: datetime | None = None
    slowed_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class DeliverySpeed:
    """Of a supplier's messages of late, how many took too long to arrive, or still have not arrived after as long."""

    supplier: str
    messages: int
    slow: int


class Outcome(StrEnum):
    """What a supplier's receipt means, whatever its code; adapters translate."""

    DELIVERED = "delivered"
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    PENDING = "pending"
    # Permanent, but without a reason: temporary when the message was pending.
    PERMANENT_UNDETAILED = "permanent-undetailed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Receipt:
    """``detail`` is for people: the supplier's code in its own words, never personal data."""

    supplier: str
    reference: str
    outcome: Outcome
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ComplaintReport:
    """What a supplier says of a complaint about the message with its ``reference``. ``complaint_reference`` is the same
    whenever the supplier repeats it; ``detail`` is for people, never personal data."""

    supplier: str
    reference: str
    complaint_reference: str
    complained_at: datetime | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """A message, and the service that sent it."""

    notification_id: NotificationId
    service_id: ServiceId


@dataclass(frozen=True, slots=True)
class Complaint:
    """A recipient told the supplier that an email of ours is spam."""

    id: ComplaintId
    notification_id: NotificationId
    service_id: ServiceId
    supplier: str
    supplier_reference: str
    complained_at: datetime
    received_at: datetime
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class EarlyReceipt:
    """A receipt that overtook our own record; applied when the record comes."""

    receipt: Receipt
    received_at: datetime


@dataclass(frozen=True, slots=True)
class UnsubscribeRequest:
    """A recipient of one of our emails wants no more of them."""

    notification_id: NotificationId
    service_id: ServiceId
    template_id: TemplateId
    template_version: int
    recipient: str
    requested_at: datetime
