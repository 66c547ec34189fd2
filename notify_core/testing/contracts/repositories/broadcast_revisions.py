"""Proposed changes of live alerts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.broadcasts.model import Revision
from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.broadcasts.states import RevisionEvent, RevisionStatus
from notify_core.kernel.errors import AlreadyExists, Conflict, NotFound
from notify_core.kernel.ids import ApiKeyId, BroadcastMessageId, RevisionId, UserId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, SKEGNESS, a_revision, an_id

Storage = UnitOfWorkFactory[BroadcastsWork]
SECOND = timedelta(seconds=1)


class BroadcastRevisionsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *revisions: Revision) -> None:
        with storage() as work:
            for revision in revisions:
                work.broadcast_revisions.add(revision)
            work.commit()

    def test_a_revision_comes_back_as_it_was_added(self, storage: Storage) -> None:
        full = a_revision(
            content="Llifogydd ŵŷ 🌊",
            areas=("Skegness", "Môn"),
            simple_polygons=(SKEGNESS, ((53.1 + 0.2, -4.123456789012345), (0.1, -0.0), (1.0, 2.0), (53.3, -4.1))),
            status=RevisionStatus.APPROVED,
            api_key_id=ApiKeyId(an_id()),
            decided_at=NOON + timedelta(microseconds=1),
            decided_by_id=UserId(an_id()),
            drawn_polygons=(SKEGNESS,),
        )
        bare = a_revision(areas=(), simple_polygons=(), created_by_id=None)
        self.given(storage, full, bare)
        with storage(read_only=True) as work:
            for revision in (full, bare):
                assert work.broadcast_revisions.get(revision.id, revision.broadcast_message_id) == revision

    def test_what_does_not_exist_or_is_of_another_message_is_not_found(self, storage: Storage) -> None:
        revision = a_revision()
        self.given(storage, revision)
        with storage(read_only=True) as work:
            with pytest.raises(NotFound):
                work.broadcast_revisions.get(RevisionId(an_id()), revision.broadcast_message_id)
            with pytest.raises(NotFound):
                work.broadcast_revisions.get(revision.id, BroadcastMessageId(an_id()))

    def test_a_taken_id_shows_at_commit(self, storage: Storage) -> None:
        revision = a_revision(status=RevisionStatus.REJECTED)
        self.given(storage, revision)
        with storage() as work:
            work.broadcast_revisions.add(replace(revision, content="Another"))
            with pytest.raises(AlreadyExists):
                work.commit()
        with storage(read_only=True) as work:
            assert work.broadcast_revisions.get(revision.id, revision.broadcast_message_id) == revision

    def test_a_second_one_that_awaits_approval_shows_at_commit(self, storage: Storage) -> None:
        first = a_revision()
        second = a_revision(broadcast_message_id=first.broadcast_message_id)
        self.given(storage, first, a_revision())
        with storage() as work:
            work.broadcast_revisions.add(second)
            with pytest.raises(AlreadyExists):
                work.commit()
        with storage(read_only=True) as work:
            assert work.broadcast_revisions.pending(first.broadcast_message_id) == first
            assert list(work.broadcast_revisions.of_message(first.broadcast_message_id)) == [first]

    def test_the_next_may_wait_when_the_one_before_is_decided(self, storage: Storage) -> None:
        first = a_revision()
        second = a_revision(broadcast_message_id=first.broadcast_message_id)
        self.given(storage, first)
        with storage() as work:
            work.broadcast_revisions.change(first, first.after(RevisionEvent.REJECTED, NOON + SECOND))
            work.broadcast_revisions.add(second)
            work.commit()
        with storage(read_only=True) as work:
            assert work.broadcast_revisions.pending(first.broadcast_message_id) == second

    @pytest.mark.parametrize("event", RevisionEvent)
    def test_what_was_decided_awaits_nothing(self, storage: Storage, event: RevisionEvent) -> None:
        revision = a_revision()
        decided = revision.after(event, NOON + SECOND, UserId(an_id()))
        self.given(storage, revision)
        with storage() as work:
            work.broadcast_revisions.change(revision, decided)
            work.commit()
        with storage(read_only=True) as work:
            assert work.broadcast_revisions.pending(revision.broadcast_message_id) is None
            assert list(work.broadcast_revisions.of_message(revision.broadcast_message_id)) == [decided]

    def test_a_change_of_what_is_another_by_now_is_a_conflict(self, storage: Storage) -> None:
        revision = a_revision()
        approved, lapsed = (
            revision.after(event, NOON + SECOND) for event in (RevisionEvent.APPROVED, RevisionEvent.MESSAGE_ENDED)
        )
        self.given(storage, approved)
        for was in (revision, a_revision()):
            with storage() as work, pytest.raises(Conflict):
                work.broadcast_revisions.change(was, lapsed)
        with storage(read_only=True) as work:
            assert work.broadcast_revisions.get(revision.id, revision.broadcast_message_id) == approved

    def test_those_of_a_message_are_listed_oldest_first(self, storage: Storage) -> None:
        message_id = BroadcastMessageId(an_id())
        at_once = {"broadcast_message_id": message_id, "status": RevisionStatus.REJECTED}
        revisions = [a_revision(created_at=NOON + SECOND * (n // 2), **at_once) for n in range(4)]
        self.given(storage, *reversed(revisions), a_revision())
        with storage(read_only=True) as work:
            found = list(work.broadcast_revisions.of_message(message_id))
            assert list(work.broadcast_revisions.of_message(BroadcastMessageId(an_id()))) == []
            assert work.broadcast_revisions.pending(message_id) is None
        assert found == sorted(revisions, key=lambda one: (one.created_at, one.id))
