"""What is known of files that go by email, in memory."""

import hmac
from collections.abc import MutableMapping, Sequence
from dataclasses import replace
from datetime import datetime

from notify_core.documents.model import Document, DocumentPlace
from notify_core.documents.ports import DocumentNotFound
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import DocumentId, NotificationId
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert


class MemoryDocuments:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[DocumentId, Document] = database.table("documents")

    def add(self, documents: Sequence[Document]) -> None:
        for document in documents:
            insert(self._database, self._rows, document.id, document, what=f"document {document.id}")

    def get(self, place: DocumentPlace) -> Document:
        found = self._rows.get(place.document_id)
        if found is None or found.place != place:
            raise DocumentNotFound(f"no file {place.document_id} of service {place.service_id}")
        return found

    def is_recipient(self, place: DocumentPlace, address: str) -> bool:
        found = self._rows.get(place.document_id)
        kept = found.recipient if found is not None and found.place == place else None
        return hmac.compare_digest((kept or "").encode(), address.encode())

    def accept(self, documents: Sequence[Document], notification_id: NotificationId) -> None:
        for document in documents:
            if document.id not in self._rows:
                raise Conflict(f"document {document.id} is there no more")
            row = self._rows[document.id]
            self._rows[document.id] = replace(row, expires_at=document.expires_at, notification_id=notification_id)

    def expired(self, moment: datetime, limit: int) -> Sequence[DocumentPlace]:
        over = (row for row in self._rows.values() if row.expires_at <= moment)
        return [row.place for row in sorted(over, key=lambda row: (row.expires_at, row.id))[:limit]]

    def remove(self, document_ids: Sequence[DocumentId]) -> None:
        for document_id in document_ids:
            if document_id in self._rows:
                del self._rows[document_id]
