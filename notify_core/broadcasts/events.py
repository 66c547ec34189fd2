"""What happens to broadcasts that others may want to know."""

from dataclasses import dataclass

from notify_core.kernel.events import DomainEvent
from notify_core.kernel.ids import BroadcastEventId, BroadcastMessageId, ServiceId


@dataclass(frozen=True)
class BroadcastInstructed(DomainEvent):
    """An event was created that is to go out to the networks; ``service_id``: whose, so that services take turns."""

    broadcast_message_id: BroadcastMessageId
    broadcast_event_id: BroadcastEventId
    service_id: ServiceId | None = None
