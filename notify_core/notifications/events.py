"""What happens to notifications that others may want to know."""

from dataclasses import dataclass

from notify_core.kernel.events import DomainEvent
from notify_core.kernel.ids import ComplaintId, NotificationId, ServiceId
from notify_core.notifications.states import Status


@dataclass(frozen=True)
class NotificationEnded(DomainEvent):
    """A notification reached ``status`` by a receipt, exhaustion, refusal, time-out or simulation."""

    notification_id: NotificationId
    service_id: ServiceId
    status: Status


@dataclass(frozen=True)
class ComplaintReceived(DomainEvent):
    """Somebody marked an email of the service as spam."""

    complaint_id: ComplaintId
    service_id: ServiceId
