"""Texts that people send to a service's number."""

from dataclasses import dataclass
from datetime import datetime

from notify_core.kernel.ids import InboundTextId, ServiceId


@dataclass(frozen=True, slots=True)
class ReceivedText:
    """What a supplier says of a text. ``reference`` is the same whenever the supplier repeats it; ``sent_at`` is None
    where it does not say."""

    supplier: str
    reference: str
    source: str
    destination: str
    content: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboundText:
    """``notify_number`` is the service's, as its phone shows it (``07…``); ``user_number`` the sender's with its
    country code (``447…``), or what the supplier calls a sender that is no number."""

    id: InboundTextId
    service_id: ServiceId
    notify_number: str
    user_number: str
    content: str
    supplier: str
    supplier_reference: str
    created_at: datetime
    sent_at: datetime | None = None
