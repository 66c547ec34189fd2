"""What is kept of messages of every kind when their time is over."""

from dataclasses import dataclass
from datetime import datetime

from notify_core.accounts.model import KeyType
from notify_core.kernel.ids import JobId, NotificationId, ServiceId, TemplateId
from notify_core.notifications.model import Channel


@dataclass(frozen=True, slots=True)
class PastMessage:
    """What is kept of a message whose time is over: neither to whom it went nor what it said. ``status`` is its last
    one; ``units`` are SMS fragments or sheets of paper; ``file_reference``, ``postage`` and ``upload_file_name`` are
    letters'."""

    id: NotificationId
    service_id: ServiceId
    channel: Channel
    template_id: TemplateId
    template_version: int
    key_type: KeyType
    created_at: datetime
    status: str
    international: bool = False
    units: int = 0
    rate_multiplier: int = 1
    job_id: JobId | None = None
    job_row: int | None = None
    reference: str | None = None
    sent_by: str | None = None
    sent_at: datetime | None = None
    completed_at: datetime | None = None
    postage: str | None = None
    file_reference: str | None = None
    upload_file_name: str | None = None
