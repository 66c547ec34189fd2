"""A message's life in short."""

from dataclasses import replace
from typing import Any

from notify_core.broadcasts.model import BroadcastMessage, Revision
from notify_core.broadcasts.policies.revisions import Proposal
from notify_core.broadcasts.states import MessageStatus, RevisionStatus
from notify_core.broadcasts.use_cases.change_status import StatusChange
from notify_core.broadcasts.use_cases.create_message import NewBroadcastMessage
from notify_core.broadcasts.use_cases.edit_message import BroadcastEdit
from notify_core.broadcasts.use_cases.revise import RevisionDecision, RevisionProposed
from notify_core.testing.builders import SKEGNESS
from tests.unit.core.broadcasts.world.platform import Platform


class Lives(Platform):
    def draft(self, **changes: Any) -> BroadcastMessage:
        new = NewBroadcastMessage(
            self.service.id,
            self.author.id,
            content="Severe flooding. Leave now.",
            reference="flood-1",
            areas=("Skegness",),
            simple_polygons=(SKEGNESS,),
        )
        return self.create(replace(new, **changes))

    def move(self, message: BroadcastMessage, status: MessageStatus, by: Any = None) -> BroadcastMessage:
        return self.change(StatusChange(self.service.id, message.id, status, (by or self.approver).id))

    def pending(self, **changes: Any) -> BroadcastMessage:
        return self.move(self.draft(**changes), MessageStatus.PENDING_APPROVAL, self.author)

    def live(self, **changes: Any) -> BroadcastMessage:
        return self.move(self.pending(**changes), MessageStatus.BROADCASTING)

    def cancelled(self, message: BroadcastMessage) -> BroadcastMessage:
        return self.move(message, MessageStatus.CANCELLED)

    def edited(self, message: BroadcastMessage, by: Any = None, **changes: Any) -> BroadcastMessage:
        return self.edit(BroadcastEdit(self.service.id, message.id, (by or self.author).id, **changes))

    def proposed(self, message: BroadcastMessage, by: Any = None, **changes: Any) -> Revision:
        """A revision of a live message; without ``changes`` of its text."""
        proposal = Proposal(**(changes or {"content": "Stay upstairs."}))
        return self.propose(RevisionProposed(self.service.id, message.id, (by or self.author).id, proposal))

    def decided(self, revision: Revision, status: RevisionStatus = RevisionStatus.APPROVED, by: Any = None) -> Revision:
        decider = (by or self.approver).id
        return self.decide(
            RevisionDecision(self.service.id, revision.broadcast_message_id, revision.id, status, decider)
        )
