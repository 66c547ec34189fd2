"""Section 5 of broadcasts.md, "Link tests"."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.broadcasts.model import AttemptOutcome, InstructionType, Route
from notify_core.broadcasts.tasks import SendBroadcastProviderMessage, TriggerLinkTest, TriggerLinkTests
from notify_core.broadcasts.use_cases.link_tests import KEPT, OVERDUE, ShowLinks, StartLinkTests, TryRoutes
from notify_core.kernel.errors import NotFound, TransientError
from notify_core.kernel.queues import BROADCASTS
from notify_core.ports.heartbeats import Beat
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import NOON, a_broadcast_event, a_link_test, claim_row
from notify_core.testing.fakes.networks import MemoryNetworks
from notify_core.testing.platform import InMemoryPlatform

NETWORKS = ("ee", "o2", "three", "vodafone")
LEASE = timedelta(seconds=60)


class SlowNetworks(MemoryNetworks):
    """Each call takes as long as it says; ``before`` looks at what there is when one begins."""

    clock = None
    takes = timedelta()

    def before(self, route):
        """Nothing unless a test says so."""

    def send(self, network, route, instruction):
        self.before(route)
        self.clock.advance(self.takes)
        super().send(network, route, instruction)


class Links:
    """A world's link tests."""

    def __init__(self, world):
        self.world = world
        self.networks = world.networks = SlowNetworks()
        self.networks.clock = world.clock
        self.start_links = StartLinkTests(world.storage, world.clock, world.networks)
        self.show = ShowLinks(world.storage, world.clock, world.networks)
        self.try_routes = TryRoutes(world.storage, world.clock, world.random, world.metrics, world.networks)

    def claimed(self, task):
        with self.world.storage() as work:
            work.enqueue(task)
            work.commit()
        self.world.ledger.publish_due(RelayLimits(), "relay")
        (row,) = self.world.rows(type(task))
        return claim_row(self.world.ledger, row.id, "worker", LEASE)

    def start(self):
        self.start_links(TriggerLinkTests(), self.claimed(TriggerLinkTests()))

    def of(self, provider):
        """Test it, and see what is kept."""
        task = TriggerLinkTest(provider)
        self.try_routes(task, self.claimed(task))
        return self.kept(provider)

    def kept(self, provider=None):
        with self.world.storage(read_only=True) as work:
            latest = [state.latest for state in work.link_tests.latest()]
        return [test for test in latest if provider in {None, test.provider}]

    def put(self, *tests):
        with self.world.storage() as work:
            for test in tests:
                work.link_tests.add(test)
            work.commit()

    def outcomes(self, provider):
        return [(link["route"], link["outcome"]) for link in self.show() if link["provider"] == provider]


@pytest.fixture
def links(world):
    return Links(world)


# Which networks, and when


def test_5_every_15_minutes_each_connected_network_is_tested_on_both_routes():
    platform = InMemoryPlatform()
    platform.tick()
    platform.run_until_idle()
    assert platform.networks.calls() == ()

    platform.advance(timedelta(minutes=15))
    platform.tick()
    platform.run_until_idle()

    called = [(call.network, call.route, call.acknowledged) for call in platform.networks.calls()]
    assert sorted(called) == [(network, route, True) for network in NETWORKS for route in Route]
    beats = [beat for name, beat in platform.heartbeats.beats if name == "trigger-link-tests"]
    assert beats == [Beat.RUN, Beat.COMPLETE]


def test_5_one_task_for_each_connected_network_on_broadcast_tasks(world, links):
    links.start()

    rows = world.rows(TriggerLinkTest)
    assert [row.arguments for row in rows] == [{"provider": network} for network in NETWORKS]
    assert {row.queue for row in rows} == {BROADCASTS}
    assert world.rows(TriggerLinkTests) == []


def test_5_a_network_that_is_not_enabled_is_not_tested(world, links):
    links.networks.enable("o2")
    links.start()
    assert [row.arguments for row in world.rows(TriggerLinkTest)] == [{"provider": "o2"}]


def test_5_none_when_no_network_is_connected(world, links):
    links.networks.disconnect()
    links.start()
    assert world.rows(TriggerLinkTest) == []


def test_a_network_whose_test_has_not_begun_gets_no_second_one(world, links):
    links.start()
    links.start()
    assert len(world.rows(TriggerLinkTest)) == len(NETWORKS)


def test_a_test_counts_among_what_may_be_under_way_at_its_network():
    event = a_broadcast_event()
    assert TriggerLinkTest("ee").limit_key() == SendBroadcastProviderMessage(event.id, "ee").limit_key()


