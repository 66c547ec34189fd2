"""Proposed changes of live alerts, in memory."""

from collections.abc import MutableMapping, Sequence

from notify_core.broadcasts.model import Revision
from notify_core.broadcasts.states import RevisionStatus
from notify_core.kernel.errors import Conflict, NotFound
from notify_core.kernel.ids import BroadcastMessageId, RevisionId
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert


class MemoryBroadcastRevisions:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[RevisionId, Revision] = database.table("broadcast_revisions")

    def add(self, revision: Revision) -> None:
        is_pending = revision.status is RevisionStatus.PENDING_APPROVAL
        taken = is_pending and self.pending(revision.broadcast_message_id) is not None
        insert(self._database, self._rows, revision.id, revision, what=f"revision {revision.id}", taken=taken)

    def get(self, revision_id: RevisionId, message_id: BroadcastMessageId) -> Revision:
        found = self._rows.get(revision_id)
        if found is None or found.broadcast_message_id != message_id:
            raise NotFound(f"no revision {revision_id} of broadcast message {message_id}")
        return found

    def change(self, was: Revision, becomes: Revision) -> None:
        stored = self._rows.get(was.id)
        if stored is None or stored.status is not was.status:
            raise Conflict(f"revision {was.id} is no longer {was.status}")
        self._rows[was.id] = becomes

    def pending(self, message_id: BroadcastMessageId) -> Revision | None:
        of_message = self.of_message(message_id)
        return next((one for one in of_message if one.status is RevisionStatus.PENDING_APPROVAL), None)

    def of_message(self, message_id: BroadcastMessageId) -> Sequence[Revision]:
        found = (one for one in self._rows.values() if one.broadcast_message_id == message_id)
        return sorted(found, key=lambda one: (one.created_at, one.id))
