"""Documents in the Common Alerting Protocol, as far as we read them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notify_core.broadcasts.model.messages import Polygon
from notify_core.kernel.ids import BroadcastMessageId, ServiceId


class CapMessageType(StrEnum):
    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


@dataclass(frozen=True, slots=True)
class CapArea:
    name: str
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class CapDocument:
    """What we read from a CAP 1.2 document. ``message_type`` is its msgType as written;
    ``references`` are the (sender, identifier, sent) triples it names; ``actual`` whether its
    status is ``Actual``."""

    message_type: str
    identifier: str
    sender: str
    sent: str
    status: str
    category: str | None
    expires: datetime | None
    content: str | None
    areas: tuple[CapArea, ...]
    references: tuple[tuple[str, str, str], ...]

    @property
    def actual(self) -> bool:
        return self.status == "Actual"


@dataclass(frozen=True, slots=True)
class CapSubmission:
    """That a CAP document was posted, so that the same one posted again gets the same answer."""

    service_id: ServiceId
    identifier: str
    sender: str
    sent: str
    broadcast_message_id: BroadcastMessageId
    received_at: datetime
