"""A worker that is killed after the networks acknowledged, and before that was recorded: the alert ends
acknowledged, and is what it was."""

from collections import Counter

import pytest

from notify_adapters.cbc.fake_store import Behaviour, Kind
from notify_core.broadcasts.states import ProviderMessageStatus
from notify_core.kernel.queues import BROADCASTS
from tests.integration.broadcasts.agency import NETWORKS
from tests.integration.waiting import eventually

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


def lose_all_answers(networks):
    for network in NETWORKS:
        networks.script(network, None, Behaviour(Kind.ACKNOWLEDGEMENT_LOST))


def everybody_has_it_and_nobody_knows(agency, networks, alert):
    """All four have broadcast it, and their callers wait for answers that do not come."""
    eventually(lambda: len(networks.broadcasts()) == len(NETWORKS))
    assert agency.acknowledged(alert) == set()


def ends_acknowledged_once(agency, networks, alert):
    eventually(lambda: agency.acknowledged(alert) == NETWORKS and not agency.rows())
    copies = agency.copies(alert)
    assert len(copies) == len(NETWORKS)
    # One broadcast at each, under the identifier that was kept before the first call, and what was said again is that.
    assert {(one.network, one.identifier) for one in networks.broadcasts()} == {
        (copy.provider, str(copy.id)) for copy in copies
    }
    assert len(networks.broadcasts()) == len(NETWORKS)
    calls = Counter((call.network, call.answer) for call in networks.calls() if call.message_type == "alert")
    assert calls == {
        (network, answer): 1 for network in NETWORKS for answer in ("no answer in time: scripted", "acknowledged")
    }
    for copy in copies:
        assert copy.status is ProviderMessageStatus.RETURNED_ACK
        assert agency.attempts(copy) == [(1, "started"), (1, "started"), (1, "acknowledged")]


def test_a_server_that_is_killed_after_the_networks_acknowledged(embedded, networks_apart):
    agency, networks = embedded.agency, embedded.networks
    settings = networks_apart(embedded.environ)
    lose_all_answers(networks)
    with embedded.serving(**settings) as served:
        alert = agency.alert()
        everybody_has_it_and_nobody_knows(agency, networks, alert)
        served.kill()
    networks.recover()
    with embedded.serving(**settings):
        ends_acknowledged_once(agency, networks, alert)


def test_a_worker_that_is_killed_after_the_networks_acknowledged(on_celery, networks_apart):
    deployment = on_celery()
    settings = networks_apart(deployment.environ)
    agency, networks = deployment.agency, deployment.networks
    lose_all_answers(networks)
    first = deployment.worker(BROADCASTS, concurrency=4, **settings)
    alert = agency.alert()
    everybody_has_it_and_nobody_knows(agency, networks, alert)
    first.kill()
    networks.recover()
    # Nobody waits a minute for them here.
    deployment.let_leases_run_out()
    deployment.worker(BROADCASTS, concurrency=2, **settings)
    ends_acknowledged_once(agency, networks, alert)
