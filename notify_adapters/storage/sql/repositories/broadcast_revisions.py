"""Proposed changes of live alerts, on SQL."""

from collections.abc import Sequence

import sqlalchemy as sa

from notify_adapters.storage.sql.repositories.broadcast_rows import from_revision, to_revision
from notify_adapters.storage.sql.schema_broadcasts import IS_PENDING, broadcast_revisions
from notify_adapters.storage.sql.session import SqlSession
from notify_core.broadcasts.model import Revision
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import BroadcastMessageId, RevisionId

_c = broadcast_revisions.c
_OF_MESSAGE = sa.select(broadcast_revisions).where(_c.broadcast_message_id == sa.bindparam("message_id"))
_THIS = _OF_MESSAGE.where(_c.id == sa.bindparam("id"))
# Written as the unique index is, so that it is used.
_PENDING = _OF_MESSAGE.where(IS_PENDING)
_ALL = _OF_MESSAGE.order_by(_c.created_at, _c.id)
_CHANGE = sa.update(broadcast_revisions).where(_c.id == sa.bindparam("was_id"), _c.status == sa.bindparam("was_status"))


class SqlBroadcastRevisions:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, revision: Revision) -> None:
        self._session.insert(broadcast_revisions, [from_revision(revision)])

    def get(self, revision_id: RevisionId, message_id: BroadcastMessageId) -> Revision:
        row = self._session.row(_THIS, {"id": revision_id, "message_id": message_id})
        if row is None:
            raise NotFound(f"no revision {revision_id} of broadcast message {message_id}")
        return to_revision(row)

    def change(self, was: Revision, becomes: Revision) -> None:
        unchanged = {"was_id": was.id, "was_status": was.status}
        if not self._session.changed(_CHANGE, {**unchanged, **from_revision(becomes)}):
            raise Conflict(f"revision {was.id} is no longer {was.status}")

    def pending(self, message_id: BroadcastMessageId) -> Revision | None:
        row = self._session.row(_PENDING, {"message_id": message_id})
        return None if row is None else to_revision(row)

    def of_message(self, message_id: BroadcastMessageId) -> Sequence[Revision]:
        return [to_revision(row) for row in self._session.rows(_ALL, {"message_id": message_id})]
