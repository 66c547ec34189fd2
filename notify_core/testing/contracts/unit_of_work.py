"""How every unit of work behaves, whatever repositories it has."""

from datetime import timedelta

import pytest

from notify_core.kernel.errors import ClaimLost
from notify_core.kernel.events import DomainEvent
from notify_core.kernel.queues import PRIORITY, Queue
from notify_core.kernel.trace import request_id
from notify_core.ports.task_ledger import EntryState, LedgerEntry, RelayLimits
from notify_core.ports.unit_of_work import UnitOfWork
from notify_core.testing.builders import claim_row
from notify_core.testing.contracts.racing import race
from notify_core.testing.contracts.storage import (
    LEASE,
    Chore,
    SomethingHappened,
    StorageUnderTest,
    claim_one,
    enqueue,
    finish,
    publish,
)


class UnitOfWorkContract:
    """Supply ``storage``."""

    @pytest.fixture
    def storage(self) -> StorageUnderTest:
        raise NotImplementedError

    def test_a_task_becomes_a_row_that_is_due(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=7, fair="a service", limit="a network", dedupe="a key"))
        (entry,) = storage.ledger.entries()
        assert entry.task == "chore"
        assert entry.arguments == {"number": 7, "fair": "a service", "limit": "a network", "dedupe": "a key"}
        assert (entry.queue, entry.state, entry.attempt) == (Chore.queue, EntryState.DUE, 0)
        assert (entry.fair, entry.limit, entry.dedupe) == ("a service", "a network", "a key")
        assert (entry.worker, entry.leased_until, entry.reason) == (None, None, None)

    def test_queue_fair_key_and_delay_may_be_chosen(self, storage: StorageUnderTest) -> None:
        with storage.work()() as work:
            work.enqueue(Chore(fair="own"), delay=timedelta(minutes=5), queue=PRIORITY, fair="chosen")
            work.commit()
        (entry,) = storage.ledger.entries()
        assert (entry.queue, entry.fair) == (PRIORITY, "chosen")
        assert abs(entry.due_at - entry.created_at - timedelta(minutes=5)) < timedelta(seconds=1)

    def test_the_row_remembers_the_request_that_caused_it(self, storage: StorageUnderTest) -> None:
        token = request_id.set("a request")
        try:
            enqueue(storage, Chore())
        finally:
            request_id.reset(token)
        (entry,) = storage.ledger.entries()
        assert entry.request_id == "a request"

    def test_work_that_nobody_has_begun_is_taken_back(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, dedupe="mine"), Chore(number=2, dedupe="another"))
        enqueue(storage, Chore(number=3, dedupe="later"), delay=timedelta(hours=1))
        publish(storage)
        with storage.work()() as work:
            assert work.withdraw(Chore(dedupe="mine"))
            assert work.withdraw(Chore(dedupe="later"))
            assert not work.withdraw(Chore(dedupe="unknown"))
            work.commit()
        assert [entry.dedupe for entry in storage.ledger.entries()] == ["another"]

    def test_what_is_taken_back_stays_when_the_rest_is_undone(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(dedupe="mine"))
        with storage.work()() as work:
            assert work.withdraw(Chore(dedupe="mine"))
        assert len(storage.ledger.entries()) == 1

    def test_work_that_a_worker_has_is_not_taken_back(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(dedupe="mine"))
        claim = claim_one(storage)
        with storage.work()() as work:
            assert not work.withdraw(Chore(dedupe="mine"))
            work.commit()
        storage.ledger.fail(claim, "a reason")
        with storage.work()() as work:
            assert not work.withdraw(Chore(dedupe="mine"))
            work.commit()
        assert [entry.id for entry in storage.ledger.entries()] == [claim.entry.id]

    def test_of_a_claim_and_a_withdrawal_at_once_one_succeeds(self, storage: StorageUnderTest) -> None:
        for number in range(8):
            enqueue(storage, Chore(dedupe=str(number)))
            storage.ledger.publish_due(RelayLimits(lease=LEASE), "relay")
            (entry,) = storage.ledger.entries(state=EntryState.PUBLISHED)

            def act(runner: int, entry: LedgerEntry = entry, dedupe: str = str(number)) -> bool:
                if runner:
                    return claim_row(storage.ledger, entry.id, "worker", LEASE) is not None
                with storage.work()() as work:
                    taken_back = work.withdraw(Chore(dedupe=dedupe))
                    work.commit()
                return taken_back

            assert sorted(race(act, 2)) == [False, True]

    def test_without_commit_nothing_happened(self, storage: StorageUnderTest) -> None:
        with storage.work()() as work:
            work.enqueue(Chore())
        assert storage.ledger.entries() == []

    def test_an_error_undoes_everything(self, storage: StorageUnderTest) -> None:
        def fail() -> None:
            with storage.work()() as work:
                work.enqueue(Chore())
                raise LookupError

        with pytest.raises(LookupError):
            fail()
        assert storage.ledger.entries() == []

    def test_an_event_brings_the_tasks_that_follow_from_it(self, storage: StorageUnderTest) -> None:
        def react(event: DomainEvent, work: UnitOfWork) -> None:
            assert isinstance(event, SomethingHappened)
            work.enqueue(Chore(number=event.number))

        with storage.work(react=react)() as work:
            work.record(SomethingHappened(3))
            work.commit()
        assert publish(storage) == [3]

    def test_a_dedupe_key_has_one_unfinished_row(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, dedupe="k"), Chore(number=2, dedupe="k"), Chore(number=3, dedupe="other"))
        enqueue(storage, Chore(number=4, dedupe="k"), Chore(number=5), Chore(number=6))
        assert publish(storage) == [1, 3, 5, 6]

    def test_a_claimed_row_still_has_its_dedupe_key(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(dedupe="k"))
        claim_one(storage)
        enqueue(storage, Chore(dedupe="k"))
        assert len(storage.ledger.entries()) == 1

    def test_a_failed_row_gives_its_dedupe_key_back(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, dedupe="k"))
        storage.ledger.fail(claim_one(storage), "refused")
        enqueue(storage, Chore(number=2, dedupe="k"))
        assert publish(storage) == [2]

    def test_finished_work_is_gone(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        before = claim.finished
        finish(storage, claim)
        assert (before, claim.finished) == (False, True)
        assert storage.ledger.entries() == []

    def test_work_that_is_not_committed_is_not_finished(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        with storage.work()() as work:
            work.finish(claim)
        assert not claim.finished
        assert storage.ledger.get(claim.entry.id).state is EntryState.CLAIMED

    def test_a_task_may_enqueue_itself_again_while_it_finishes(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, dedupe="k"))
        claim = claim_one(storage)
        with storage.work()() as work:
            work.enqueue(Chore(number=2, dedupe="k"))
            work.finish(claim)
            work.commit()
        assert publish(storage) == [2]

    def test_a_result_is_recorded_once(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        finish(storage, claim)
        with storage.work()() as work:
            work.enqueue(Chore(number=2))
            work.finish(claim)
            with pytest.raises(ClaimLost):
                work.commit()
        assert storage.ledger.entries() == []

    def test_a_worker_that_is_too_late_records_nothing(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        late = claim_one(storage, worker="late")
        storage.pass_time(LEASE)
        claim = claim_row(storage.ledger, late.entry.id, "next", LEASE)
        assert claim is not None
        with storage.work()() as work:
            work.enqueue(Chore(number=2))
            work.finish(late)
            with pytest.raises(ClaimLost):
                work.commit()
        assert not late.finished
        assert storage.ledger.get(late.entry.id).worker == "next"
        finish(storage, claim)
        assert storage.ledger.entries() == []

    def test_what_requires_a_claim_is_kept_while_it_is_held(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        claim = claim_one(storage)
        with storage.work()() as work:
            work.require(claim)
            work.enqueue(Chore(number=2))
            work.commit()
        assert not claim.finished
        assert publish(storage) == [2]
        finish(storage, claim)

    def test_what_requires_a_claim_that_another_worker_has_by_now_is_not_kept(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        late = claim_one(storage, worker="late")
        storage.pass_time(LEASE)
        claim_row(storage.ledger, late.entry.id, "next", LEASE)
        with storage.work()() as work:
            work.enqueue(Chore(number=2))
            work.require(late)
            with pytest.raises(ClaimLost):
                work.commit()
        assert [entry.worker for entry in storage.ledger.entries()] == ["next"]

    def test_nor_what_requires_one_whose_row_is_gone(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        claim = claim_one(storage)
        finish(storage, claim)
        with storage.work()() as work:
            work.enqueue(Chore(number=2))
            work.require(claim)
            with pytest.raises(ClaimLost):
                work.commit()
        assert storage.ledger.entries() == []

    def test_one_of_many_late_workers_records(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)

        def record(number: int) -> bool:
            try:
                with storage.work()() as work:
                    work.enqueue(Chore(number=number))
                    work.finish(claim)
                    work.commit()
            except ClaimLost:
                return False
            return True

        assert sorted(race(record)) == [False] * 7 + [True]
        assert len(storage.ledger.entries()) == 1

    def test_waiting_relays_are_woken_after_the_commit(self, storage: StorageUnderTest) -> None:
        seen: list[int] = []
        work_factory = storage.work(on_enqueued=lambda: seen.append(len(storage.ledger.entries())))
        with work_factory() as work:
            work.enqueue(Chore())
            assert seen == []
            work.commit()
        assert seen == [1]

    def test_nobody_is_woken_for_nothing(self, storage: StorageUnderTest) -> None:
        seen: list[int] = []
        work_factory = storage.work(on_enqueued=lambda: seen.append(1))
        with work_factory() as work:
            work.commit()
        with work_factory() as work:
            work.enqueue(Chore())
        assert seen == []

    def test_a_unit_is_committed_once(self, storage: StorageUnderTest) -> None:
        with storage.work()() as work:
            work.commit()
            with pytest.raises(RuntimeError):
                work.commit()

    def test_nothing_is_added_to_a_committed_unit(self, storage: StorageUnderTest) -> None:
        with storage.work()() as work:
            work.commit()
            with pytest.raises(RuntimeError):
                work.enqueue(Chore())

    def test_a_read_only_unit_refuses_changes(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore())
        claim = claim_one(storage)
        with storage.work()(read_only=True) as work:
            with pytest.raises(RuntimeError, match="read only"):
                work.enqueue(Chore())
            with pytest.raises(RuntimeError, match="read only"):
                work.record(SomethingHappened(1))
            with pytest.raises(RuntimeError, match="read only"):
                work.finish(claim)
            with pytest.raises(RuntimeError, match="read only"):
                work.require(claim)
            work.commit()
        assert len(storage.ledger.entries()) == 1

    def test_many_writers_lose_nothing(self, storage: StorageUnderTest) -> None:
        def write(number: int) -> None:
            for step in range(5):
                enqueue(storage, Chore(number=number * 5 + step), Chore(number=-1, dedupe="k"))

        race(write)
        numbers = [entry.arguments["number"] for entry in storage.ledger.entries(queue=Queue(Chore.queue))]
        assert sorted(number for number in numbers if isinstance(number, int)) == [-1, *range(40)]
