"""Telling services what happened, as tasks with a retry queue of their own."""

from dataclasses import dataclass, field
from typing import ClassVar

from notify_core.accounts.model import CallbackType
from notify_core.kernel.ids import ComplaintId, InboundTextId, NotificationId, ServiceId
from notify_core.kernel.queues import PERIODIC, SERVICE_CALLBACKS, SERVICE_CALLBACKS_RETRY, Queue
from notify_core.kernel.tasks import RetryPolicy, Task, every


def callback_key(service_id: ServiceId, kind: CallbackType) -> str:
    """The limit key of all that goes to one address: what waits for it is held by this."""
    return f"callback:{service_id}:{kind}"


@dataclass(frozen=True)
class TellService(Task):
    """Base of the tasks that call a service back. ``type`` is the callback's."""

    queue: ClassVar[Queue] = SERVICE_CALLBACKS
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=5, queue=SERVICE_CALLBACKS_RETRY)
    type: ClassVar[CallbackType]

    # Not known in rows that an earlier release wrote.
    service_id: ServiceId | None = field(default=None, kw_only=True)

    def fair_key(self) -> str | None:
        return None if self.service_id is None else str(self.service_id)

    def limit_key(self) -> str | None:
        # A server that is slow or down occupies a few workers, not all of them.
        return None if self.service_id is None else callback_key(self.service_id, self.type)


@dataclass(frozen=True)
class SendDeliveryStatus(TellService):
    name: ClassVar[str] = "send-delivery-status"
    type: ClassVar[CallbackType] = CallbackType.DELIVERY_STATUS

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        return f"delivery-status:{self.notification_id}"


@dataclass(frozen=True)
class SendComplaint(TellService):
    name: ClassVar[str] = "send-complaint"
    type: ClassVar[CallbackType] = CallbackType.COMPLAINT

    complaint_id: ComplaintId

    def dedupe_key(self) -> str:
        return f"complaint:{self.complaint_id}"


@dataclass(frozen=True)
class SendInboundSms(TellService):
    name: ClassVar[str] = "send-inbound-sms"
    type: ClassVar[CallbackType] = CallbackType.INBOUND_SMS

    inbound_text_id: InboundTextId

    def dedupe_key(self) -> str:
        return f"inbound-sms:{self.inbound_text_id}"


@dataclass(frozen=True)
class SendReturnedLetter(TellService):
    name: ClassVar[str] = "send-returned-letter"
    type: ClassVar[CallbackType] = CallbackType.RETURNED_LETTER

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        return f"returned-letter:{self.notification_id}"


@dataclass(frozen=True)
class DeleteCallbackAttempts(Task):
    name: ClassVar[str] = "delete-callback-attempts"
    queue: ClassVar[Queue] = PERIODIC
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(60), maximum=10)
