"""How every task ledger behaves towards operators, and those who look for a row of theirs."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.kernel.errors import AlreadyExists, NotFound
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import INTERNAL, PRIORITY, Queue
from notify_core.ports.task_ledger import Claim, EntryState, LedgerEntry, RelayLimits
from notify_core.testing.builders import claim_row
from notify_core.testing.contracts.storage import LEASE, Chore, StorageUnderTest, claim_one, enqueue, finish, publish


def only_entry(storage: StorageUnderTest) -> LedgerEntry:
    (entry,) = storage.ledger.entries()
    return entry


class TaskLedgerOperatorsContract:
    """A part of the ledger's contract, which supplies ``storage``."""

    def test_a_failed_row_is_replayed_with_all_its_retries(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        storage.ledger.retry(claim_one(storage), delay=timedelta(), queue=None, reason="r")
        storage.ledger.fail(claim_one(storage), "refused")
        storage.ledger.replay(only_entry(storage).id)
        assert (only_entry(storage).state, only_entry(storage).attempt) == (EntryState.DUE, 0)
        assert publish(storage) == [1]

    def test_no_replay_beside_an_unfinished_row_with_the_key(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, dedupe="k"))
        failed = claim_one(storage)
        storage.ledger.fail(failed, "refused")
        enqueue(storage, Chore(number=2, dedupe="k"))
        with pytest.raises(AlreadyExists):
            storage.ledger.replay(failed.entry.id)
        assert storage.ledger.get(failed.entry.id).state is EntryState.FAILED

    def test_a_failed_row_is_purged(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        storage.ledger.fail(claim, "refused")
        storage.ledger.purge(claim.entry.id)
        assert storage.ledger.entries() == []

    @pytest.mark.parametrize("action", ["replay", "purge"])
    def test_only_failed_rows_are_replayed_or_purged(self, storage: StorageUnderTest, action: str) -> None:
        enqueue(storage, Chore())
        for entry_id in (only_entry(storage).id, claim_one(storage).entry.id, LedgerEntryId(uuid4())):
            with pytest.raises(NotFound):
                getattr(storage.ledger, action)(entry_id)
        assert only_entry(storage).state is EntryState.CLAIMED

    def test_a_row_that_does_not_exist_is_not_found(self, storage: StorageUnderTest) -> None:
        with pytest.raises(NotFound):
            storage.ledger.get(LedgerEntryId(uuid4()))

    def test_rows_are_listed_page_by_page(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number) for number in range(5)))
        listed: list[LedgerEntry] = []
        while page := storage.ledger.entries(after=listed[-1].id if listed else None, limit=2):
            assert len(page) <= 2
            listed += page
        assert [entry.id for entry in listed] == sorted({entry.id for entry in listed})
        assert [entry.arguments["number"] for entry in listed] == [0, 1, 2, 3, 4]

    def test_rows_are_listed_by_queue_and_state(self, storage: StorageUnderTest) -> None:
        with storage.work()() as work:
            work.enqueue(Chore(number=1))
            work.enqueue(Chore(number=2), queue=PRIORITY)
            work.commit()
        publish(storage)
        enqueue(storage, Chore(number=3))
        assert _numbers(storage.ledger.entries(queue=INTERNAL)) == [1, 3]
        assert _numbers(storage.ledger.entries(state=EntryState.PUBLISHED)) == [1, 2]
        assert _numbers(storage.ledger.entries(queue=INTERNAL, state=EntryState.DUE)) == [3]
        assert storage.ledger.entries(queue=Queue("unknown")) == []
        assert storage.ledger.entries(state=EntryState.FAILED) == []

    def test_rows_are_listed_by_what_they_are_limited_with(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, limit="a"), Chore(number=2), Chore(number=3, limit="b"))
        enqueue(storage, Chore(number=4, limit="a"))
        assert _numbers(storage.ledger.entries(limit_key="a")) == [1, 4]
        storage.ledger.fail(claim_first(storage), "refused")
        assert _numbers(storage.ledger.entries(limit_key="a", state=EntryState.FAILED)) == [1]
        assert storage.ledger.entries(limit_key="c") == []

    @pytest.mark.parametrize("state", EntryState)
    def test_a_row_is_found_by_its_dedupe_key(self, storage: StorageUnderTest, state: EntryState) -> None:
        enqueue(storage, Chore(number=1, dedupe="k"), Chore(number=2))
        if state is not EntryState.DUE:
            publish(storage)
        if state in {EntryState.CLAIMED, EntryState.FAILED}:
            claim = claim_row(storage.ledger, storage.ledger.entries()[0].id, "worker", LEASE)
            assert claim is not None
            if state is EntryState.FAILED:
                storage.ledger.fail(claim, "refused")
        (entry,) = storage.ledger.with_dedupe(["k"])
        assert entry == storage.ledger.get(entry.id)
        assert (entry.arguments["number"], entry.state, entry.dedupe) == (1, state, "k")

    def test_rows_are_found_by_several_dedupe_keys_at_once(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, dedupe=f"k{number}") for number in range(4)))
        assert _numbers(storage.ledger.with_dedupe(["k3", "k0", "unknown", "k0"])) == [0, 3]
        assert _numbers(storage.ledger.with_dedupe([*(f"other {number}" for number in range(1_200)), "k2"])) == [2]
        assert storage.ledger.with_dedupe(["unknown"]) == []
        assert storage.ledger.with_dedupe([]) == []

    def test_a_finished_row_is_not_found_by_its_dedupe_key(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(dedupe="k"))
        finish(storage, claim_one(storage))
        assert storage.ledger.with_dedupe(["k"]) == []

    def test_of_failed_rows_with_a_dedupe_key_the_latest_is_found(self, storage: StorageUnderTest) -> None:
        for number in range(3):
            enqueue(storage, Chore(number=number, dedupe="k"))
            storage.ledger.fail(claim_one(storage), "refused")
        assert _numbers(storage.ledger.with_dedupe(["k"])) == [2]
        enqueue(storage, Chore(number=3, dedupe="k"))
        found = storage.ledger.with_dedupe(["k"])
        assert [(entry.arguments["number"], entry.state) for entry in found] == [
            (2, EntryState.FAILED),
            (3, EntryState.DUE),
        ]

    def test_depth_counts_rows_by_queue_and_state(self, storage: StorageUnderTest) -> None:
        assert storage.ledger.depth() == {}
        enqueue(storage, Chore(fair="a"), Chore(fair="b"), Chore())
        storage.ledger.fail(claim_first(storage), "refused")
        claim_first(storage)
        assert storage.ledger.depth() == {
            (INTERNAL, EntryState.FAILED): 1,
            (INTERNAL, EntryState.CLAIMED): 1,
            (INTERNAL, EntryState.DUE): 1,
        }


def claim_first(storage: StorageUnderTest) -> Claim:
    """Publish one row and claim it."""
    under_way = sum(
        rows
        for (_, state), rows in storage.ledger.depth().items()
        if state in {EntryState.PUBLISHED, EntryState.CLAIMED}
    )
    (publication,) = storage.ledger.publish_due(RelayLimits(per_queue=under_way + 1, lease=LEASE), "relay")
    claim = claim_row(storage.ledger, publication.entry_id, "worker", LEASE)
    assert claim is not None
    return claim


def _numbers(entries: Sequence[LedgerEntry]) -> list[object]:
    return [entry.arguments["number"] for entry in entries]
