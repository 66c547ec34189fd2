"""The same on a broker with acknowledgements of its own and quorum queues."""

import os
import signal

import pytest

from notify_core.kernel.queues import PERIODIC, SEND_SMS
from notify_core.ports.task_ledger import EntryState

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def broker_url(rabbitmq_url):
    return rabbitmq_url


def test_texts_are_delivered_and_a_killed_process_costs_a_lease(deployment):
    deployment.sms_network.rescript(latency=2.0)
    worker = deployment.worker(SEND_SMS, PERIODIC, concurrency=1)
    deployment.text()
    (claimed,) = deployment.wait_for(lambda: [row for row in deployment.rows() if row.state is EntryState.CLAIMED])
    deployment.wait_for(lambda: deployment.sms_network.count() == 1)
    deployment.sms_network.rescript(latency=0.0)
    os.kill(int(claimed.worker.rpartition(":")[2]), signal.SIGKILL)
    deployment.wait_for(lambda: deployment.statsd.count("celery.send-sms-tasks.deliver_sms.duplicate") == 1)
    deployment.let_leases_run_out()
    for _ in range(20):
        deployment.text()
    deployment.wait_until_done()
    assert deployment.sms_network.count() == 21
    assert sum(message.repeats for message in deployment.sms_network.messages()) == 1
    assert "native delayed delivery" not in worker.text
    worker.terminate()
    assert worker.ended() == 0
