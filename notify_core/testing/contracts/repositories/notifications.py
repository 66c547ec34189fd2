"""Text messages and emails, and receipts that came too early."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import AlreadyExists, ClaimLost, Conflict, NotFound
from notify_core.kernel.ids import ServiceId
from notify_core.notifications.model import Channel, Notification, Outcome
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.states import Event, Status
from notify_core.notifications.tasks import DeliverEmail, DeliverSms
from notify_core.ports.task_ledger import Claim, RelayLimits, TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_notification, a_receipt, an_early_receipt, an_id, claim_row

Storage = UnitOfWorkFactory[NotificationsWork]
SECOND = timedelta(seconds=1)


class NotificationsContract:
    """Needs the fixture ``ledger`` besides: the task ledger in which ``storage`` writes tasks."""

    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    @pytest.fixture
    def ledger(self, storage: Storage) -> TaskLedger:
        raise NotImplementedError

    def given(self, storage: Storage, *notifications: Notification) -> None:
        with storage() as work:
            work.notifications.add_many(notifications)
            work.commit()

    def test_a_notification_comes_back_as_it_was_added(self, storage: Storage) -> None:
        full = a_notification(
            channel=Channel.EMAIL,
            to="Grace@Example.gov.uk",
            recipient="grace@example.gov.uk",
            key_type=KeyType.TEAM,
            status=Status.SENDING,
            personalisation={"enw": "Siân ŵ 🌊", "n": 3, "ratio": 0.5, "urgent": True, "list": ["a", "ŷ"]},
            reference="case ŵ/1",
            sender="FLOODS",
            reply_to="floods@example.gov.uk",
            international=True,
            rate_multiplier=3,
            billable_units=2,
            scheduled_for=NOON + timedelta(days=1),
            one_click_unsubscribe_url="https://example.gov.uk/out?who=grace",
            sent_by="ses",
            supplier_reference="0102-abc",
            sent_at=NOON + SECOND,
            completed_at=NOON + 2 * SECOND,
            updated_at=NOON + timedelta(microseconds=1),
        )
        bare = a_notification(api_key_id=None, personalisation={})
        self.given(storage, full, bare)
        with storage(read_only=True) as work:
            assert work.notifications.get(full.id) == full
            assert work.notifications.get(bare.id, bare.service_id) == bare

    def test_several_are_found_together(self, storage: Storage) -> None:
        one, other, third = (a_notification() for _ in range(3))
        self.given(storage, one, other, third)
        with storage(read_only=True) as work:
            found = work.notifications.those([other.id, a_notification().id, one.id])
            assert {notification.id: notification for notification in found} == {one.id: one, other.id: other}
            assert list(work.notifications.those([])) == []

    def test_what_does_not_exist_or_is_another_services_is_not_found(self, storage: Storage) -> None:
        one = a_notification()
        self.given(storage, one)
        with storage(read_only=True) as work:
            with pytest.raises(NotFound):
                work.notifications.get(a_notification().id)
            with pytest.raises(NotFound):
                work.notifications.get(one.id, ServiceId(an_id()))

    def test_a_taken_id_shows_at_commit_and_then_nothing_is_added(self, storage: Storage) -> None:
        one, other = a_notification(), a_notification()
        self.given(storage, one)
        with storage() as work:
            work.notifications.add_many([other, replace(one, reference="again")])
            with pytest.raises(AlreadyExists):
                work.commit()
        with storage(read_only=True) as work:
            assert work.notifications.get(one.id) == one
            with pytest.raises(NotFound):
                work.notifications.get(other.id)

    def test_adding_none_is_fine(self, storage: Storage) -> None:
        self.given(storage)

    def test_thousands_are_added_together(self, storage: Storage) -> None:
        many = [a_notification(service_id=ServiceId(an_id())) for _ in range(2000)]
        self.given(storage, *many)
        with storage(read_only=True) as work:
            assert work.notifications.get(many[-1].id) == many[-1]

    def test_without_a_commit_nothing_is_added(self, storage: Storage) -> None:
        one = a_notification()
        with storage() as work:
            work.notifications.add_many([one])
            assert work.notifications.get(one.id) == one
        with storage(read_only=True) as work, pytest.raises(NotFound):
            work.notifications.get(one.id)

    def test_a_receipt_finds_its_message(self, storage: Storage) -> None:
        one, other = (
            a_notification().handed_over(supplier=supplier, supplier_reference="ref", billable_units=1, now=NOON)
            for supplier in ("mmg", "firetext")
        )
        self.given(storage, one, other)
        with storage(read_only=True) as work:
            assert work.notifications.by_supplier_reference("mmg", "ref") == one
            assert work.notifications.by_supplier_reference("firetext", "ref") == other
            assert work.notifications.by_supplier_reference("mmg", "another") is None

    def test_a_change_is_stored(self, storage: Storage) -> None:
        one = a_notification()
        sent = one.handed_over(supplier="mmg", supplier_reference="ref", billable_units=2, now=NOON + SECOND)
        forgotten = replace(sent.after(Event.RECEIPT_DELIVERED, NOON + 2 * SECOND), personalisation={"name": "-"})
        self.given(storage, one)
        for was, becomes in ((one, sent), (sent, forgotten)):
            with storage() as work:
                work.notifications.change(was, becomes)
                work.commit()
            with storage(read_only=True) as work:
                assert work.notifications.get(one.id) == becomes

    def test_a_change_of_what_is_another_by_now_is_a_conflict(self, storage: Storage) -> None:
        one = a_notification()
        sent = one.handed_over(supplier="mmg", supplier_reference="ref", billable_units=1, now=NOON)
        self.given(storage, sent)
        with storage() as work, pytest.raises(Conflict):
            work.notifications.change(one, one.after(Event.CANCELLED, NOON))
        with storage(read_only=True) as work:
            assert work.notifications.get(one.id) == sent

    def test_a_change_of_what_is_not_there_is_a_conflict(self, storage: Storage) -> None:
        one = a_notification()
        with storage() as work, pytest.raises(Conflict):
            work.notifications.change(one, one.after(Event.CANCELLED, NOON))

    def test_unfinished_ones_are_found_oldest_first(self, storage: Storage) -> None:
        pending = a_notification(status=Status.PENDING, created_at=NOON - 3 * SECOND)
        created = a_notification(channel=Channel.EMAIL, created_at=NOON - 2 * SECOND)
        sending = a_notification(status=Status.SENDING, created_at=NOON - SECOND)
        self.given(
            storage,
            sending,
            created,
            pending,
            a_notification(status=Status.SENDING, created_at=NOON),
            a_notification(created_at=NOON - SECOND, scheduled_for=NOON + SECOND),
            a_notification(created_at=NOON - SECOND, channel=Channel.LETTER),
            *(a_notification(created_at=NOON - SECOND, status=status) for status in (Status.DELIVERED, Status.SENT)),
        )
        with storage(read_only=True) as work:
            assert list(work.notifications.sent_before(NOON, 10)) == [pending, created, sending]
            assert list(work.notifications.sent_before(NOON, 2)) == [pending, created]

    def test_a_scheduled_one_that_was_sent_counts_as_unfinished(self, storage: Storage) -> None:
        sending = a_notification(status=Status.SENDING, scheduled_for=NOON)
        self.given(storage, sending)
        with storage(read_only=True) as work:
            assert list(work.notifications.sent_before(NOON + SECOND, 10)) == [sending]

    def test_a_scheduled_one_waits_for_nothing_once_it_was_due(self, storage: Storage) -> None:
        due = a_notification(created_at=NOON - 2 * SECOND, scheduled_for=NOON - SECOND)
        self.given(storage, due, a_notification(created_at=NOON - 2 * SECOND, scheduled_for=NOON))
        with storage(read_only=True) as work:
            assert list(work.notifications.sent_before(NOON, 10)) == [due]
            assert list(work.notifications.created_without_task(NOON, 10)) == [due]

    def test_created_ones_that_nobody_will_deliver_are_found(self, storage: Storage) -> None:
        forgotten = a_notification(created_at=NOON - SECOND)
        earlier = a_notification(created_at=NOON - 2 * SECOND, channel=Channel.EMAIL)
        waiting_sms = a_notification(created_at=NOON - SECOND)
        waiting_email = a_notification(created_at=NOON - SECOND, channel=Channel.EMAIL)
        self.given(
            storage,
            forgotten,
            earlier,
            waiting_sms,
            waiting_email,
            a_notification(created_at=NOON),
            a_notification(created_at=NOON - SECOND, status=Status.SENDING),
            a_notification(created_at=NOON - SECOND, scheduled_for=NOON + SECOND),
            a_notification(created_at=NOON - SECOND, channel=Channel.LETTER),
        )
        with storage() as work:
            work.enqueue(DeliverSms(waiting_sms.id))
            work.enqueue(DeliverEmail(waiting_email.id))
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.notifications.created_without_task(NOON, 10)) == [earlier, forgotten]
            assert list(work.notifications.created_without_task(NOON, 1)) == [earlier]

    def test_a_task_that_failed_for_good_delivers_nothing(self, storage: Storage, ledger: TaskLedger) -> None:
        one = a_notification(created_at=NOON - SECOND)
        self.given(storage, one)
        with storage() as work:
            work.enqueue(DeliverSms(one.id))
            work.commit()
        (publication,) = ledger.publish_due(RelayLimits(), "worker")
        claim = claim_row(ledger, publication.entry_id, "worker", timedelta(minutes=1))
        with storage(read_only=True) as work:
            assert list(work.notifications.created_without_task(NOON, 10)) == []
        assert claim is not None
        ledger.fail(claim, "broken")
        with storage(read_only=True) as work:
            assert list(work.notifications.created_without_task(NOON, 10)) == [one]


class HandOversContract:
    """What a supplier has taken, recorded together with the end of the claim. Needs the fixture ``ledger`` besides."""

    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    @pytest.fixture
    def ledger(self, storage: Storage) -> TaskLedger:
        raise NotImplementedError

    @pytest.fixture
    def was(self, storage: Storage) -> Notification:
        notification = a_notification()
        with storage() as work:
            work.notifications.add_many([notification, a_notification()])
            work.enqueue(DeliverSms(notification.id))
            work.commit()
        return notification

    @pytest.fixture
    def claim(self, was: Notification, ledger: TaskLedger) -> Claim:
        ledger.publish_due(RelayLimits(), "relay")
        (entry,) = ledger.with_dedupe([f"deliver:{was.id}"])
        claim = claim_row(ledger, entry.id, "worker", timedelta(minutes=1))
        assert claim is not None
        return claim

    def becomes(self, was: Notification) -> Notification:
        return was.handed_over(supplier="mmg", supplier_reference="r", billable_units=2, now=NOON + SECOND)

    def hand_over(self, storage: Storage, was: Notification, claim: Claim) -> None:
        with storage() as work:
            work.notifications.hand_over(was, self.becomes(was))
            work.finish(claim)
            work.commit()

    def stored(self, storage: Storage, was: Notification) -> Notification:
        with storage(read_only=True) as work:
            return work.notifications.get(was.id)

    def test_the_message_is_stored_and_the_claim_over(
        self, storage: Storage, ledger: TaskLedger, was: Notification, claim: Claim
    ) -> None:
        self.hand_over(storage, was, claim)
        assert self.stored(storage, was) == self.becomes(was)
        assert claim.finished
        assert list(ledger.entries()) == []

    def test_without_a_claim_to_finish(self, storage: Storage, was: Notification) -> None:
        with storage() as work:
            work.notifications.hand_over(was, self.becomes(was))
            work.commit()
        assert self.stored(storage, was) == self.becomes(was)

    def test_with_tasks_that_follow(
        self, storage: Storage, ledger: TaskLedger, was: Notification, claim: Claim
    ) -> None:
        with storage() as work:
            work.notifications.hand_over(was, self.becomes(was))
            work.enqueue(DeliverSms(a_notification().id))
            work.finish(claim)
            work.commit()
        assert self.stored(storage, was) == self.becomes(was)
        assert len(ledger.entries()) == 1

    def test_a_message_that_moved_on_is_left_alone_and_so_is_the_claim(
        self, storage: Storage, ledger: TaskLedger, was: Notification, claim: Claim
    ) -> None:
        ended = was.after(Event.TIMED_OUT, NOON)
        with storage() as work:
            work.notifications.change(was, ended)
            work.commit()
        with pytest.raises(Conflict):
            self.hand_over(storage, was, claim)
        assert self.stored(storage, was) == ended
        assert not claim.finished
        assert len(ledger.entries()) == 1

    def test_a_receipt_that_came_first_is_not_passed_over(
        self, storage: Storage, ledger: TaskLedger, was: Notification, claim: Claim
    ) -> None:
        early = an_early_receipt(supplier="mmg", reference="r")
        with storage() as work:
            work.early_receipts.keep(early)
            work.commit()
        with pytest.raises(Conflict):
            self.hand_over(storage, was, claim)
        assert self.stored(storage, was) == was
        assert len(ledger.entries()) == 1
        with storage() as work:
            assert list(work.early_receipts.take("mmg", "r")) == [early.receipt]

    def test_with_a_lost_claim_nothing_is_recorded(
        self, storage: Storage, ledger: TaskLedger, was: Notification, claim: Claim
    ) -> None:
        ledger.give_back([claim])
        with pytest.raises((Conflict, ClaimLost)):
            self.hand_over(storage, was, claim)
        assert self.stored(storage, was) == was
        assert not claim.finished
        assert len(ledger.entries()) == 1

    def test_without_a_commit_nothing_happens(self, storage: Storage, was: Notification, claim: Claim) -> None:
        with storage() as work:
            work.notifications.hand_over(was, self.becomes(was))
            work.finish(claim)
        assert self.stored(storage, was) == was
        assert not claim.finished


class EarlyReceiptsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_they_are_taken_once_oldest_first(self, storage: Storage) -> None:
        later = an_early_receipt(NOON + SECOND, reference="r", outcome=Outcome.DELIVERED, detail="ŵ: 0")
        first = an_early_receipt(NOON, reference="r", outcome=Outcome.PENDING)
        same_moment = an_early_receipt(NOON, reference="r", outcome=Outcome.UNKNOWN)
        others = an_early_receipt(NOON, reference="r", supplier="firetext")
        with storage() as work:
            for early in (later, first, same_moment, others):
                work.early_receipts.keep(early)
            work.commit()
        with storage() as work:
            taken = work.early_receipts.take("mmg", "r")
            work.commit()
        assert list(taken) == [first.receipt, same_moment.receipt, later.receipt]
        with storage() as work:
            assert list(work.early_receipts.take("mmg", "r")) == []
            assert list(work.early_receipts.take("firetext", "r")) == [others.receipt]

    def test_taken_without_a_commit_they_are_still_kept(self, storage: Storage) -> None:
        early = an_early_receipt()
        with storage() as work:
            work.early_receipts.keep(early)
            work.commit()
        for _ in range(2):
            with storage() as work:
                assert list(work.early_receipts.take(early.receipt.supplier, early.receipt.reference)) == [
                    early.receipt
                ]

    def test_the_old_ones_are_forgotten(self, storage: Storage) -> None:
        with storage() as work:
            for second in range(4):
                work.early_receipts.keep(an_early_receipt(NOON + second * SECOND, reference=f"{second}"))
            work.commit()
        with storage() as work:
            assert work.early_receipts.forget_before(NOON + 2 * SECOND) == 2
            work.commit()
        with storage() as work:
            assert list(work.early_receipts.take("mmg", "1")) == []
            assert list(work.early_receipts.take("mmg", "2")) == [a_receipt(reference="2")]
