"""What must hold of messages, revisions and events after whatever has happened, and what operators can see."""

from datetime import timedelta

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import EventType
from notify_core.broadcasts.states import MessageStatus as S
from notify_core.broadcasts.states import ProviderMessageStatus as P
from notify_core.broadcasts.states import RevisionStatus as R
from notify_core.broadcasts.use_cases.network_states import Where
from notify_core.ports.task_ledger import EntryState
from tests.unit.core.broadcasts.lives.stage import Stage

OUT = frozenset({S.BROADCASTING, S.CANCELLED, S.COMPLETED})
UNDER_WAY = frozenset({Where.SENDING, Where.WAITING})


def said(thing):
    """What of a message, a revision or an event goes on air."""
    return thing.content, thing.areas, thing.simple_polygons, thing.finishes_at


class Promises(Stage):
    def promises(self):
        return (
            *super().promises(),
            self.nobody_approved_their_own,
            self.nobody_approved_their_own_revision,
            self.one_revision_waits_and_none_of_what_has_ended,
            self.only_what_has_expired_is_completed,
            self.what_is_out_has_its_events,
            self.events_stay_as_they_were_made,
            self.nothing_lasts_longer_than_it_may,
            self.no_work_fails_for_another_reason_than_its_rules,
            self.each_event_at_each_target_is_somewhere,
        )

    def nobody_approved_their_own(self):
        members = {self.world.author.id, self.world.approver.id}
        for message in self.current():
            assert (message.status in OUT) is (message.approved_by_id is not None)
            if message.status in OUT:
                assert message.approved_by_id in members
                own = {message.created_by_id, *self.editors.get(message.id, ())}
                assert message.approved_by_id not in own or message.id in self.rehearsed

    def nobody_approved_their_own_revision(self):
        members = {self.world.author.id, self.world.approver.id}
        for message in self.messages:
            for revision in self.world.revisions(message):
                if revision.status is R.APPROVED:
                    assert revision.decided_by_id in members
                    assert revision.decided_by_id != revision.created_by_id or revision.id in self.rehearsed

    def one_revision_waits_and_none_of_what_has_ended(self):
        for message in self.current():
            pending = [one for one in self.world.revisions(message) if one.status is R.PENDING_APPROVAL]
            assert len(pending) <= (message.status is S.BROADCASTING)

    def only_what_has_expired_is_completed(self):
        for message in self.current():
            assert message.status is not S.COMPLETED or message.finishes_at <= self.world.clock.now()

    def what_is_out_has_its_events(self):
        for message in self.current():
            events = self.world.events(message)
            approved = [one for one in self.world.revisions(message) if one.status is R.APPROVED]
            expected = ["alert"] * (message.status in OUT) + ["update"] * len(approved)
            expected += ["cancel"] * (message.status is S.CANCELLED)
            assert [event.type.value for event in events] == expected
            assert [event.number for event in events] == list(range(1, len(events) + 1))
            updates = [event for event in events if event.type is EventType.UPDATE]
            assert sorted(map(said, updates)) == sorted(map(said, approved))

    def events_stay_as_they_were_made(self):
        for message in self.current():
            events = self.world.events(message)
            assert events == [self.made[event.id] for event in events]
            if events:
                assert said(events[-1]) == said(message)
                assert events[0].simple_polygons
                assert events[0].providers
                assert len({(one.providers, one.channel, one.starts_at) for one in events}) == 1

    def nothing_lasts_longer_than_it_may(self):
        for message in self.current():
            events = self.world.events(message)
            if events:
                rehearsal = events[0].channel in {BroadcastChannel.TEST, BroadcastChannel.OPERATOR}
                longest = timedelta(hours=4) if rehearsal else timedelta(hours=22, minutes=30)
                ends = [one.finishes_at for one in (*events, *self.world.revisions(message))]
                assert all(timedelta(minutes=5) <= end - message.starts_at <= longest for end in ends)
                assert [one.finishes_at for one in events] == sorted(one.finishes_at for one in events)
                assert all(event.sent_at < event.finishes_at for event in events if event.type is not EventType.CANCEL)

    def no_work_fails_for_another_reason_than_its_rules(self):
        for row in self.world.rows(state=EntryState.FAILED):
            assert row.task == "send-broadcast-provider-message"
            assert row.reason.startswith("BroadcastIntegrityError: ")

    def each_event_at_each_target_is_somewhere(self):
        """Acknowledged, under way, over, or blocked: with a reason and what mends it."""
        for message in self.current():
            for event, states in self.world.look(message.id).events:
                assert [state.provider for state in states] == list(event.providers)
                for state in states:
                    self.check_state(message, event, state)

    def check_state(self, message, event, state):
        for block in state.blocks:
            assert block.reason
            assert block.mend
        copy = self.copy_of(event, state.provider)
        assert (state.where is Where.ACKNOWLEDGED) is (copy is not None and copy.status is P.RETURNED_ACK)
        match state.where:
            case Where.SENDING | Where.WAITING:
                assert state.row.state is not EntryState.FAILED
            case Where.BLOCKED | Where.NO_WORK_LEFT:
                assert state.blocks
                assert state.where is Where.BLOCKED or event.id not in self.queued, "nothing will ever be sent"
            case Where.EXPIRED:
                end = message.finishes_at if event.type is EventType.CANCEL else event.finishes_at
                assert end <= self.world.clock.now()
            case Where.GIVEN_UP:
                assert (event.id, state.provider) in self.assumed
            case Where.NOTHING_TO_CANCEL:
                assert event.type is EventType.CANCEL
                earlier = self.world.events(message)[:-1]
                assert not any(self.network_has(one, state.provider) for one in earlier) or (
                    (message.id, state.provider) in self.misled
                )
            case Where.NOT_QUEUED:
                assert event.id not in self.queued
