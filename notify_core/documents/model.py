"""Files that go by email."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from notify_core.kernel.ids import DocumentId, NotificationId, ServiceId


@dataclass(frozen=True, slots=True)
class FileType:
    """``extension`` without the dot; ``words`` are what people call it."""

    extension: str
    mime: str
    words: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a service handed it in, checked. ``confirm``: its recipient's address is asked for first."""

    content: bytes
    mime: str
    filename: str | None
    confirm: bool
    available: timedelta


class DocumentPlace(NamedTuple):
    """Where a file lies."""

    service_id: ServiceId
    document_id: DocumentId


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was sent. ``key_hash`` is of the key in its link, which is nowhere kept here; ``recipient``
    is whose address opens it, None where the link alone does. Without ``notification_id`` its email has not
    been accepted (yet), and nobody may have it."""

    id: DocumentId
    service_id: ServiceId
    key_hash: str
    mime: str
    size: int
    created_at: datetime
    expires_at: datetime
    filename: str | None = None
    recipient: str | None = None
    notification_id: NotificationId | None = None

    @property
    def place(self) -> DocumentPlace:
        return DocumentPlace(self.service_id, self.id)
