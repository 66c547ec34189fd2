"""Templates and their versions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from notify_core.kernel.ids import ServiceId, TemplateId


class TemplateType(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    BROADCAST = "broadcast"


class ProcessType(StrEnum):
    NORMAL = "normal"
    PRIORITY = "priority"


# Fields of a template that make what it makes.
CONTENT: Final = ("subject", "content", "postage", "letter_contact_block", "has_unsubscribe_link")


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

    def changed(self, given: Mapping[str, Any], now: datetime, *, version: int = 1) -> Self:
        """With the fields that are ``given``, by name; itself where they are so already. Other content makes the next
        version, or ``version`` where that is higher; a new name, priority or being archived does not."""
        template = replace(self, **given)
        if template == self:
            return self
        if any(getattr(template, name) != getattr(self, name) for name in CONTENT):
            template = replace(template, version=max(self.version + 1, version))
        return replace(template, updated_at=now)
