"""Emergency alerts, their instructions, and the CAP documents that asked for them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import BroadcastMessage, EventType
from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.broadcasts.states import MessageEvent, MessageStatus
from notify_core.kernel.errors import AlreadyExists, Conflict, NotFound
from notify_core.kernel.ids import ApiKeyId, BroadcastMessageId, ServiceId, TemplateId, UserId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import (
    NOON,
    SKEGNESS,
    a_broadcast_event,
    a_broadcast_message,
    a_cap_submission,
    an_id,
)

Storage = UnitOfWorkFactory[BroadcastsWork]
SECOND = timedelta(seconds=1)


class BroadcastMessagesContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *messages: BroadcastMessage) -> None:
        with storage() as work:
            for message in messages:
                work.broadcast_messages.add(message)
            work.commit()

    def test_a_message_comes_back_as_it_was_added(self, storage: Storage) -> None:
        full = a_broadcast_message(
            content="Llifogydd ŵŷ 🌊",
            status=MessageStatus.CANCELLED,
            areas=("Skegness", "Môn"),
            simple_polygons=(SKEGNESS, ((53.1 + 0.2, -4.123456789012345), (0.1, -0.0), (1.0, 2.0), (53.3, -4.1))),
            template_id=TemplateId(an_id()),
            template_version=3,
            template_name="Flood",
            personalisation={"river": "Dŵr"},
            starts_at=NOON,
            approved_at=NOON + SECOND,
            cancelled_at=NOON + 2 * SECOND,
            updated_at=NOON + timedelta(microseconds=1),
            approved_by_id=UserId(an_id()),
            cancelled_by_id=UserId(an_id()),
            api_key_id=ApiKeyId(an_id()),
            edited_by=frozenset({UserId(an_id()), UserId(an_id())}),
            stubbed="training mode",
            drawn_polygons=(SKEGNESS, ((0.1, -0.0), (1.0, 2.0), (0.1, -0.0))),
        )
        bare = a_broadcast_message(areas=(), simple_polygons=(), reference=None, finishes_at=None, created_by_id=None)
        self.given(storage, full, bare)
        with storage(read_only=True) as work:
            assert work.broadcast_messages.get(full.id) == full
            assert work.broadcast_messages.get(bare.id, bare.service_id) == bare

    def test_what_does_not_exist_or_is_another_services_is_not_found(self, storage: Storage) -> None:
        message = a_broadcast_message()
        self.given(storage, message)
        with storage(read_only=True) as work:
            with pytest.raises(NotFound):
                work.broadcast_messages.get(BroadcastMessageId(an_id()))
            with pytest.raises(NotFound):
                work.broadcast_messages.get(message.id, ServiceId(an_id()))

    def test_a_taken_id_shows_at_commit(self, storage: Storage) -> None:
        message = a_broadcast_message()
        self.given(storage, message)
        with storage() as work:
            work.broadcast_messages.add(replace(message, content="Another"))
            with pytest.raises(AlreadyExists):
                work.commit()
        with storage(read_only=True) as work:
            assert work.broadcast_messages.get(message.id) == message

    def test_changes_follow_each_other(self, storage: Storage) -> None:
        message = a_broadcast_message()
        submitted = message.after(MessageEvent.SUBMITTED, NOON + SECOND)
        edited = replace(
            submitted, content="Leave", edited_by=frozenset({UserId(an_id())}), updated_at=NOON + 2 * SECOND
        )
        self.given(storage, message)
        for was, becomes in ((message, submitted), (submitted, edited)):
            with storage() as work:
                work.broadcast_messages.change(was, becomes)
                work.commit()
            with storage(read_only=True) as work:
                assert work.broadcast_messages.get(message.id) == becomes

    def test_a_change_of_what_is_another_by_now_is_a_conflict(self, storage: Storage) -> None:
        message = a_broadcast_message()
        edited = replace(message, content="Leave", updated_at=NOON + SECOND)
        approved = replace(edited, status=MessageStatus.BROADCASTING)
        self.given(storage, edited)
        # Edited by somebody meanwhile: the status alone would not show it.
        with storage() as work, pytest.raises(Conflict):
            work.broadcast_messages.change(message, message.after(MessageEvent.SUBMITTED, NOON + 2 * SECOND))
        with storage() as work, pytest.raises(Conflict):
            work.broadcast_messages.change(approved, approved.after(MessageEvent.CANCELLED, NOON + 2 * SECOND))
        with storage(read_only=True) as work:
            assert work.broadcast_messages.get(message.id) == edited

    def test_pages_cover_everything_once_newest_first_also_within_one_moment(self, storage: Storage) -> None:
        service = ServiceId(an_id())
        mine = [a_broadcast_message(service_id=service, created_at=NOON + SECOND * (n // 4)) for n in range(12)]
        other = a_broadcast_message()
        self.given(storage, *mine, other)
        seen: list[BroadcastMessage] = []
        with storage(read_only=True) as work:
            page = work.broadcast_messages.page(service, limit=5)
            while page:
                seen += page
                page = work.broadcast_messages.page(service, page[-1].id, 5)
            assert list(work.broadcast_messages.page(service, other.id)) == []
            assert list(work.broadcast_messages.page(service, BroadcastMessageId(an_id()))) == []
        assert seen == sorted(mine, key=lambda message: (message.created_at, message.id), reverse=True)

    def test_the_recent_ones_of_everybody_are_found_newest_first(self, storage: Storage) -> None:
        on_air, draft = MessageStatus.BROADCASTING, MessageStatus.DRAFT
        mine = ServiceId(an_id())
        messages = [
            # Two in one moment each.
            a_broadcast_message(
                created_at=NOON + SECOND * (n // 2),
                status=on_air if n % 3 == 0 else draft,
                **({"service_id": mine} if n % 2 else {}),
            )
            for n in range(8)
        ]
        self.given(storage, *messages)
        newest_first = sorted(messages, key=lambda message: (message.created_at, message.id), reverse=True)
        start = newest_first[3]
        with storage(read_only=True) as work:
            recent = work.broadcast_messages.recent
            assert list(recent()) == newest_first
            assert list(recent(limit=3)) == newest_first[:3]
            assert list(recent(status=on_air)) == [one for one in newest_first if one.status is on_air]
            assert list(recent(service_id=mine)) == [one for one in newest_first if one.service_id == mine]
            # Also behind one that is itself in another status.
            for status in (on_air, draft):
                behind = [one for one in newest_first[4:] if one.status is status]
                assert list(recent(older_than=start.id, status=status)) == behind

    def test_nothing_is_behind_what_is_unknown_or_another_services(self, storage: Storage) -> None:
        older, newer, mine = (a_broadcast_message(created_at=NOON + SECOND * n) for n in range(3))
        self.given(storage, older, newer, mine)
        with storage(read_only=True) as work:
            recent = work.broadcast_messages.recent
            assert list(recent(older_than=newer.id, service_id=older.service_id)) == []
            assert list(recent(older_than=newer.id, service_id=newer.service_id)) == []
            assert list(recent(older_than=BroadcastMessageId(an_id()))) == []
            assert list(recent(older_than=newer.id)) == [older]

    def test_those_whose_time_is_over_are_found_earliest_first(self, storage: Storage) -> None:
        on_air = MessageStatus.BROADCASTING
        now, earlier, future = (
            a_broadcast_message(status=on_air, finishes_at=NOON + offset) for offset in (SECOND * 0, -SECOND, SECOND)
        )
        ended = a_broadcast_message(status=MessageStatus.CANCELLED, finishes_at=NOON - SECOND)
        self.given(storage, now, future, earlier, ended, a_broadcast_message(status=on_air, finishes_at=None))
        with storage(read_only=True) as work:
            assert list(work.broadcast_messages.expired(NOON, 10)) == [earlier, now]
            assert list(work.broadcast_messages.expired(NOON, 1)) == [earlier]


class BroadcastEventsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_events_come_back_in_the_order_of_their_numbers(self, storage: Storage) -> None:
        first = a_broadcast_event(content="Dŵr", channel=BroadcastChannel.GOVERNMENT)
        update, cancel = (
            a_broadcast_event(broadcast_message_id=first.broadcast_message_id, number=number, type=kind)
            for number, kind in ((2, EventType.UPDATE), (3, EventType.CANCEL))
        )
        with storage() as work:
            for event in (cancel, first, update, a_broadcast_event()):
                work.broadcast_events.add(event)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.broadcast_events.of_message(first.broadcast_message_id)) == [first, update, cancel]
            assert work.broadcast_events.get(first.id) == first
            assert list(work.broadcast_events.of_message(BroadcastMessageId(an_id()))) == []
            with pytest.raises(NotFound):
                work.broadcast_events.get(a_broadcast_event().id)

    def test_those_of_several_messages_are_found_at_once(self, storage: Storage) -> None:
        alert, other = a_broadcast_event(), a_broadcast_event()
        update = a_broadcast_event(broadcast_message_id=alert.broadcast_message_id, number=2, type=EventType.UPDATE)
        none = BroadcastMessageId(an_id())
        with storage() as work:
            for event in (update, other, alert, a_broadcast_event()):
                work.broadcast_events.add(event)
            work.commit()
        with storage(read_only=True) as work:
            found = work.broadcast_events.of_messages([other.broadcast_message_id, none, alert.broadcast_message_id])
            assert {message_id: list(events) for message_id, events in found.items()} == {
                alert.broadcast_message_id: [alert, update],
                other.broadcast_message_id: [other],
                none: [],
            }
            assert work.broadcast_events.of_messages([]) == {}

    def test_a_number_is_taken_once_in_a_message(self, storage: Storage) -> None:
        first = a_broadcast_event()
        twin = a_broadcast_event(broadcast_message_id=first.broadcast_message_id)
        with storage() as work:
            work.broadcast_events.add(first)
            work.commit()
        for taken in (twin, replace(first, number=2)):
            with storage() as work:
                work.broadcast_events.add(taken)
                with pytest.raises(AlreadyExists):
                    work.commit()
        with storage(read_only=True) as work:
            assert list(work.broadcast_events.of_message(first.broadcast_message_id)) == [first]


class CapSubmissionsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_a_document_is_known_by_service_identifier_sender_and_sent(self, storage: Storage) -> None:
        submission = a_cap_submission(identifier="dŵr-1")
        key = (submission.service_id, submission.identifier, submission.sender, submission.sent)
        with storage() as work:
            work.cap_submissions.add(submission)
            work.cap_submissions.add(replace(submission, sent="later"))
            work.commit()
        with storage(read_only=True) as work:
            assert work.cap_submissions.find(*key) == submission
            assert work.cap_submissions.find(ServiceId(an_id()), *key[1:]) is None
            assert work.cap_submissions.find(key[0], "dwr-1", *key[2:]) is None
            assert work.cap_submissions.find(*key[:2], "someone", key[3]) is None
            assert work.cap_submissions.find(*key[:3], "never") is None

    def test_the_same_document_again_shows_at_commit(self, storage: Storage) -> None:
        submission = a_cap_submission()
        again = replace(submission, broadcast_message_id=BroadcastMessageId(an_id()))
        with storage() as work:
            work.cap_submissions.add(submission)
            work.commit()
        with storage() as work:
            work.cap_submissions.add(again)
            with pytest.raises(AlreadyExists):
                work.commit()
