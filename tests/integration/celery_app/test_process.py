"""What one worker process holds, from its first message to its end."""

import threading

import psycopg
import pytest

from notify_entrypoints.celery_app.process import Process
from notify_entrypoints.settings import load_settings


@pytest.fixture
def announcers():
    """The threads that announce, but for those that other tests left behind."""
    before = set(threading.enumerate())
    return lambda: [thread for thread in set(threading.enumerate()) - before if thread.name == "notify-announcer"]


@pytest.fixture
def process(tmp_path, postgresql_server, postgresql_template):
    with postgresql_server.database(postgresql_template) as url:
        environ = {
            "NOTIFY_DATA_DIR": str(tmp_path),
            "NOTIFY_DATABASE_URL": url,
            "NOTIFY_TASK_QUEUE": "celery",
            "NOTIFY_TASK_QUEUE_BROKER_URL": "redis://127.0.0.1:6379/15",
        }
        yield Process(load_settings(environ))


def test_what_an_ending_process_announced_last_is_still_heard(process, announcers):
    with psycopg.connect(process.settings.database_url.replace("+psycopg", ""), autocommit=True) as listener:
        listener.execute("LISTEN notify_ledger")
        process.parts().wake.announce()
        process.close()
        assert len(list(listener.notifies(timeout=5, stop_after=1))) == 1
    assert announcers() == []


def test_a_process_that_did_nothing_starts_nothing_at_its_end(process, announcers):
    process.close()
    process.close()
    assert announcers() == []
