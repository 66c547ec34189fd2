"""How every task ledger behaves towards the relay: what is published, when, in which order."""

from datetime import timedelta

import pytest

from notify_core.kernel.queues import INTERNAL, PRIORITY
from notify_core.ports.task_ledger import LONGEST_LEASE, EntryState, RelayLimits
from notify_core.testing.builders import claim_row
from notify_core.testing.contracts.racing import race
from notify_core.testing.contracts.storage import LEASE, Chore, StorageUnderTest, enqueue, finish, publish

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def limits(per_queue: int = 1000, per_limit_key: int = 1000) -> RelayLimits:
    return RelayLimits(per_queue=per_queue, per_limit_key=per_limit_key, lease=LEASE)


class TaskRelayContract:
    """Supply ``storage``."""

    @pytest.fixture
    def storage(self) -> StorageUnderTest:
        raise NotImplementedError

    def test_due_rows_are_published_once_oldest_first(self, storage: StorageUnderTest) -> None:
        assert publish(storage) == []
        enqueue(storage, *(Chore(number=number) for number in range(1, 4)))
        enqueue(storage, Chore(number=4))
        assert publish(storage) == [1, 2, 3, 4]
        assert publish(storage) == []
        assert {entry.state for entry in storage.ledger.entries()} == {EntryState.PUBLISHED}

    def test_a_message_names_the_row_its_task_and_queue(self, storage: StorageUnderTest) -> None:
        with storage.work()() as work:
            work.enqueue(Chore(fair="a service"), queue=PRIORITY)
            work.commit()
        (publication,) = storage.ledger.publish_due(limits(), "relay")
        (entry,) = storage.ledger.entries()
        assert publication.entry_id == entry.id
        assert (publication.task, publication.queue, publication.fair) == ("chore", PRIORITY, "a service")

    def test_a_delayed_row_waits(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1), delay=30 * SECOND)
        assert publish(storage) == []
        storage.pass_time(30 * SECOND)
        assert publish(storage) == [1]

    def test_a_queue_is_not_overfilled(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number) for number in range(5)))
        publications = storage.ledger.publish_due(limits(per_queue=2), "relay")
        assert len(publications) == 2
        claim = claim_row(storage.ledger, publications[0].entry_id, "worker", LEASE)
        assert publish(storage, limits(per_queue=2)) == []
        assert claim is not None
        finish(storage, claim)
        assert publish(storage, limits(per_queue=2)) == [2]
        assert publish(storage, limits(per_queue=1)) == []

    def test_a_full_queue_does_not_hinder_another(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1), Chore(number=2))
        with storage.work()() as work:
            work.enqueue(Chore(number=3), queue=PRIORITY)
            work.commit()
        assert sorted(publish(storage, limits(per_queue=1))) == [1, 3]

    def test_fair_keys_take_turns(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, fair="flood") for number in range(10)))
        enqueue(storage, Chore(number=100, fair="a"), Chore(number=200), Chore(number=101, fair="a"))
        assert publish(storage, limits(per_queue=6)) == [0, 100, 200, 1, 101, 2]

    def test_a_late_comer_gets_the_next_free_place(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, fair="flood") for number in range(5)))
        assert publish(storage, limits(per_queue=2)) == [0, 1]
        enqueue(storage, Chore(number=100, fair="a"))
        assert publish(storage, limits(per_queue=3)) == [100]

    def test_a_part_of_a_queue_is_kept_for_those_with_few_rows(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, fair="flood") for number in range(50)))
        assert publish(storage, limits(per_queue=40)) == list(range(38))
        enqueue(storage, *(Chore(number=number, fair="a") for number in (100, 101, 102)))
        assert publish(storage, limits(per_queue=40)) == [100, 101]

    def test_where_others_flood_the_few_may_overtake(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, fair="flood") for number in range(50)))
        enqueue(storage, Chore(number=100, fair="few"), Chore(number=200))
        with storage.work()() as work:
            work.enqueue(Chore(number=300, fair="alone"), queue=PRIORITY)
            work.commit()
        found = storage.ledger.publish_due(limits(per_queue=40), "relay")
        assert {row.fair for row in found if row.ahead} == {"few"}
        enqueue(storage, Chore(number=101, fair="late"))
        (late,) = storage.ledger.publish_due(limits(per_queue=40), "relay")
        assert (late.fair, late.ahead) == ("late", True)

    def test_many_rows_of_one_lane_come_in_order(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, fair="a") for number in range(1000)))
        enqueue(storage, *(Chore(number=number, fair="b", limit="slow") for number in range(1000, 1010)))
        published = publish(storage, limits(per_queue=1100, per_limit_key=3))
        assert [number for number in published if number < 1000] == list(range(1000))
        assert [number for number in published if number >= 1000] == [1000, 1001, 1002]

    def test_a_limit_key_has_so_many_under_way(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, limit="network", fair=f"fair {number % 2}") for number in range(5)))
        enqueue(storage, Chore(number=10, limit="another"), Chore(number=20))
        with storage.work()() as work:
            work.enqueue(Chore(number=30, limit="network"), queue=PRIORITY)
            work.commit()
        assert sorted(publish(storage, limits(per_limit_key=2))) == [0, 1, 10, 20]
        claims = [
            claim_row(storage.ledger, entry.id, "worker", LEASE)
            for entry in storage.ledger.entries(state=EntryState.PUBLISHED)
        ]
        assert publish(storage, limits(per_limit_key=2)) == []
        assert claims[0] is not None
        finish(storage, claims[0])
        assert publish(storage, limits(per_limit_key=2)) == [2]

    def test_a_slow_network_does_not_hinder_the_same_services_others(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, fair="a", limit="slow") for number in range(50)))
        enqueue(storage, Chore(number=100, fair="a", limit="quick"))
        assert publish(storage, limits(per_limit_key=1)) == [0, 100]

    def test_a_held_key_is_not_published_until_the_hold_ends(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, limit="network"), Chore(number=2))
        storage.ledger.hold("network", 30 * SECOND)
        assert publish(storage) == [2]
        storage.pass_time(30 * SECOND)
        assert publish(storage) == [1]

    def test_a_later_hold_replaces_an_earlier_one(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, limit="network"))
        storage.ledger.hold("network", timedelta(hours=1))
        storage.ledger.hold("network", SECOND)
        storage.pass_time(SECOND)
        assert publish(storage) == [1]

    def test_a_hold_is_released(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, limit="network"))
        storage.ledger.hold("network", timedelta(hours=1))
        storage.ledger.release("network")
        storage.ledger.release("never held")
        assert publish(storage) == [1]

    def test_a_lost_message_is_sent_again(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        publish(storage)
        storage.pass_time(LEASE - SECOND)
        assert publish(storage) == []
        storage.pass_time(SECOND)
        assert publish(storage) == [1]
        assert storage.ledger.entries()[0].attempt == 0

    def test_a_dead_workers_row_is_published_again(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        (publication,) = storage.ledger.publish_due(limits(), "relay")
        claim_row(storage.ledger, publication.entry_id, "dead", LEASE * 2)
        storage.pass_time(LEASE)
        assert publish(storage) == []
        storage.pass_time(LEASE)
        assert publish(storage) == [1]

    def test_rows_to_be_published_again_need_no_free_place(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, limit="network") for number in range(4)))
        assert publish(storage, limits(per_queue=2, per_limit_key=2)) == [0, 1]
        storage.pass_time(LEASE)
        assert sorted(publish(storage, limits(per_queue=2, per_limit_key=2))) == [0, 1]

    def test_a_held_key_is_not_published_again_either(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1, limit="network"), Chore(number=2, limit="another"), Chore(number=3))
        publish(storage)
        storage.ledger.hold("network", LEASE * 2)
        storage.pass_time(LEASE)
        assert sorted(publish(storage)) == [2, 3]
        storage.pass_time(LEASE)
        assert sorted(publish(storage)) == [1, 2, 3]

    def test_what_a_relay_took_with_it_into_death_comes_long_before_what_waits_in_a_queue(
        self, storage: StorageUnderTest
    ) -> None:
        enqueue(storage, Chore(number=1), Chore(number=2), Chore(number=3))
        publications = storage.ledger.publish_due(limits(), "relay")
        first, second, _ = (publication.entry_id for publication in publications)
        claim = claim_row(storage.ledger, second, "worker", LEASE)
        storage.ledger.handed_over([first, second], "relay", LEASE * 3)
        storage.ledger.handed_over([], "relay", LEASE)
        storage.pass_time(LEASE)
        assert sorted(publish(storage)) == [2, 3]
        assert claim is not None
        storage.pass_time(LEASE)
        assert sorted(publish(storage)) == [2, 3]
        storage.pass_time(LEASE)
        assert sorted(publish(storage)) == [1, 2, 3]

    def test_what_the_broker_did_not_take_is_due_again(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1), Chore(number=2), Chore(number=3))
        publications = storage.ledger.publish_due(limits(), "relay")
        claim_row(storage.ledger, publications[2].entry_id, "worker", LEASE)
        storage.ledger.put_back([publication.entry_id for publication in publications], "relay")
        storage.ledger.put_back([], "relay")
        assert publish(storage) == [1, 2]

    def test_a_relay_that_was_too_slow_does_not_speak_for_the_next(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))
        (slow,) = storage.ledger.publish_due(limits(), "slow")
        storage.pass_time(LEASE)
        storage.ledger.publish_due(limits(), "next")
        storage.ledger.put_back([slow.entry_id], "slow")
        storage.ledger.handed_over([slow.entry_id], "slow", LEASE * 3)
        assert publish(storage) == []
        storage.pass_time(LEASE)
        assert publish(storage) == [1]

    def test_what_nobody_takes_out_of_a_queue_comes_ever_less_often(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1))

        def waits(seconds: int) -> None:
            (publication,) = storage.ledger.publish_due(limits(), "relay")
            storage.ledger.handed_over([publication.entry_id], "relay", 10 * MINUTE)
            storage.pass_time((seconds - 60) * SECOND)
            assert publish(storage) == []
            storage.pass_time(2 * MINUTE)

        waits(600)
        waits(660)
        waits(1380)
        waits(2820)
        storage.pass_time(timedelta(days=1))
        for _ in range(2):
            waits(LONGEST_LEASE // SECOND)

    def test_a_claim_lost_with_its_worker_is_counted(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(number=1), Chore(number=2))
        for lost in range(3):
            published = storage.ledger.publish_due(limits(), "relay")
            assert [publication.lost for publication in published] == [lost, 0]
            claim = claim_row(storage.ledger, storage.ledger.entries()[0].id, "dead", LEASE)
            assert claim is not None
            assert claim.entry.lost == lost
            storage.pass_time(LEASE)
        assert [entry.lost for entry in storage.ledger.entries()] == [2, 0]

    def test_the_relay_knows_how_long_it_may_sleep(self, storage: StorageUnderTest) -> None:
        assert storage.ledger.next_due_in() is None
        enqueue(storage, Chore(), delay=30 * MINUTE)
        assert 28 * MINUTE < (storage.ledger.next_due_in() or timedelta()) <= 30 * MINUTE
        storage.pass_time(31 * MINUTE)
        assert storage.ledger.next_due_in() == timedelta()
        publish(storage)
        assert LEASE / 2 < (storage.ledger.next_due_in() or timedelta()) <= LEASE
        storage.pass_time(LEASE)
        assert storage.ledger.next_due_in() == timedelta()

    def test_a_hold_lets_the_relay_sleep(self, storage: StorageUnderTest) -> None:
        enqueue(storage, Chore(limit="network"))
        storage.ledger.hold("network", 30 * MINUTE)
        assert 28 * MINUTE < (storage.ledger.next_due_in() or timedelta()) <= 30 * MINUTE
        assert storage.ledger.lag() == timedelta()

    def test_lag_is_how_long_the_oldest_row_has_waited(self, storage: StorageUnderTest) -> None:
        assert storage.ledger.lag() == timedelta()
        enqueue(storage, Chore(number=1), delay=10 * MINUTE)
        assert storage.ledger.lag() == timedelta()
        storage.pass_time(15 * MINUTE)
        assert 5 * MINUTE <= storage.ledger.lag() < 8 * MINUTE
        publish(storage)
        assert storage.ledger.lag() == timedelta()
        storage.pass_time(LEASE + MINUTE)
        assert MINUTE <= storage.ledger.lag() < 4 * MINUTE

    def test_of_many_relays_one_gets_a_row(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, fair=str(number % 7)) for number in range(100)))
        got = race(lambda number: storage.ledger.publish_due(limits(per_queue=30), f"relay {number}"))
        ids = [publication.entry_id for publications in got for publication in publications]
        # The last place is kept for whoever has few rows in the queue.
        assert len(ids) == len(set(ids)) == 29
        assert storage.ledger.depth() == {(INTERNAL, EntryState.PUBLISHED): 29, (INTERNAL, EntryState.DUE): 71}

    def test_of_many_relays_one_publishes_a_row_again(self, storage: StorageUnderTest) -> None:
        enqueue(storage, *(Chore(number=number, limit="network") for number in range(10)))
        publish(storage, limits(per_limit_key=4))
        storage.pass_time(LEASE)
        got = race(lambda number: storage.ledger.publish_due(limits(per_limit_key=4), f"relay {number}"))
        ids = [publication.entry_id for publications in got for publication in publications]
        assert len(ids) == len(set(ids)) == 4
