"""A Redis that is restarted while workers are at work: they go on."""

import signal

import pytest

from chaos.servers import NotInstalled, Redis
from notify_core.kernel.queues import SEND_SMS
from tests.integration.needed import missing

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def server():
    """One of this test's own: the others' must not be restarted."""
    try:
        made = Redis()
    except NotInstalled:
        missing("redis-server")
    made.start()
    yield made
    made.close()


@pytest.fixture
def broker_url(server):
    return server.url


def test_a_worker_that_cannot_acknowledge_connects_anew(make_deployment, server):
    deployment = make_deployment(NOTIFY_TASK_LEASE="3s")
    deployment.sms_network.rescript(latency=4.0)
    worker = deployment.worker(SEND_SMS, concurrency=1)
    deployment.text()
    # It has all the messages it may have, so it asks for none, and does not see its connection end.
    deployment.wait_for(lambda: deployment.sms_network.count() == 1)
    server.end(signal.SIGKILL)
    deployment.sms_network.rescript(latency=0.0)
    # What it has done is recorded, and cannot be acknowledged.
    deployment.wait_for(lambda: "Cannot connect to redis" in worker.text)
    server.start()
    deployment.text()
    deployment.wait_until_done()
    assert deployment.sms_network.count() == 2
    assert worker.running()
