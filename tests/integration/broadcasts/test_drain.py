"""Approved alerts, corrected and cancelled, drain while what sends them is killed: none is lost, doubled or out of
order. ``python -m benchmarks.broadcast_drain`` does the same with a thousand, and with everything else killed too."""

import os
import random
from pathlib import Path

import pytest
import sqlalchemy as sa

from benchmarks.drained import at_rest, look, replay_failed, violations
from benchmarks.tales import go_on, tale
from notify_adapters.cbc.fake_store import Behaviour
from notify_adapters.storage.sql.schema_ledger import task_ledger
from notify_core.kernel.queues import BROADCASTS
from notify_core.ports.task_ledger import EntryState
from tests.integration.broadcasts.agency import NETWORKS
from tests.integration.waiting import eventually

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

ALERTS = int(os.environ.get("NOTIFY_TEST_ALERTS", "25"))
KILLS = 3
# Long enough for a worker to be killed with a call in the air, which the network then takes all the same.
SLOW = Behaviour(latency=0.1)
IS_CLAIMED = task_ledger.c.state == EntryState.CLAIMED.value


class Emergency:
    """All the alerts at once, and the people who look after them."""

    def __init__(self, agency, networks):
        self.agency, self.container, self.networks = agency, agency.container, networks
        for network in NETWORKS:
            networks.script(network, None, SLOW)
        pending = [agency.pending() for _ in range(ALERTS)]
        self.tales = [tale(number, message, message.id) for number, message in enumerate(pending)]
        self.expected = {one.id: one.events for one in self.tales}

    def work(self):
        """Who approves and who operates do what there is to do; whether nothing is left."""
        over = go_on(self.tales, self.agency, self.container)
        replay_failed(self.container)
        return over and at_rest(self.container, self.expected)

    def until_some_more_is_heard(self):
        """Work goes on until the networks have heard a random number of calls more."""
        wanted = len(self.networks.calls()) + random.randint(1, 1 + 4 * ALERTS // KILLS)  # noqa: S311 - nobody guesses at it
        eventually(lambda: self.work() or len(self.networks.calls()) >= wanted)

    def nothing_was_lost_doubled_or_out_of_order(self):
        assert violations(look(self.container, self.networks, list(self.expected)), self.expected, NETWORKS) == []


def test_alerts_drain_through_a_server_that_is_killed(embedded, networks_apart):
    settings = networks_apart(embedded.environ)
    emergency = Emergency(embedded.agency, embedded.networks)
    for _ in range(KILLS):
        with embedded.serving(**settings) as served:
            emergency.until_some_more_is_heard()
            served.kill()
    with embedded.serving(**settings):
        eventually(emergency.work)
    emergency.nothing_was_lost_doubled_or_out_of_order()


def test_alerts_drain_through_workers_that_are_killed(on_celery, networks_apart):
    deployment = on_celery()
    settings = networks_apart(deployment.environ)
    emergency = Emergency(deployment.agency, deployment.networks)
    workers = [deployment.worker(BROADCASTS, **settings) for _ in range(2)]
    for number in range(KILLS):
        emergency.until_some_more_is_heard()
        workers.pop(0).kill()
        workers.append(deployment.start_worker(BROADCASTS, name=f"another-{number}", **settings))

    def work():
        let_claims_of_the_dead_run_out(deployment)
        return emergency.work()

    eventually(work)
    emergency.nothing_was_lost_doubled_or_out_of_order()


def let_claims_of_the_dead_run_out(deployment):
    """Nobody waits a minute for them here. Those of the living stay theirs."""
    with deployment.container.engine().begin() as database:
        holders = database.scalars(sa.select(task_ledger.c.worker).where(IS_CLAIMED).distinct()).all()
        # After the question: whoever began to work since then is not dead.
        living = {pid for program in deployment.programs if program.running() for pid in children(program.pid)}
        for holder in holders:
            if holder.rpartition(":")[2] not in living:
                its = sa.update(task_ledger).where(IS_CLAIMED, task_ledger.c.worker == holder)
                database.execute(its.values(leased_until_us=0))


def children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
