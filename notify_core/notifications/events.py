"""What happens to notifications that others may want to know."""

from dataclasses import dataclass

from notify_core.kernel.events import DomainEvent
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.states import Status


@dataclass(frozen=True)
class NotificationEnded(DomainEvent):
    """A notification reached ``status`` by a receipt, exhaustion, refusal, time-out or simulation."""

    notification_id: NotificationId
    service_id: ServiceId
    status: Status
