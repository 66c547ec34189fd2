"""What happens to received texts that others may want to know."""

from dataclasses import dataclass

from notify_core.kernel.events import DomainEvent
from notify_core.kernel.ids import InboundTextId, ServiceId


@dataclass(frozen=True)
class InboundTextReceived(DomainEvent):
    inbound_text_id: InboundTextId
    service_id: ServiceId
