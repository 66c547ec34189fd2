"""What an agency and its people do, as use cases on some container; and what became of it."""

from dataclasses import replace

from notify_core.accounts.model import Permission
from notify_core.broadcasts.model import EventType
from notify_core.broadcasts.policies.revisions import Proposal
from notify_core.broadcasts.states import MessageStatus, ProviderMessageStatus, RevisionStatus
from notify_core.broadcasts.use_cases.change_status import StatusChange
from notify_core.broadcasts.use_cases.create_message import NewBroadcastMessage
from notify_core.broadcasts.use_cases.revise import RevisionDecision, RevisionProposed
from notify_core.testing.builders import SKEGNESS, a_service, a_user, broadcast_settings

NETWORKS = frozenset({"ee", "o2", "three", "vodafone"})


class Agency:
    def __init__(self, container):
        self.container = container
        self.service = a_service(permissions=frozenset({Permission.BROADCAST}))
        self.author, self.approver = a_user(), replace(a_user(), name="Grace")
        with container.work()() as work:
            work.services.put(self.service)
            work.settings.put_broadcast(broadcast_settings(service_id=self.service.id))
            for person in (self.author, self.approver):
                work.users.put(person)
                work.users.add_to_service(person.id, self.service.id)
            work.commit()

    # What people do.

    def alert(self, content="Severe flooding. Leave now."):
        """An approved alert."""
        return self.approve(self.pending(content))

    def pending(self, content="Severe flooding. Leave now."):
        """An alert that waits for its approval."""
        new = NewBroadcastMessage(
            self.service.id,
            self.author.id,
            content=content,
            reference="flood",
            areas=("Skegness",),
            simple_polygons=(SKEGNESS,),
        )
        message = self.container.create_broadcast_message()(new)
        return self._move(message, MessageStatus.PENDING_APPROVAL, self.author)

    def approve(self, message):
        return self._move(message, MessageStatus.BROADCASTING, self.approver)

    def update(self, message, content):
        """A revision, approved."""
        proposed = RevisionProposed(self.service.id, message.id, self.author.id, Proposal(content=content))
        revision = self.container.propose_revision()(proposed)
        decision = (self.service.id, message.id, revision.id, RevisionStatus.APPROVED, self.approver.id)
        self.container.decide_revision()(RevisionDecision(*decision))

    def cancel(self, message):
        self._move(message, MessageStatus.CANCELLED, self.approver)

    def _move(self, message, status, person):
        change = StatusChange(self.service.id, message.id, status, person.id)
        return self.container.change_broadcast_status()(change)

    # What became of it.

    def events(self, *messages):
        """All that they became, oldest first within a message."""
        with self.container.work()(read_only=True) as work:
            found = work.broadcast_events.of_messages([message.id for message in messages])
        return [event for message in messages for event in found[message.id]]

    def copies(self, *messages):
        with self.container.work()(read_only=True) as work:
            found = work.provider_messages.of_messages([message.id for message in messages])
        return [copy for message in messages for copy in found[message.id]]

    def attempts(self, copy):
        """(route, outcome), oldest first."""
        with self.container.work()(read_only=True) as work:
            found = work.provider_messages.attempts_of([copy.id])[copy.id]
        return [(one.route.value, one.outcome.value) for one in found]

    def acknowledged(self, message, kind=EventType.ALERT):
        """The networks that acknowledged its events of this kind."""
        events = {event.id for event in self.events(message) if event.type is kind}
        return {
            copy.provider
            for copy in self.copies(message)
            if copy.broadcast_event_id in events and copy.status is ProviderMessageStatus.RETURNED_ACK
        }

    def rows(self):
        """What is still to be done, and what failed."""
        return self.container.ledger().entries(limit=100_000)