@pytest.mark.parametrize("change", ["disconnected", "disabled"])
def test_what_is_not_connected_any_more_is_left_alone(world, links, change):
    if change == "disabled":
        links.networks.enable("o2")
    else:
        links.networks.disconnect()
    assert links.of("ee") == []
    assert links.networks.calls() == ()
    assert world.rows(TriggerLinkTest) == []


def test_an_unknown_network_is_not_tested(links):
    with pytest.raises(NotFound, match="giffgaff"):
        links.of("giffgaff")


# Both routes


def test_5_both_routes_are_tested_also_where_the_first_answers(world, links):
    links.networks.takes = timedelta(seconds=0.25)
    first, second = links.of("ee")

    assert (first.route, second.route) == (Route.FIRST, Route.SECOND)
    assert {first.outcome, second.outcome} == {AttemptOutcome.ACKNOWLEDGED}
    assert (first.at, second.at) == (NOON, NOON + timedelta(seconds=0.25))
    assert (first.seconds, second.seconds) == (0.25, 0.25)
    assert [call.route for call in links.networks.calls("ee")] == [Route.FIRST, Route.SECOND]
    assert world.rows(TriggerLinkTest) == []


@pytest.mark.parametrize("dead", [(Route.FIRST,), (Route.SECOND,), tuple(Route)], ids=str)
def test_5_what_fails_is_a_result_that_is_kept_and_counted(world, links, dead, caplog):
    for route in dead:
        links.networks.fail("ee", route, detail=f"route {route} is silent")

    tests = links.of("ee")

    for test in tests:
        failed = test.route in dead
        assert test.outcome is (AttemptOutcome.FAILED if failed else AttemptOutcome.ACKNOWLEDGED)
        assert test.detail == (f"route {test.route} is silent" if failed else None)
        assert world.metrics.counts[f"broadcast.ee.{test.route}.link-test-failed"] == failed
        assert world.metrics.counts[f"broadcast.ee.{test.route}.link-test-acknowledged"] == (not failed)
    assert [call.route for call in links.networks.calls("ee")] == [Route.FIRST, Route.SECOND]
    assert [record.levelname for record in caplog.records] == ["WARNING"] * len(dead)
    # Nothing that an operator has to look at in the ledger.
    assert world.rows(TriggerLinkTest) == []


def test_5_an_acknowledgement_that_was_lost_is_a_failure(links):
    links.networks.lose_acknowledgement("o2", Route.FIRST)
    assert [test.outcome for test in links.of("o2")] == [AttemptOutcome.FAILED, AttemptOutcome.ACKNOWLEDGED]


def test_a_dead_network_says_nothing_about_the_others(links):
    links.networks.fail("ee")
    links.of("ee")
    assert {test.outcome for test in links.of("o2")} == {AttemptOutcome.ACKNOWLEDGED}


# What is sent


def test_5_a_fresh_identifier_each_time_the_same_on_both_routes(links):
    identifiers = []
    for _ in range(2):
        first, second = links.of("ee")
        assert first.id == second.id
        identifiers.append(first.id)
    assert identifiers[0] != identifiers[1]
    assert [call.instruction.identifier for call in links.networks.calls("ee")] == [
        str(identifier) for identifier in identifiers for _ in Route
    ]


def test_5_the_next_message_number_only_where_the_network_needs_one(links):
    assert {test.message_number for test in links.of("vodafone")} == {"00000001"}
    assert {test.message_number for test in links.of("ee")} == {None}
    assert {test.message_number for test in links.of("vodafone")} == {"00000002"}
    assert [call.instruction.message_number for call in links.networks.calls("vodafone")] == [
        *["00000001"] * 2,
        *["00000002"] * 2,
    ]


@pytest.mark.parametrize("network", NETWORKS)
def test_5_a_link_test_says_nothing_that_could_be_taken_for_an_alert(links, network):
    links.of(network)
    for call in links.networks.calls(network):
        told = call.instruction
        assert told.type is InstructionType.TEST
        bare = replace(told, identifier="", message_number=None)
        assert bare == type(told)(InstructionType.TEST, "")


# Processes and databases that die


def test_a_number_is_taken_for_good_before_it_is_used(world, links, process_died):
    def the_process_dies(_route):
        raise process_died

    links.networks.before = the_process_dies
    with pytest.raises(process_died):
        links.of("vodafone")
    with world.storage() as work:
        assert work.provider_messages.next_number() == 2


