"""What provisioning hands back, what is kept of messages for good, and what is counted."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from notify_core.accounts.model import KeyType
from notify_core.kernel.ids import JobId, NotificationId, ServiceId, TemplateId
from notify_core.notifications.model import Channel


class IssuedKind(StrEnum):
    API_KEY = "api key"
    CALLBACK_SECRET = "callback secret"  # noqa: S105 - a word, not a secret


@dataclass(frozen=True, slots=True)
class Issued:
    """A secret made here: ``text`` is to be shown to its owner once."""

    kind: IssuedKind
    service: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Provisioned:
    """``changes`` say in words what was created or changed, without personal data; nothing when the
    file was already applied."""

    changes: tuple[str, ...]
    issued: tuple[Issued, ...]


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


@dataclass(frozen=True, slots=True)
class ProcessingTime:
    """How fast texts and emails sent through the API on a London ``day`` were handed over: of ``total``,
    ``within_ten_seconds``."""

    day: date
    total: int
    within_ten_seconds: int


@dataclass(frozen=True, slots=True)
class TextsSent:
    """A service's texts of some time: how many ended, or are under way, how many of them failed for good, and how
    many went to numbers that are set aside for drama."""

    total: int
    failed_for_good: int
    to_tv_numbers: int
