"""What the page of a file does: show what there is, ask whose it is, hand it over."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from notify_core.documents.model import Document, DocumentPlace, FileType
from notify_core.documents.policies import is_key, pass_for, passes, type_named
from notify_core.documents.ports import DocumentNotFound, DocumentStore, DocumentsWork
from notify_core.kernel.errors import NotAllowed, NotFound, RateLimited
from notify_core.ports.clock import Clock
from notify_core.ports.rate_limiter import RateLimiter
from notify_core.ports.secrets import Secrets
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.recipients.model import EmailAddress

# Tries of an address for one file: few enough that nobody finds it by trying.
TRIES: Final = 10
TRIES_WINDOW: Final = timedelta(minutes=10)


class DocumentExpired(NotFound):
    """The file was there, and whoever asks might have had it."""


class NotTheRecipient(NotAllowed):
    """The address is not the one that the file was sent to."""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """What somebody with the link may know. ``asks``: only the recipient's address opens it."""

    service_name: str
    contact_link: str | None
    type: FileType
    size: int
    expires_at: datetime
    filename: str | None
    asks: bool


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A file, and what it is called where it is saved."""

    content: bytes = field(repr=False)
    mime: str
    filename: str


@dataclass(frozen=True)
class ShowDocument:
    """What the page says of a file.

    :raises DocumentNotFound: there is none, its email has not been accepted, or the key is not its key.
    :raises DocumentExpired: its time is over.
    """

    work: UnitOfWorkFactory[DocumentsWork]
    clock: Clock

    def __call__(self, place: DocumentPlace, key: str) -> DocumentView:
        with self.work(read_only=True) as work:
            document = opened(work, place, key, self.clock.now())
            service = work.services.get(place.service_id)
        return DocumentView(
            service_name=service.name,
            contact_link=service.contact_link,
            type=type_named(document.mime),
            size=document.size,
            expires_at=document.expires_at,
            filename=document.filename,
            asks=document.recipient is not None,
        )


@dataclass(frozen=True)
class ConfirmRecipient:
    """A pass for the file, for whoever knows its recipient's address.

    :raises DocumentNotFound: as :class:`ShowDocument`, and :class:`DocumentExpired`.
    :raises InvalidValue: that is no email address.
    :raises NotTheRecipient: it is another's.
    :raises RateLimited: too many tries.
    """

    work: UnitOfWorkFactory[DocumentsWork]
    clock: Clock
    rate_limiter: RateLimiter
    secrets: Secrets

    def __call__(self, place: DocumentPlace, key: str, address: str) -> str:
        now = self.clock.now()
        with self.work(read_only=True) as work:
            opened(work, place, key, now)
        recipient = str(EmailAddress.parse(address))
        self._count(place)
        with self.work(read_only=True) as work:
            if not work.documents.is_recipient(place, recipient):
                raise NotTheRecipient("This is not the email address the file was sent to")
        return pass_for(place.document_id, now, self.secrets)

    def _count(self, place: DocumentPlace) -> None:
        wait = self.rate_limiter.allow(f"document:{place.document_id}", limit=TRIES, window=TRIES_WINDOW)
        if wait is not None:
            raise RateLimited("Too many email addresses have been tried for this file", retry_after=wait)


@dataclass(frozen=True)
class DownloadDocument:
    """The file itself.

    :raises DocumentNotFound: as :class:`ShowDocument`, and :class:`DocumentExpired`.
    :raises NotTheRecipient: the recipient's address is asked for, and ``shown`` is no pass, or one of yesterday.
    """

    work: UnitOfWorkFactory[DocumentsWork]
    clock: Clock
    documents: DocumentStore
    secrets: Secrets

    def __call__(self, place: DocumentPlace, key: str, shown: str) -> HandedOver:
        now = self.clock.now()
        with self.work(read_only=True) as work:
            document = opened(work, place, key, now)
        if document.recipient is not None and not passes(shown, place.document_id, now, self.secrets):
            raise NotTheRecipient("Confirm your email address again")
        content = self.documents.get(place, key=key)
        named = document.filename or f"{place.document_id}.{type_named(document.mime).extension}"
        return HandedOver(content, document.mime, named)


def opened(work: DocumentsWork, place: DocumentPlace, key: str, now: datetime) -> Document:
    """The file that ``key`` opens.

    :raises DocumentNotFound: none.
    :raises DocumentExpired: no more.
    """
    document = work.documents.get(place)
    if not is_key(key, document.key_hash) or document.notification_id is None:
        raise DocumentNotFound("no such file")
    if document.expires_at <= now:
        raise DocumentExpired("the file is no longer available")
    return document
