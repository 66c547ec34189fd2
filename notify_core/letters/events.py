"""What happens to letters that others may want to know."""

from dataclasses import dataclass

from notify_core.kernel.events import DomainEvent
from notify_core.kernel.ids import NotificationId, ServiceId


@dataclass(frozen=True)
class LetterReturned(DomainEvent):
    """The post brought a letter back."""

    notification_id: NotificationId
    service_id: ServiceId
