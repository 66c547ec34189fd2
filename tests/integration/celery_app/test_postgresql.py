"""On the database of production: relays are woken, and a database that is away costs a delay."""

import time
from contextlib import contextmanager
from statistics import median

import pytest
from sqlalchemy import make_url

from notify_core.kernel.queues import RETRY, SEND_SMS

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def on_postgresql(make_deployment, postgresql_server, postgresql_template):
    with postgresql_server.database(postgresql_template) as url:
        yield make_deployment(NOTIFY_DATABASE_URL=url)


@contextmanager
def away(server, url):
    """The database refuses everybody who is in and everybody who comes."""
    name = make_url(url).database
    server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    server.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", name)
    try:
        yield
    finally:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_accepted_work_is_begun_at_once_also_a_retry(on_postgresql):
    deployment = on_postgresql
    deployment.worker(SEND_SMS, RETRY)
    deployment.text()
    deployment.wait_until_done()
    took = []
    for _ in range(11):
        deployment.sms_network.rescript(fail_next=1)
        began = time.monotonic()
        deployment.text()
        deployment.wait_until_done()
        took.append(time.monotonic() - began)
    # By polling once a second, accepting and retrying would take one second together.
    assert median(took) < 0.7


def test_many_workers_share_the_work(on_postgresql):
    deployment = on_postgresql
    for _ in range(2):
        deployment.worker(SEND_SMS, concurrency=4)
    sent = {str(deployment.text()) for _ in range(200)}
    deployment.wait_until_done()
    assert {message.reference for message in deployment.sms_network.messages()} == sent
    assert deployment.sms_network.repeats() == 0


@contextmanager
def met_by_an_absent_database(deployment, server):
    """A worker without a relay, which gets five messages while its database is away."""
    relay = deployment.relay()
    for _ in range(5):
        deployment.text()
    deployment.wait_for(lambda: len(deployment.messages(SEND_SMS)) == 5)
    relay.terminate()
    relay.ended()
    waiting = deployment.messages(SEND_SMS)
    deployment.redis.delete(deployment.prefix + SEND_SMS)
    worker = deployment.worker(SEND_SMS, concurrency=2, NOTIFY_TASK_QUEUE_RELAY="none")
    with away(server, deployment.environ["NOTIFY_DATABASE_URL"]):
        for message, body in waiting:
            deployment.put_message(SEND_SMS, message, body)
        deployment.wait_for(lambda: worker.text.count("for the database") >= 2)
        yield worker


def test_a_database_that_is_away_before_the_claim_loses_no_work(on_postgresql, postgresql_server):
    deployment = on_postgresql
    with met_by_an_absent_database(deployment, postgresql_server):
        pass
    # Without a relay: these are the messages themselves.
    deployment.container.engine().dispose()
    deployment.wait_until_done()
    assert deployment.sms_network.count() == 5


def test_a_worker_that_ends_while_its_database_is_away_gives_its_messages_back(on_postgresql, postgresql_server):
    deployment = on_postgresql
    with met_by_an_absent_database(deployment, postgresql_server) as worker:
        worker.terminate()
        assert worker.ended() == 0
    assert worker.text.count("goes back to its queue") == 2
    assert len(deployment.messages(SEND_SMS)) == 5
    assert deployment.unacknowledged() == 0


def test_a_worker_outlives_its_database(on_postgresql, postgresql_server):
    deployment = on_postgresql
    deployment.worker(SEND_SMS)
    with away(postgresql_server, deployment.environ["NOTIFY_DATABASE_URL"]):
        time.sleep(2)
    deployment.container.engine().dispose()
    deployment.text()
    deployment.wait_until_done()
