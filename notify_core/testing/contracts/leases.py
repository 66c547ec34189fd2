"""How every store of leases behaves."""

from datetime import timedelta

import pytest

from notify_core.testing.contracts.racing import race
from notify_core.testing.contracts.storage import LEASE, StorageUnderTest


class LeasesContract:
    """Supply ``storage``."""

    @pytest.fixture
    def storage(self) -> StorageUnderTest:
        raise NotImplementedError

    def test_one_holder_at_a_time(self, storage: StorageUnderTest) -> None:
        assert storage.leases.acquire("tick", "a", LEASE)
        assert not storage.leases.acquire("tick", "b", LEASE)

    def test_leases_with_different_names_are_independent(self, storage: StorageUnderTest) -> None:
        assert storage.leases.acquire("tick", "a", LEASE)
        assert storage.leases.acquire("tock", "b", LEASE)

    def test_a_lease_that_ran_out_is_free(self, storage: StorageUnderTest) -> None:
        assert storage.leases.acquire("tick", "a", LEASE)
        storage.pass_time(LEASE)
        assert storage.leases.acquire("tick", "b", LEASE)
        assert not storage.leases.acquire("tick", "a", LEASE)

    def test_the_holder_renews_it(self, storage: StorageUnderTest) -> None:
        assert storage.leases.acquire("tick", "a", LEASE)
        storage.pass_time(LEASE / 2)
        assert storage.leases.acquire("tick", "a", LEASE)
        storage.pass_time(LEASE * 3 / 4)
        assert not storage.leases.acquire("tick", "b", LEASE)

    def test_a_released_lease_is_free(self, storage: StorageUnderTest) -> None:
        storage.leases.acquire("tick", "a", LEASE)
        storage.leases.release("tick", "a")
        assert storage.leases.acquire("tick", "b", LEASE)

    def test_only_the_holder_releases_it(self, storage: StorageUnderTest) -> None:
        storage.leases.acquire("tick", "a", LEASE)
        storage.leases.release("tick", "b")
        storage.leases.release("never taken", "b")
        assert not storage.leases.acquire("tick", "b", timedelta(days=1))

    def test_of_many_at_the_same_moment_one_gets_it(self, storage: StorageUnderTest) -> None:
        got = race(lambda number: storage.leases.acquire("tick", f"holder {number}", LEASE))
        assert sorted(got) == [False] * 7 + [True]
