"""Two workers that have the same work: at most one of them calls the network.

A worker that is stopped in the midst of a call for longer than its claim lasts cannot take the call back; then the
network hears the same words once more, and once is what is recorded.
"""

import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier, Event

import pytest
from dependency_injector import providers

from notify_adapters.cbc.fake_store import Behaviour, FakeNetworkStore
from notify_core.broadcasts.states import ProviderMessageStatus
from notify_core.kernel.queues import BROADCASTS
from notify_core.ports.task_ledger import RelayLimits
from notify_core.registry.execute import ExecutionOutcome
from notify_entrypoints.containers import Container, migrate
from notify_entrypoints.settings import load_settings
from tests.integration.broadcasts.agency import NETWORKS, Agency
from tests.integration.waiting import eventually

DONE, DUPLICATE = ExecutionOutcome.DONE, ExecutionOutcome.DUPLICATE
PATIENCE = 60


class Office:
    """A platform whose workers are a test's own threads, each with a container as if it were a process."""

    def __init__(self, folder, **environ):
        self.environ = {
            "NOTIFY_ENVIRONMENT": "test",
            "NOTIFY_DATA_DIR": str(folder),
            "NOTIFY_SECRET_KEYS": "a-key-that-encrypts-what-tests-store",
            "NOTIFY_ADMIN_SECRETS": "an-admin-secret-of-this-test-long-enough",
            "NOTIFY_API_BASE_URL": "http://notify.test",
            **environ,
        }
        self.containers = []
        container = self.another()
        migrate(container)
        self.ledger = container.ledger()
        self.agency = Agency(container)
        self.networks = FakeNetworkStore(folder)

    def another(self):
        """A process's container."""
        self.containers.append(Container(settings=load_settings(self.environ)))
        return self.containers[-1]

    def published(self):
        """The rows that lie in the queue now: sends to networks, after the alerts' own tasks are done."""
        execute = self.containers[0].execute()
        for row in self.ledger.publish_due(RelayLimits(), "relay"):
            execute(row.entry_id, "first")
        return [row.entry_id for row in self.ledger.publish_due(RelayLimits(), "relay")]

    def let_leases_run_out(self):
        with self.containers[0].engine().begin() as connection:
            connection.exec_driver_sql("UPDATE task_ledger SET leased_until_us = 0 WHERE state = 'claimed'")

    def calls(self):
        """(network, identifier) of each call, in their order."""
        return [(call.network, call.identifier) for call in self.networks.calls()]

    def close(self):
        self.networks.close()
        for container in self.containers:
            container.wake().close()
            container.engine().dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request, tmp_path):
    with ExitStack() as opened:
        environ = {}
        if request.param == "postgresql":
            server, template = (request.getfixturevalue(f"postgresql_{name}") for name in ("server", "template"))
            environ["NOTIFY_DATABASE_URL"] = opened.enter_context(server.database(template))
        made = Office(tmp_path, **environ)
        opened.callback(made.close)
        yield made


def side_by_side(*works):
    """What each of these returned, all begun at once."""
    ready = Barrier(len(works))

    def begin(work):
        ready.wait(PATIENCE)
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(begin, works))


def test_row_6_of_workers_that_are_brought_the_same_messages_one_sends_each(office):
    alerts = [office.agency.alert() for _ in range(4)]
    rows = office.published()
    assert len(rows) == len(alerts) * len(NETWORKS)

    def worker(name):
        execute, order = office.another().execute(), random.sample(rows, len(rows))
        return lambda: {row: execute(row, name) for row in order}

    outcomes = side_by_side(*(worker(f"worker-{number}") for number in range(4)))

    for row in rows:
        assert Counter(outcome[row] for outcome in outcomes) == {DONE: 1, DUPLICATE: 3}
    copies = office.agency.copies(*alerts)
    assert sorted(office.calls()) == sorted((copy.provider, str(copy.id)) for copy in copies)
    assert {copy.status for copy in copies} == {ProviderMessageStatus.RETURNED_ACK}
    assert office.agency.rows() == []


class Halting:
    """Networks at which a worker stops before what is to be ``before``, until it is told to ``go_on``."""

    def __init__(self, networks, before):
        self._networks, self._before = networks, before
        self.halted, self.go_on = Event(), Event()

    def __getattr__(self, name):
        return getattr(self._networks, name)

    def is_connected(self, network):
        self._halt("its checks")
        return self._networks.is_connected(network)

    def send(self, network, route, instruction):
        self._halt("its call")
        self._networks.send(network, route, instruction)

    def _halt(self, where):
        if where == self._before:
            self.halted.set()
            assert self.go_on.wait(PATIENCE)


