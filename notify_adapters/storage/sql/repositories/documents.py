"""What is known of files that go by email, on SQL."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import RowMapping

from notify_adapters.storage.sql.schema_documents import documents
from notify_adapters.storage.sql.session import SqlSession
from notify_core.documents.model import Document, DocumentPlace
from notify_core.documents.ports import DocumentNotFound
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import DocumentId, NotificationId, ServiceId
from notify_core.ports.secrets import Secrets

_c = documents.c
_IS_THIS = sa.and_(_c.id == sa.bindparam("document_id"), _c.service_id == sa.bindparam("of_service"))

_THIS = sa.select(documents).where(_IS_THIS)
_RECIPIENT = sa.select(_c.recipient_index).where(_IS_THIS)
_ACCEPT = (
    sa.update(documents)
    .where(_c.id == sa.bindparam("document_id"))
    .values(notification_id=sa.bindparam("message"), expires_at=sa.bindparam("until"))
)
_EXPIRED = (
    sa.select(_c.service_id, _c.id)
    .where(_c.expires_at <= sa.bindparam("moment"))
    .order_by(_c.expires_at)
    .limit(sa.bindparam("number"))
)
_REMOVE = sa.delete(documents).where(_c.id.in_(sa.bindparam("ids", expanding=True)))


class SqlDocuments:
    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def add(self, documents_: Sequence[Document]) -> None:
        self._session.insert(documents, [self._to_row(one) for one in documents_])

    def get(self, place: DocumentPlace) -> Document:
        row = self._session.row(_THIS, _this(place))
        if row is None:
            raise DocumentNotFound(f"no file {place.document_id} of service {place.service_id}")
        return self._to_document(row)

    def is_recipient(self, place: DocumentPlace, address: str) -> bool:
        kept = (self._session.scalar(_RECIPIENT, _this(place)) or "").encode()
        indexes = self._secrets.blind_indexes(address, purpose="recipient")
        # All are compared, so that the time does not tell which one fitted.
        return sum(hmac.compare_digest(kept, index.encode()) for index in indexes) > 0

    def accept(self, documents_: Sequence[Document], notification_id: NotificationId) -> None:
        for one in documents_:
            values = {"document_id": one.id, "message": notification_id, "until": one.expires_at}
            if not self._session.changed(_ACCEPT, values):
                raise Conflict(f"document {one.id} is there no more")

    def expired(self, moment: datetime, limit: int) -> Sequence[DocumentPlace]:
        rows = self._session.rows(_EXPIRED, {"moment": moment, "number": limit})
        return [DocumentPlace(ServiceId(row["service_id"]), DocumentId(row["id"])) for row in rows]

    def remove(self, document_ids: Sequence[DocumentId]) -> None:
        if document_ids:
            self._session.changed(_REMOVE, {"ids": list(document_ids)})

    def _to_row(self, document: Document) -> dict[str, Any]:
        recipient = document.recipient
        return {
            "id": document.id,
            "service_id": document.service_id,
            "notification_id": document.notification_id,
            "key_hash": document.key_hash,
            "filename_cipher": self._encrypted(document.filename, "filename"),
            "mime_type": document.mime,
            "size": document.size,
            "recipient_index": recipient and self._secrets.blind_index(recipient, purpose="recipient"),
            "recipient_cipher": self._encrypted(recipient, "recipient"),
            "created_at": document.created_at,
            "expires_at": document.expires_at,
        }

    def _to_document(self, row: RowMapping) -> Document:
        return Document(
            id=DocumentId(row["id"]),
            service_id=ServiceId(row["service_id"]),
            key_hash=row["key_hash"],
            mime=row["mime_type"],
            size=row["size"],
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            filename=self._decrypted(row["filename_cipher"], "filename"),
            recipient=self._decrypted(row["recipient_cipher"], "recipient"),
            notification_id=row["notification_id"],
        )

    def _encrypted(self, text: str | None, purpose: str) -> str | None:
        return None if text is None else self._secrets.encrypt(text, purpose=purpose)

    def _decrypted(self, cipher: str | None, purpose: str) -> str | None:
        return None if cipher is None else self._secrets.decrypt(cipher, purpose=purpose)


def _this(place: DocumentPlace) -> dict[str, Any]:
    return {"document_id": place.document_id, "of_service": place.service_id}
