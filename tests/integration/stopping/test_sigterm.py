"""SIGTERM in the middle of a request or a piece of work: what has begun is finished and recorded, nothing new is begun,
and the status is 0. `notify serve` has its own in tests/integration/cli, Celery's workers and beat in celery_app."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import jwt
import psycopg
import pytest
import requests

from notify_core.kernel.queues import SEND_SMS
from notify_core.ports.task_ledger import EntryState
from notify_core.testing.builders import an_api_key
from tests.integration.ports import free_port
from tests.integration.waiting import eventually

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


def answers(url):
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture
def deployment(make_deployment, postgresql_server):
    with postgresql_server.database() as url:
        yield make_deployment(NOTIFY_DATABASE_URL=url)


class TestGunicorn:
    def test_a_request_that_has_begun_is_answered(self, deployment):
        caller, template = deployment._caller, deployment._template
        key = an_api_key(service_id=caller.service.id)
        with deployment.container.work()() as work:
            work.api_keys.put(key)
            work.commit()
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        api = deployment._start(
            "api", "gunicorn", "--bind", f"127.0.0.1:{port}", "notify_entrypoints.http:create_app()"
        )
        eventually(lambda: answers(f"{url}/_status"), lambda: api.text)
        token = jwt.encode({"iss": str(caller.service.id), "iat": int(time.time())}, str(key.secret), algorithm="HS256")
        asked = {
            "json": {"phone_number": "07700900123", "template_id": str(template.id), "personalisation": {"name": "A"}},
            "headers": {"Authorization": f"Bearer {token}"},
            "timeout": 60,
        }
        address = deployment.environ["NOTIFY_DATABASE_URL"].replace("+psycopg", "")
        with ThreadPoolExecutor() as pool, psycopg.connect(address) as other:
            other.execute("LOCK TABLE task_ledger IN EXCLUSIVE MODE")
            sending = pool.submit(requests.post, f"{url}/v2/notifications/sms", **asked)
            waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'task_ledger'::regclass"
            eventually(lambda: other.execute(waits).fetchone()[0], lambda: api.text)
            api.terminate()
            eventually(lambda: "Handling signal: term" in api.text)
            other.commit()
            assert sending.result(60).status_code == 201
        assert api.ended() == 0
        assert [row.task for row in deployment.rows()] == ["deliver_sms"]


class Deaf:
    """A broker that takes what it is told, and says nothing."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.heard = threading.Event()
        self._open = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            self.heard.set()

    def close(self):
        self._listener.close()
        for connection in self._open:
            connection.close()


class TestRelay:
    def test_what_a_broker_does_not_take_is_given_back(self, deployment):
        with closing(Deaf()) as broker:
            relay = deployment.relay(NOTIFY_TASK_QUEUE_BROKER_URL=f"redis://127.0.0.1:{broker.port}/0")
            deployment.text()
            assert broker.heard.wait(60), relay.text
            relay.terminate()
            assert relay.ended() == 0
            assert "Traceback" not in relay.text
        assert [row.state for row in deployment.rows()] == [EntryState.DUE]
        deployment.worker(SEND_SMS)
        deployment.wait_until_done()
        assert [message.repeats for message in deployment.sms_network.messages()] == [0]
