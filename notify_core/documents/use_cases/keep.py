"""Keeping the files of an email that is about to be accepted.

What is written when: a row for each file that expires within the hour; the bytes, encrypted; then, in the
transaction that accepts the email, the rows get the message and their real time. Whatever ends in between, and
wherever, leaves a row by which the bytes are found and deleted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from notify_core.accounts.model import Service
from notify_core.documents.model import Document, DocumentPlace, Upload
from notify_core.documents.policies import check_set_up, hash_of, link_to, new_key, read_uploads
from notify_core.documents.ports import DocumentStore, DocumentsWork
from notify_core.kernel.errors import NotAllowed
from notify_core.kernel.ids import DocumentId, NotificationId
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.ports.virus_scanner import VirusScanner
from notify_core.templates.model import placeholder_key

# Far longer than a request takes.
NOT_ACCEPTED_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _File:
    upload: Upload
    place: DocumentPlace
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LinkedFiles:
    """A message's personalisation with links where files were. ``in``: whether a value, by any spelling of its
    name, is such a link."""

    personalisation: Mapping[str, object]
    names: frozenset[str] = frozenset()
    files: tuple[_File, ...] = ()

    def __contains__(self, name: str) -> bool:
        return placeholder_key(name) in self.names


@dataclass(frozen=True)
class KeepFiles:
    """In three steps, since the message is checked with its links before anything is kept.

    :raises NotAllowed: a file may not be sent.
    :raises TransientError: the scanner or the store is not there now.
    """

    work: UnitOfWorkFactory[DocumentsWork]
    clock: Clock
    random: RandomSource
    documents: DocumentStore
    virus_scanner: VirusScanner
    api_base_url: str
    admin_base_url: str

    def link(self, service: Service, personalisation: Mapping[str, object]) -> LinkedFiles:
        """The first step: nothing is kept yet."""
        uploads = read_uploads(personalisation)
        if not uploads:
            return LinkedFiles(personalisation)
        check_set_up(service, self.admin_base_url)
        files = {name: self._file(service, upload) for name, upload in uploads.items()}
        links = {name: link_to(file.place, file.key, self.api_base_url) for name, file in files.items()}
        return LinkedFiles({**personalisation, **links}, frozenset(map(placeholder_key, files)), tuple(files.values()))

    def keep(self, linked: LinkedFiles, recipient: str) -> tuple[Document, ...]:
        """The second step: the files are there, but not yet anybody's. ``recipient`` is normalised."""
        if not linked.files:
            return ()
        self.check(linked)
        kept = tuple(self._document(file, recipient) for file in linked.files)
        at_first = self.clock.now() + NOT_ACCEPTED_FOR
        with self.work() as work:
            work.documents.add([replace(document, expires_at=at_first) for document in kept])
            work.commit()
        for file in linked.files:
            self.documents.put(file.place, file.upload.content, key=file.key)
        return kept

    def check(self, linked: LinkedFiles) -> None:
        """:raises NotAllowed: a file is infected."""
        for file in linked.files:
            if self.virus_scanner.scan(file.upload.content) is not None:
                raise NotAllowed("File did not pass the virus scan")

    @staticmethod
    def accept(work: DocumentsWork, kept: tuple[Document, ...], notification_id: NotificationId) -> None:
        """The third step, within the transaction that accepts the message."""
        if kept:
            work.documents.accept(kept, notification_id)

    def _file(self, service: Service, upload: Upload) -> _File:
        return _File(upload, DocumentPlace(service.id, DocumentId(self.random.uuid())), new_key(self.random))

    def _document(self, file: _File, recipient: str) -> Document:
        now, upload = self.clock.now(), file.upload
        return Document(
            id=file.place.document_id,
            service_id=file.place.service_id,
            key_hash=hash_of(file.key),
            mime=upload.mime,
            size=len(upload.content),
            created_at=now,
            expires_at=now + upload.available,
            filename=upload.filename,
            recipient=recipient if upload.confirm else None,
        )
