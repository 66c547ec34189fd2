"""A network that hangs, on both its routes, is waited for by its own sends and by nobody else's."""

from collections import Counter

import pytest

from notify_adapters.cbc.fake_store import Behaviour
from notify_core.kernel.queues import BROADCASTS
from notify_core.ports.task_ledger import EntryState
from notify_entrypoints.runner import threads_for
from tests.integration.broadcasts.agency import NETWORKS
from tests.integration.waiting import eventually

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

# Longer than anybody waits here: what waits for such a network is not done before the test is over.
HANGS = Behaviour(latency=3_600)
DEAD = ("ee", "vodafone")
ALIVE = NETWORKS - set(DEAD)


def claimed(agency):
    """How many sends are under way at each network."""
    under_way = [row for row in agency.rows() if row.limit and row.state is EntryState.CLAIMED]
    return Counter(row.arguments["provider"] for row in under_way)


@pytest.mark.parametrize("dead", [DEAD[:1], DEAD])
def test_networks_that_hang_delay_no_other_in_one_process(embedded, dead):
    agency, limit = embedded.agency, 4
    for network in dead:
        embedded.networks.script(network, None, HANGS)
    with embedded.serving():
        # More than all threads there are could wait for.
        alerts = [agency.alert() for _ in range(5 * limit)]
        eventually(lambda: all(agency.acknowledged(alert) == NETWORKS - set(dead) for alert in alerts))
        assert claimed(agency) == dict.fromkeys(dead, limit)


def test_there_is_a_thread_for_every_send_that_may_be_under_way_and_some_for_what_comes_before():
    assert threads_for(networks=4, sends_of_each=4)["broadcasts"] == 18
    assert threads_for(networks=0, sends_of_each=4)["broadcasts"] == 2


def test_as_many_sends_of_each_network_as_the_setting_says_have_threads(embedded):
    agency = embedded.agency
    for network in NETWORKS:
        embedded.networks.script(network, None, HANGS)
    with embedded.serving(NOTIFY_TASK_LIMIT_PER_KEY="6"):
        for _ in range(7):
            agency.alert()
        eventually(lambda: claimed(agency) == dict.fromkeys(NETWORKS, 6))


def test_networks_that_hang_delay_no_other_on_celery(on_celery):
    limit = 2
    deployment = on_celery(NOTIFY_TASK_LIMIT_PER_KEY=str(limit))
    agency = deployment.agency
    for network in DEAD:
        deployment.networks.script(network, None, HANGS)
    # As docs/operations.md reckons: the limit for each network that may be dead at once, and some for the others.
    deployment.worker(BROADCASTS, concurrency=limit * len(DEAD) + 2)
    alerts = [agency.alert() for _ in range(5 * limit)]
    eventually(lambda: all(agency.acknowledged(alert) == ALIVE for alert in alerts))
    assert claimed(agency) == dict.fromkeys(DEAD, limit)
