"""What a sender is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from notify_core.kernel.ids import NotificationId, ServiceId, TemplateId


@dataclass(frozen=True, slots=True)
class Sanitised:
    """A personalisation value before and after it was made harmless."""

    unsanitised: str
    sanitised: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """``body`` is without a text message's prefix. ``from_number`` only of texts; ``subject``,
    ``from_email`` and ``sanitised_content`` only of emails. ``stored`` is false for simulated
    recipients: nothing will come of those."""

    id: NotificationId
    service_id: ServiceId
    template_id: TemplateId
    template_version: int
    body: str
    reference: str | None = None
    scheduled_for: datetime | None = None
    from_number: str | None = None
    subject: str | None = None
    from_email: str | None = None
    one_click_unsubscribe_url: str | None = None
    sanitised_content: Mapping[str, Sanitised] = field(default_factory=dict)
    stored: bool = True