@pytest.fixture
def stolen(office):
    """One row, and two workers who have it after each other: ``stolen(before)`` gives the row, and the first one's
    networks and its outcome to come, when it has stopped there and its claim has run out."""
    with ThreadPoolExecutor(1) as thread:

        def steal(before):
            first = office.another()
            networks = Halting(first.cbc(), before)
            first.cbc.override(providers.Object(networks))
            execute = first.execute()
            row = office.published()[0]
            outcome = thread.submit(lambda: execute(row, "first"))
            assert networks.halted.wait(PATIENCE)
            office.let_leases_run_out()
            return row, networks, outcome

        yield steal


def test_row_6_a_worker_that_was_stopped_before_its_call_and_lost_its_claim_does_not_call(office, stolen):
    alert = office.agency.alert()
    row, halting, outcome = stolen("its checks")
    assert office.another().execute()(row, "second") is DONE

    halting.go_on.set()

    assert outcome.result(PATIENCE) is DUPLICATE
    (copy,) = office.agency.copies(alert)
    assert office.calls() == [(copy.provider, str(copy.id))]
    assert office.agency.attempts(copy) == [(1, "started"), (1, "acknowledged")]


def test_row_6_nor_while_the_other_one_is_just_calling(office, stolen):
    alert = office.agency.alert()
    row, halting, outcome = stolen("its checks")
    second = office.another()
    networks = Halting(second.cbc(), "its call")
    second.cbc.override(providers.Object(networks))
    execute = second.execute()
    with ThreadPoolExecutor(1) as thread:
        others = thread.submit(lambda: execute(row, "second"))
        assert networks.halted.wait(PATIENCE)

        halting.go_on.set()

        assert outcome.result(PATIENCE) is DUPLICATE
        assert office.calls() == []
        networks.go_on.set()
        assert others.result(PATIENCE) is DONE
    (copy,) = office.agency.copies(alert)
    assert office.calls() == [(copy.provider, str(copy.id))]


def test_row_6_what_was_in_the_air_when_the_claim_was_lost_is_the_same_and_is_recorded_once(office, stolen):
    alert = office.agency.alert()
    row, halting, outcome = stolen("its call")
    assert office.another().execute()(row, "second") is DONE

    halting.go_on.set()

    # Not its to record any more; that it was acknowledged the history keeps.
    assert outcome.result(PATIENCE) is not DONE
    (copy,) = office.agency.copies(alert)
    assert copy.status is ProviderMessageStatus.RETURNED_ACK
    assert office.calls() == [(copy.provider, str(copy.id))] * 2
    (broadcast,) = office.networks.broadcasts(copy.provider)
    assert broadcast.identifier == str(copy.id)
    acknowledged = (1, "acknowledged")
    assert office.agency.attempts(copy) == [(1, "started"), (1, "started"), acknowledged, acknowledged]
    assert row not in {row.id for row in office.agency.rows()}


@pytest.mark.timeout(300)
def test_row_6_of_celery_workers_that_are_brought_the_same_messages_one_sends_each(on_celery):
    deployment = on_celery(NOTIFY_TASK_LEASE="5m")
    agency, networks = deployment.agency, deployment.networks
    for network in NETWORKS:
        networks.script(network, None, Behaviour(latency=0.1))
    alerts = [agency.alert() for _ in range(4)]
    ledger, execute = deployment.container.ledger(), deployment.container.execute()
    for row in ledger.publish_due(RelayLimits(), "test"):
        assert execute(row.entry_id, "test") is DONE
    relay = deployment.relay()
    wanted = len(alerts) * len(NETWORKS)
    messages = eventually(lambda: len(found := deployment.messages(BROADCASTS)) == wanted and found)
    relay.terminate()
    assert relay.ended() == 0
    for _ in range(3):
        for message, body in random.sample(messages, wanted):
            deployment.put_message(BROADCASTS, json.loads(json.dumps(message)), body)

    for number in range(2):
        deployment.start_worker(BROADCASTS, name=f"worker-{number}", concurrency=2, NOTIFY_TASK_QUEUE_RELAY="none")

    duplicates = "celery.broadcast-tasks.send-broadcast-provider-message.duplicate"
    eventually(lambda: deployment.statsd.count(duplicates) == 3 * wanted)
    eventually(lambda: agency.rows() == [])
    copies = agency.copies(*alerts)
    assert sorted((call.network, call.identifier) for call in networks.calls()) == sorted(
        (copy.provider, str(copy.id)) for copy in copies
    )
    assert len(copies) == wanted
    assert {copy.status for copy in copies} == {ProviderMessageStatus.RETURNED_ACK}