def test_what_the_first_route_said_is_kept_when_the_process_dies_on_the_second(world, links, process_died):
    def dies_on_the_second(route):
        if route is Route.SECOND:
            raise process_died

    links.networks.before = dies_on_the_second
    with pytest.raises(process_died):
        links.of("ee")
    (first,) = links.kept("ee")
    assert first.outcome is AttemptOutcome.ACKNOWLEDGED

    # Its row comes again, and both routes are tested anew.
    del links.networks.before
    world.advance(LEASE * 2)
    world.ledger.publish_due(RelayLimits(), "relay")
    (row,) = world.rows(TriggerLinkTest)
    links.try_routes(TriggerLinkTest("ee"), claim_row(world.ledger, row.id, "another", LEASE))
    again, second = links.kept("ee")
    assert again.id == second.id != first.id
    assert world.rows(TriggerLinkTest) == []


def test_a_database_that_is_away_is_no_result(world, links):
    task = TriggerLinkTest("ee")
    claim = links.claimed(task)
    world.storage.fail_next_commit(TransientError("the database is away"))
    with pytest.raises(TransientError):
        links.try_routes(task, claim)
    assert links.kept() == []
    assert task.retry.allows(0), "it is tried again, and leaves no failed row for a moment's outage"


# What is kept, and shown


def test_results_are_kept_for_thirty_days(world, links):
    old, kept = a_link_test(provider="ee", at=NOON), a_link_test(provider="o2", at=NOON + timedelta(microseconds=1))
    links.put(old, kept)
    world.advance(KEPT + timedelta(microseconds=1))
    links.start()
    assert links.kept() == [kept]


def test_old_results_go_in_batches(world, links):
    links.put(*(a_link_test(provider=f"network-{number}") for number in range(5)))
    world.advance(KEPT * 2)
    links.start_links = replace(links.start_links, batch=3)
    for left in (2, 0):
        links.start()
        assert len(links.kept()) == left


def test_the_links_of_a_network_in_full(world, links):
    links.networks.takes = timedelta(seconds=1.5)
    links.networks.fail("vodafone", Route.SECOND, detail="no answer in time")
    _, second = links.of("vodafone")

    shown = [link for link in links.show() if link["provider"] == "vodafone"]

    assert shown[1] == {
        "provider": "vodafone",
        "route": 2,
        "function": "vodafone-2-proxy",
        "connected": True,
        "overdue": False,
        "outcome": "failed",
        "at": "2026-01-05T12:00:01.500000Z",
        "seconds": 1.5,
        "detail": "no answer in time",
        "identifier": str(second.id),
        "message_number": "00000001",
        "acknowledged_24h": 0,
        "failed_24h": 1,
    }
    assert (shown[0]["function"], shown[0]["outcome"], shown[0]["detail"]) == ("vodafone-1-proxy", "acknowledged", None)
    assert shown[0].keys() == shown[1].keys()


def test_every_enabled_network_is_shown_also_where_it_was_never_tested(links):
    links.networks.enable("ee", "o2")
    links.of("o2")
    assert links.outcomes("ee") == [(1, None), (2, None)]
    assert links.outcomes("o2") == [(1, "acknowledged"), (2, "acknowledged")]
    assert {link["provider"] for link in links.show()} == {"ee", "o2"}
    never = links.show()[0]
    assert never.keys() == links.show()[2].keys()
    assert never["overdue"]


def test_counted_are_the_last_24_hours_and_the_latest_is_shown(world, links):
    def put(hours, outcome):
        links.put(a_link_test(at=NOON - timedelta(hours=hours), outcome=outcome))

    put(25, AttemptOutcome.FAILED)
    put(24, AttemptOutcome.FAILED)
    put(2, AttemptOutcome.FAILED)
    put(1, AttemptOutcome.ACKNOWLEDGED)
    link = links.show()[0]
    assert (link["outcome"], link["acknowledged_24h"], link["failed_24h"]) == ("acknowledged", 1, 2)


def test_a_result_that_others_should_have_followed_says_nothing_about_now(world, links):
    links.of("ee")
    world.advance(OVERDUE - timedelta(microseconds=1))
    assert [link["overdue"] for link in links.show() if link["provider"] == "ee"] == [False, False]
    world.advance(timedelta(microseconds=1))
    assert [link["overdue"] for link in links.show() if link["provider"] == "ee"] == [True, True]
    links.networks.disconnect()
    assert {(link["connected"], link["overdue"]) for link in links.show()} == {(False, False)}
