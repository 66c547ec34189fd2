"""Tests of the ways to the networks."""

from datetime import timedelta

import pytest

from notify_core.broadcasts.model import AttemptOutcome, LinkState, LinkTest, Route
from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.kernel.errors import AlreadyExists
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_link_test

Storage = UnitOfWorkFactory[BroadcastsWork]
MINUTE = timedelta(minutes=1)


class LinkTestsContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def given(self, storage: Storage, *tests: LinkTest) -> None:
        with storage() as work:
            for test in tests:
                work.link_tests.add(test)
            work.commit()

    def latest(self, storage: Storage, **wanted: object) -> list[LinkState]:
        with storage(read_only=True) as work:
            return list(work.link_tests.latest(**wanted))  # type: ignore[arg-type]

    def test_nothing_is_known_of_what_was_never_tested(self, storage: Storage) -> None:
        assert self.latest(storage) == []

    def test_the_latest_of_each_network_and_route_comes_back_as_it_was_added(self, storage: Storage) -> None:
        ee, vodafone = (
            a_link_test(provider=provider, message_number=number)
            for provider, number in (("ee", None), ("vodafone", "0000004e"))
        )
        second_route = a_link_test(
            id=ee.id,
            route=Route.SECOND,
            at=NOON + timedelta(microseconds=1),
            outcome=AttemptOutcome.FAILED,
            seconds=10.125,
            detail="dŵr: time-out",
        )
        earlier = [
            a_link_test(provider=one.provider, route=one.route, at=NOON - MINUTE, outcome=AttemptOutcome.FAILED)
            for one in (ee, second_route, vodafone)
        ]
        self.given(storage, second_route, vodafone, *earlier, ee)
        assert [state.latest for state in self.latest(storage)] == [ee, second_route, vodafone]

    def test_of_two_in_the_same_moment_one_is_the_latest(self, storage: Storage) -> None:
        self.given(storage, a_link_test(), a_link_test())
        (state,) = self.latest(storage)
        assert (state.latest.at, state.acknowledged, state.failed) == (NOON, 2, 0)

    def test_counted_is_what_happened_since_then(self, storage: Storage) -> None:
        def test_of(minute: int, outcome: AttemptOutcome, route: Route = Route.FIRST) -> LinkTest:
            return a_link_test(at=NOON + minute * MINUTE, outcome=outcome, route=route)

        acknowledged, failed = AttemptOutcome.ACKNOWLEDGED, AttemptOutcome.FAILED
        outcomes = (failed, acknowledged, acknowledged, failed, acknowledged)
        self.given(
            storage,
            *(test_of(minute, outcome) for minute, outcome in enumerate(outcomes)),
            test_of(0, acknowledged, Route.SECOND),
        )

        def counts(**wanted: object) -> list[tuple[int, int]]:
            return [(state.acknowledged, state.failed) for state in self.latest(storage, **wanted)]

        assert counts(since=NOON + 2 * MINUTE) == [(2, 1), (0, 0)]
        assert counts() == [(3, 2), (1, 0)]

    def test_a_route_is_tested_once_with_an_identifier(self, storage: Storage) -> None:
        test = a_link_test()
        self.given(storage, test)
        with storage() as work:
            work.link_tests.add(a_link_test(id=test.id, outcome=AttemptOutcome.FAILED))
            with pytest.raises(AlreadyExists):
                work.commit()
        assert [state.latest for state in self.latest(storage)] == [test]

    def test_old_ones_are_removed_the_oldest_first_in_batches(self, storage: Storage) -> None:
        tests = [a_link_test(provider=f"network-{n}", at=NOON + n * MINUTE) for n in range(4)]
        self.given(storage, *reversed(tests))
        for removed, left in ((2, tests[2:]), (1, tests[3:]), (0, tests[3:])):
            with storage() as work:
                assert work.link_tests.remove_before(NOON + 3 * MINUTE, limit=2) == removed
                work.commit()
            assert [state.latest for state in self.latest(storage)] == left
