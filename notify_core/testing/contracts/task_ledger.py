"""How every task ledger behaves towards workers and operators; ``task_relay`` is the relay's side."""

from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.kernel.errors import AlreadyExists, ClaimLost
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import PRIORITY, RETRY
from notify_core.ports.task_ledger import Claim, EntryState, RelayLimits
from notify_core.testing.builders import claim_row
from notify_core.testing.contracts.racing import race
from notify_core.testing.contracts.storage import (
    LEASE,
    Chore,
    StorageUnderTest,
    claim_one,
    enqueue,
    finish,
    publish,
)
from notify_core.testing.contracts.task_ledger_operators import (
    TaskLedgerOperatorsContract,
    claim_first,
    only_entry,
)

SECOND = timedelta(seconds=1)


class TaskLedgerContract(TaskLedgerOperatorsContract):
    """Supply ``storage``."""

    @pytest.fixture
    def storage(self) -> StorageUnderTest:
        raise NotImplementedError

    # Claiming.

    def test_a_published_row_can_be_claimed(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=7))
        storage.pass_time(600 * SECOND)
        claim = claim_one(storage, worker="w")
        assert claim.entry.arguments["number"] == 7
        assert (claim.entry.state, claim.entry.worker) == (EntryState.CLAIMED, "w")
        assert 600 * SECOND <= claim.waited < 700 * SECOND
        assert storage.ledger.get(claim.entry.id) == claim.entry

    def test_a_row_may_be_claimed_from_its_beginning(self, storage: StorageUnderTest) -> None:
        claim = storage.ledger.begin(Chore(number=7, dedupe="k"), "operator", LEASE)
        assert storage.ledger.get(claim.entry.id) == claim.entry
        assert (claim.entry.state, claim.entry.worker) == (EntryState.CLAIMED, "operator")
        assert claim.entry.arguments["number"] == 7
        assert publish(storage) == []
        with pytest.raises(AlreadyExists):
            storage.ledger.begin(Chore(dedupe="k"), "another", LEASE)
        finish(storage, claim)
        assert storage.ledger.entries() == []

    def test_a_repeated_message_finds_the_row_taken(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        assert claim_row(storage.ledger, claim.entry.id, "another", LEASE) is None

    def test_a_message_for_finished_work_finds_nothing(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        finish(storage, claim)
        assert claim_row(storage.ledger, claim.entry.id, "another", LEASE) is None

    def test_a_row_that_is_due_cannot_be_claimed(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        assert claim_row(storage.ledger, only_entry(storage).id, "w", LEASE) is None

    def test_a_failed_row_cannot_be_claimed(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        storage.ledger.fail(claim, "refused")
        assert claim_row(storage.ledger, claim.entry.id, "w", LEASE) is None

    def test_a_message_that_comes_late_is_still_good(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        publish(storage)
        storage.pass_time(LEASE * 2)
        assert claim_row(storage.ledger, only_entry(storage).id, "w", LEASE) is not None

    def test_a_claim_that_ran_out_can_be_taken_over(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        first = claim_one(storage, worker="dead")
        storage.pass_time(LEASE)
        second = claim_row(storage.ledger, first.entry.id, "next", LEASE)
        assert second is not None
        assert second.token != first.token
        assert second.entry.attempt == 0

    def test_a_heartbeat_makes_a_claim_last(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        storage.pass_time(LEASE / 2)
        storage.ledger.extend([claim], LEASE)
        storage.pass_time(LEASE * 3 / 4)
        assert claim_row(storage.ledger, claim.entry.id, "another", LEASE) is None
        assert publish(storage) == []

    def test_a_heartbeat_does_not_win_a_lost_claim_back(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        late = claim_one(storage)
        storage.pass_time(LEASE)
        current = claim_row(storage.ledger, late.entry.id, "next", LEASE)
        storage.ledger.extend([late], timedelta(days=1))
        storage.ledger.extend([], LEASE)
        storage.pass_time(LEASE)
        assert current is not None
        assert claim_row(storage.ledger, late.entry.id, "third", LEASE) is not None

    def test_of_many_workers_with_the_same_message_one_gets_the_row(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        publish(storage)
        entry = only_entry(storage)
        claims = race(lambda number: claim_row(storage.ledger, entry.id, f"worker {number}", LEASE))
        assert len([claim for claim in claims if claim is not None]) == 1

    def test_of_many_workers_one_takes_a_dead_ones_row_over(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        dead = claim_one(storage)
        storage.pass_time(LEASE)
        claims = race(lambda number: claim_row(storage.ledger, dead.entry.id, f"worker {number}", LEASE))
        assert len([claim for claim in claims if claim is not None]) == 1

    def test_rows_are_claimed_together(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number) for number in range(5)))
        ids = [publication.entry_id for publication in storage.ledger.publish_due(RelayLimits(lease=LEASE), "relay")]
        taken = claim_row(storage.ledger, ids[1], "another", LEASE)
        claims = storage.ledger.claim([ids[3], ids[1], ids[0], ids[3], LedgerEntryId(uuid4())], "w", LEASE)
        assert sorted(claim.entry.id for claim in claims) == [ids[0], ids[3]]
        assert storage.ledger.claim([], "w", LEASE) == []
        assert {storage.ledger.get(entry_id).state for entry_id in (ids[2], ids[4])} == {EntryState.PUBLISHED}
        for claim in claims:
            finish(storage, claim)
        assert taken is not None
        finish(storage, taken)
        assert [entry.id for entry in storage.ledger.entries()] == [ids[2], ids[4]]

    def test_of_many_workers_with_the_same_messages_one_gets_each_row(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number) for number in range(20)))
        ids = [publication.entry_id for publication in storage.ledger.publish_due(RelayLimits(lease=LEASE), "relay")]
        claimed = race(lambda number: storage.ledger.claim(ids[:: 1 if number % 2 else -1], f"w {number}", LEASE))
        assert sorted(claim.entry.id for claims in claimed for claim in claims) == sorted(ids)

    def test_what_was_not_begun_is_given_back_as_it_was(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number) for number in range(3)))
        published = storage.ledger.publish_due(RelayLimits(lease=LEASE), "relay")
        claims = storage.ledger.claim([publication.entry_id for publication in published], "w", LEASE)
        first, *others = sorted(claims, key=lambda claim: claim.entry.id)
        finish(storage, first)
        storage.ledger.give_back([first, *others])
        storage.ledger.give_back([])
        assert [(entry.state, entry.attempt, entry.lost) for entry in storage.ledger.entries()] == [
            (EntryState.DUE, 0, 0)
        ] * 2
        assert publish(storage) == [1, 2]
        storage.ledger.give_back(others)
        assert storage.ledger.entries(state=EntryState.DUE) == []

    def test_an_attempt_that_ended_begins_the_count_of_losses_anew(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        first = claim_one(storage)
        storage.pass_time(LEASE)
        second = claim_row(storage.ledger, first.entry.id, "next", LEASE)
        assert second is not None
        assert second.entry.lost == 1
        storage.ledger.retry(second, delay=timedelta(), queue=None, reason="timed out")
        assert only_entry(storage).lost == 0

    # Trying again, and giving up.

    def test_a_retry_is_the_same_row_later(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        claim = claim_one(storage)
        storage.ledger.retry(claim, delay=30 * SECOND, queue=RETRY, reason="timed out")
        entry = only_entry(storage)
        assert entry.id == claim.entry.id
        assert (entry.state, entry.attempt, entry.queue) == (EntryState.DUE, 1, RETRY)
        assert (entry.reason, entry.worker, entry.leased_until) == ("timed out", None, None)
        assert publish(storage) == []
        storage.pass_time(30 * SECOND)
        assert publish(storage) == [1]

    def test_what_is_put_off_is_the_same_row_later_with_as_many_retries_left(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        lost = claim_one(storage)
        storage.pass_time(LEASE)
        claim = claim_row(storage.ledger, lost.entry.id, "next", LEASE)
        assert claim is not None
        storage.ledger.put_off(claim, delay=30 * SECOND, reason="nobody answers")
        entry = only_entry(storage)
        assert (entry.id, entry.state, entry.queue) == (claim.entry.id, EntryState.DUE, claim.entry.queue)
        assert (entry.attempt, entry.lost, entry.reason, entry.worker) == (0, 0, "nobody answers", None)
        with pytest.raises(ClaimLost):
            storage.ledger.put_off(lost, delay=30 * SECOND, reason="too late")
        assert publish(storage) == []
        storage.pass_time(30 * SECOND)
        assert publish(storage) == [1]

    def test_a_retry_stays_on_its_queue_unless_told(self, storage: StorageUnderTest) -> None:
        with storage.work()() as work:
            work.enqueue(Chore(), queue=PRIORITY)
            work.commit()
        claim = claim_one(storage)
        storage.ledger.retry(claim, delay=timedelta(), queue=None, reason="r")
        assert only_entry(storage).queue == PRIORITY
        assert storage.ledger.depth() == {(PRIORITY, EntryState.DUE): 1}

    def test_a_message_of_before_does_not_start_a_waiting_retry(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        storage.ledger.retry(claim, delay=timedelta(), queue=None, reason="r")
        assert claim_row(storage.ledger, claim.entry.id, "w", LEASE) is None

    def test_a_failed_row_is_kept_with_its_reason(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        storage.ledger.fail(claim, "refused")
        entry = only_entry(storage)
        assert (entry.state, entry.reason) == (EntryState.FAILED, "refused")
        storage.pass_time(timedelta(days=30))
        assert publish(storage) == []
        assert storage.ledger.next_due_in() is None

    @pytest.mark.parametrize("late", ["retry", "fail", "finish"])
    @pytest.mark.parametrize("other", ["claimed", "published", "due", "gone"])
    def test_a_worker_that_is_too_late_changes_nothing(self, storage: StorageUnderTest, late: str, other: str) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        storage.pass_time(LEASE)
        _lose(storage, claim, other)
        before = storage.ledger.entries()
        with pytest.raises(ClaimLost):
            _end(storage, claim, late)
        assert storage.ledger.entries() == before

    def test_a_dead_workers_rows_are_due_at_once(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1), Chore(number=2), Chore(number=3))
        first, second, _ = storage.ledger.publish_due(RelayLimits(lease=LEASE), "dead")
        lost = claim_row(storage.ledger, first.entry_id, "dead", LEASE)
        claim_row(storage.ledger, second.entry_id, "alive", LEASE)
        assert storage.ledger.recover("dead") == 2
        assert storage.ledger.recover("dead") == 0
        assert publish(storage) == [1, 3]
        assert lost is not None
        with pytest.raises(ClaimLost):
            finish(storage, lost)

    def test_a_claim_lost_with_its_process_is_counted_at_the_next_start(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1), Chore(number=2))
        for _ in range(2):
            first, _ = storage.ledger.publish_due(RelayLimits(lease=LEASE), "dead")
            claim_row(storage.ledger, first.entry_id, "dead", LEASE)
            assert storage.ledger.recover("dead") == 2
        assert [(entry.state, entry.lost) for entry in storage.ledger.entries()] == [
            (EntryState.DUE, 2),
            (EntryState.DUE, 0),
        ]
        failed = claim_first(storage)
        storage.ledger.fail(failed, "refused")
        storage.ledger.replay(failed.entry.id)
        assert storage.ledger.get(failed.entry.id).lost == 0

    def test_a_row_of_an_older_release_still_reads(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, fair="a"))
        storage.rewrite_arguments({"number": 5})
        claim = claim_one(storage)
        assert Chore.from_arguments(claim.entry.arguments) == Chore(number=5)


def _lose(storage: StorageUnderTest, claim: Claim, to: str) -> None:
    """The row whose lease ran out goes on without its worker."""
    if to in {"claimed", "gone"}:
        taken = claim_row(storage.ledger, claim.entry.id, "next", LEASE)
        assert taken is not None
        if to == "gone":
            finish(storage, taken)
    elif to == "published":
        publish(storage)
    else:
        storage.ledger.recover("worker")


def _end(storage: StorageUnderTest, claim: Claim, how: str) -> None:
    if how == "retry":
        storage.ledger.retry(claim, delay=timedelta(), queue=None, reason="late")
    elif how == "fail":
        storage.ledger.fail(claim, "late")
    else:
        finish(storage, claim)
