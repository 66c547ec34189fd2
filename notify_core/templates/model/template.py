"""Templates and their versions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notify_core.kernel.ids import ServiceId, TemplateId


class TemplateType(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    BROADCAST = "broadcast"


class ProcessType(StrEnum):
    NORMAL = "normal"
    PRIORITY = "priority"


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a template; changing content makes the next version, old ones are kept.
    ``created_by`` is its author's email address; ``has_unsubscribe_link``: its emails end with a link of ours
    by which their recipient gets no more of them."""

    id: TemplateId
    service_id: ServiceId
    name: str
    type: TemplateType
    content: str
    version: int
    created_at: datetime
    subject: str | None = None
    updated_at: datetime | None = None
    created_by: str | None = None
    process_type: ProcessType = ProcessType.NORMAL
    postage: str | None = None
    letter_contact_block: str | None = None
    archived: bool = False
    has_unsubscribe_link: bool = False
