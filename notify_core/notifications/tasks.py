"""The background work of text messages and emails."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.ids import NotificationId
from notify_core.kernel.queues import (
    INTERNAL,
    PERIODIC,
    PRIORITY,
    RESEARCH_MODE,
    RETRY,
    SEND_EMAIL,
    SEND_SMS,
    SMS_CALLBACKS,
    Queue,
)
from notify_core.kernel.tasks import FOR_EVER, RetryPolicy, Task, every


@dataclass(frozen=True)
class GiveUpNotification(Task):
    """Follows a delivery whose retries are exhausted."""

    name: ClassVar[str] = "give-up-notification"
    queue: ClassVar[Queue] = RETRY
    # It calls nobody, so it fails only while the database is away or somebody else is faster; and it
    # is the end of the line: nothing follows that would pick up what it leaves.
    retry: ClassVar[RetryPolicy] = FOR_EVER
    most_losses: ClassVar[int | None] = None

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        # The delivery's own: while it is being given up nobody may begin it anew.
        return f"deliver:{self.notification_id}"


@dataclass(frozen=True)
class DeliverSms(Task):
    name: ClassVar[str] = "deliver_sms"
    queue: ClassVar[Queue] = SEND_SMS
    other_queues: ClassVar[tuple[Queue, ...]] = (PRIORITY, RESEARCH_MODE)
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300, first_at_once=True), maximum=48, queue=RETRY)
    together: ClassVar[int] = 10
    when_exhausted: ClassVar[type[Task] | None] = GiveUpNotification

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        return f"deliver:{self.notification_id}"


@dataclass(frozen=True)
class DeliverEmail(Task):
    name: ClassVar[str] = "deliver_email"
    queue: ClassVar[Queue] = SEND_EMAIL
    other_queues: ClassVar[tuple[Queue, ...]] = (PRIORITY, RESEARCH_MODE)
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=48, queue=RETRY)
    together: ClassVar[int] = 10
    when_exhausted: ClassVar[type[Task] | None] = GiveUpNotification

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        return f"deliver:{self.notification_id}"


@dataclass(frozen=True)
class ProcessSmsReceipt(Task):
    """``outcome`` is the value of an :class:`~notify_core.notifications.model.Outcome`."""

    name: ClassVar[str] = "process-sms-client-response"
    queue: ClassVar[Queue] = SMS_CALLBACKS
    other_queues: ClassVar[tuple[Queue, ...]] = (RESEARCH_MODE,)
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=5, queue=RETRY)
    together: ClassVar[int] = 10

    supplier: str
    reference: str
    outcome: str
    detail: str | None = None
    # The receipt came before our record and is kept; has the record come meanwhile?
    second_look: bool = False


@dataclass(frozen=True)
class ProcessEmailReceipt(Task):
    """``outcome`` is the value of an :class:`~notify_core.notifications.model.Outcome`."""

    name: ClassVar[str] = "process-ses-result"
    queue: ClassVar[Queue] = INTERNAL
    other_queues: ClassVar[tuple[Queue, ...]] = (RESEARCH_MODE,)
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=5, queue=RETRY)
    together: ClassVar[int] = 10

    supplier: str
    reference: str
    outcome: str
    detail: str | None = None
    # The receipt came before our record and is kept; has the record come meanwhile?
    second_look: bool = False


@dataclass(frozen=True)
class ProcessComplaint(Task):
    """``complained_at`` is as ISO 8601 writes it, where the supplier said it."""

    name: ClassVar[str] = "process-complaint"
    queue: ClassVar[Queue] = INTERNAL
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=5, queue=RETRY)

    supplier: str
    reference: str
    complaint_reference: str
    complained_at: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class TimeOutSending(Task):
    name: ClassVar[str] = "timeout-sending-notifications"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=10)


@dataclass(frozen=True)
class SwitchOnSlowDelivery(Task):
    name: ClassVar[str] = "switch-current-sms-provider-on-slow-delivery"
    queue: ClassVar[Queue] = PERIODIC
    # The next minute looks again.
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(10), maximum=3)


@dataclass(frozen=True)
class TendBackToRest(Task):
    name: ClassVar[str] = "tend-providers-back-to-middle"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(10), maximum=3)


@dataclass(frozen=True)
class ReplayCreated(Task):
    name: ClassVar[str] = "replay-created-notifications"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=5)
