"""Where Prometheus is chosen, a worker serves what all its processes have counted, and the API beside it the same."""

import socket
from contextlib import closing
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from notify_core.kernel.queues import SEND_SMS
from notify_entrypoints.http import create_app

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

TOKEN = {"Authorization": "Bearer a-token-of-this-test"}


@pytest.fixture
def port():
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return free.getsockname()[1]


def served(port):
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}/metrics", headers=TOKEN), timeout=30) as answer:
            return answer.read().decode()
    except URLError:
        return ""


def test_all_processes_of_a_worker_are_fetched_at_one_address(make_deployment, port):
    deployment = make_deployment(
        NOTIFY_METRICS="prometheus",
        NOTIFY_METRICS_HOST="127.0.0.1",
        NOTIFY_METRICS_PORT=str(port),
        NOTIFY_METRICS_TOKEN="a-token-of-this-test",
    )
    for _ in range(20):
        deployment.text()
    worker = deployment.worker(SEND_SMS, concurrency=2)
    deployment.wait_until_done()
    done = 'notify_task_duration_seconds_count{queue="send-sms-tasks",task="deliver_sms"} 20.0\n'
    deployment.wait_for(lambda: done in served(port), otherwise=lambda: served(port))
    said = served(port)
    assert 'notify_supplier_requests_total{outcome="success",provider="mmg"} 20.0\n' in said
    # By the relay, in the worker's main process.
    assert "notify_ledger_depth " in said
    api = create_app(deployment.container).test_client()
    assert done in api.get("/metrics", headers=TOKEN).text
    worker.terminate()
    assert worker.ended() == 0
    assert served(port) == ""
