"""Telling services what happened, as tasks with a retry queue of their own."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.ids import InboundTextId, NotificationId
from notify_core.kernel.queues import SERVICE_CALLBACKS, SERVICE_CALLBACKS_RETRY, Queue
from notify_core.kernel.tasks import RetryPolicy, Task, every


@dataclass(frozen=True)
class SendDeliveryStatus(Task):
    name: ClassVar[str] = "send-delivery-status"
    queue: ClassVar[Queue] = SERVICE_CALLBACKS
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=5, queue=SERVICE_CALLBACKS_RETRY)

    notification_id: NotificationId

    def dedupe_key(self) -> str:
        return f"delivery-status:{self.notification_id}"


@dataclass(frozen=True)
class SendInboundSms(Task):
    name: ClassVar[str] = "send-inbound-sms"
    queue: ClassVar[Queue] = SERVICE_CALLBACKS
    retry: ClassVar[RetryPolicy] = RetryPolicy(delay=every(300), maximum=5, queue=SERVICE_CALLBACKS_RETRY)

    inbound_text_id: InboundTextId

    def dedupe_key(self) -> str:
        return f"inbound-sms:{self.inbound_text_id}"
