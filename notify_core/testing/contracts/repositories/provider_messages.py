"""Each network's copy of an instruction, and its history."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.broadcasts.model import Assumption, AttemptOutcome, ProviderMessage, Route
from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.broadcasts.states import ProviderMessageEvent
from notify_core.kernel.errors import AlreadyExists, Conflict
from notify_core.kernel.ids import BroadcastMessageId, ProviderMessageId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_broadcast_event, a_provider_message, an_attempt, an_id

Storage = UnitOfWorkFactory[BroadcastsWork]
SECOND = timedelta(seconds=1)


class ProviderMessagesContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *messages: ProviderMessage) -> None:
        with storage() as work:
            for message in messages:
                work.provider_messages.add(message)
            work.commit()

    def test_a_copy_is_found_by_event_and_network(self, storage: Storage) -> None:
        copy = a_provider_message(provider="vodafone", message_number="0000004e")
        self.given(storage, copy)
        with storage(read_only=True) as work:
            assert work.provider_messages.find(copy.broadcast_event_id, "vodafone") == copy
            assert work.provider_messages.find(copy.broadcast_event_id, "ee") is None
            assert work.provider_messages.find(a_broadcast_event().id, "vodafone") is None

    def test_an_event_has_one_copy_per_network(self, storage: Storage) -> None:
        copy = a_provider_message()
        self.given(storage, copy)
        for taken in (replace(copy, id=ProviderMessageId(an_id())), replace(copy, provider="o2")):
            with storage() as work:
                work.provider_messages.add(taken)
                with pytest.raises(AlreadyExists):
                    work.commit()
        with storage(read_only=True) as work:
            assert list(work.provider_messages.of_message(copy.broadcast_message_id)) == [copy]

    def test_copies_of_all_events_are_listed_oldest_first_then_as_the_events_followed(self, storage: Storage) -> None:
        message_id = BroadcastMessageId(an_id())
        events = [a_broadcast_event(broadcast_message_id=message_id, number=number) for number in (1, 2, 3)]
        # The update was written in the same moment as the alert.
        copies = [
            a_provider_message(
                broadcast_message_id=message_id, broadcast_event_id=event.id, provider=network, created_at=at
            )
            for event, at in zip(events, (NOON, NOON, NOON + SECOND), strict=True)
            for network in ("ee", "o2")
        ]
        with storage() as work:
            for event in reversed(events):
                work.broadcast_events.add(event)
            work.commit()
        self.given(storage, *reversed(copies), a_provider_message())
        with storage(read_only=True) as work:
            assert list(work.provider_messages.of_message(message_id)) == copies
            assert list(work.provider_messages.of_message(message_id, "o2")) == copies[1::2]
            assert list(work.provider_messages.of_message(BroadcastMessageId(an_id()))) == []

    def test_those_of_several_messages_are_found_at_once_each_in_order(self, storage: Storage) -> None:
        first, second, none = (BroadcastMessageId(an_id()) for _ in range(3))
        alert, update = (a_broadcast_event(broadcast_message_id=first, number=number) for number in (1, 2))
        copies = [
            a_provider_message(broadcast_message_id=first, broadcast_event_id=event.id) for event in (alert, update)
        ]
        other = a_provider_message(broadcast_message_id=second)
        with storage() as work:
            work.broadcast_events.add(alert)
            work.broadcast_events.add(update)
            work.commit()
        self.given(storage, *reversed(copies), other, a_provider_message())
        with storage(read_only=True) as work:
            found = work.provider_messages.of_messages([none, second, first])
            assert {message_id: list(ones) for message_id, ones in found.items()} == {
                first: copies,
                second: [other],
                none: [],
            }
            assert work.provider_messages.of_messages([]) == {}

    @pytest.mark.parametrize("assumed", Assumption)
    def test_what_an_operator_assumed_is_kept(self, storage: Storage, assumed: Assumption) -> None:
        copy = a_provider_message()
        given_up = replace(copy.after(ProviderMessageEvent.GIVEN_UP, NOON + SECOND), assumed=assumed)
        self.given(storage, copy)
        with storage() as work:
            work.provider_messages.change(copy, given_up)
            work.commit()
        with storage(read_only=True) as work:
            assert work.provider_messages.find(copy.broadcast_event_id, copy.provider) == given_up

    def test_a_change_is_stored_unless_it_is_another_by_now(self, storage: Storage) -> None:
        copy = a_provider_message()
        acknowledged = copy.after(ProviderMessageEvent.ACKNOWLEDGED, NOON + SECOND)
        self.given(storage, copy)
        with storage() as work:
            work.provider_messages.change(copy, acknowledged)
            work.commit()
        with storage() as work, pytest.raises(Conflict):
            work.provider_messages.change(copy, copy.after(ProviderMessageEvent.EXPIRED, NOON + 2 * SECOND))
        with storage() as work, pytest.raises(Conflict):
            work.provider_messages.change(a_provider_message(), acknowledged)
        with storage(read_only=True) as work:
            assert work.provider_messages.find(copy.broadcast_event_id, copy.provider) == acknowledged

    def test_of_two_who_assume_different_things_of_a_copy_that_has_ended_only_one_is_heard(
        self, storage: Storage
    ) -> None:
        """Its status says nothing about it: whatever was sent in between names what the first one said."""
        copy = a_provider_message().after(ProviderMessageEvent.EXPIRED, NOON)
        assumed = copy.taken_for(Assumption.SENT, NOON + SECOND)
        self.given(storage, copy)
        with storage() as work:
            work.provider_messages.change(copy, assumed)
            work.commit()
        with storage() as work, pytest.raises(Conflict):
            work.provider_messages.change(copy, copy.taken_for(Assumption.NOT_SENT, NOON + SECOND))
        with storage(read_only=True) as work:
            assert work.provider_messages.find(copy.broadcast_event_id, copy.provider) == assumed

    def test_the_history_is_kept_in_the_order_it_was_written(self, storage: Storage) -> None:
        copy = ProviderMessageId(an_id())
        started = an_attempt(provider_message_id=copy, route=Route.SECOND)
        # A clock may go backwards between processes; what was written first stays first.
        failed = replace(started, at=NOON - SECOND, outcome=AttemptOutcome.FAILED, detail="dŵr: time-out")
        acknowledged = replace(started, at=NOON + SECOND, route=Route.FIRST, outcome=AttemptOutcome.ACKNOWLEDGED)
        with storage() as work:
            work.provider_messages.add_attempts([started, failed])
            work.provider_messages.add_attempts([])
            work.provider_messages.add_attempts([an_attempt()])
            work.commit()
        with storage() as work:
            work.provider_messages.add_attempts([acknowledged])
            work.commit()
        with storage() as work:
            work.provider_messages.add_attempts([acknowledged])
        with storage(read_only=True) as work:
            assert list(work.provider_messages.attempts(copy)) == [started, failed, acknowledged]
            assert list(work.provider_messages.attempts(ProviderMessageId(an_id()))) == []

    def test_the_histories_of_several_are_found_at_once(self, storage: Storage) -> None:
        started, other = an_attempt(), an_attempt()
        failed = replace(started, at=NOON - SECOND, outcome=AttemptOutcome.FAILED, detail="time-out")
        none = ProviderMessageId(an_id())
        with storage() as work:
            work.provider_messages.add_attempts([started, other, failed, an_attempt()])
            work.commit()
        with storage(read_only=True) as work:
            found = work.provider_messages.attempts_of([none, started.provider_message_id, other.provider_message_id])
            assert {message_id: list(attempts) for message_id, attempts in found.items()} == {
                started.provider_message_id: [started, failed],
                other.provider_message_id: [other],
                none: [],
            }
            assert work.provider_messages.attempts_of([]) == {}

    def test_numbers_grow_and_none_is_given_twice(self, storage: Storage) -> None:
        numbers = []
        for _ in range(3):
            with storage() as work:
                numbers += [work.provider_messages.next_number(), work.provider_messages.next_number()]
                work.commit()
        assert numbers == sorted(set(numbers))
        assert numbers[0] >= 1
