import time
from contextlib import closing
from threading import Event, Thread

import pytest

from notify_adapters.storage.sql import wake as module
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_adapters.storage.sql.wake import LocalWake, make_wake
from notify_core.testing.contracts.storage import Chore
from notify_core.testing.fakes.secrets import MemorySecrets
from tests.integration.waiting import eventually


@pytest.fixture
def wake(postgresql_engine):
    with closing(make_wake(postgresql_engine)) as wake:
        yield wake


@pytest.fixture
def other(postgresql_url):
    """A process elsewhere: only the database is common."""
    engine = make_engine(postgresql_url)
    with closing(make_wake(engine)) as wake:
        yield wake
    engine.dispose()


def listening(wake):
    """Begin to listen, and see all that was announced before."""
    wake.wait(0)
    eventually(lambda: is_set(wake))
    wake.clear()
    return wake


def is_set(wake):
    return wake._event.is_set()


def announcements(engine, of):
    """How many a listener of its own hears until ``of`` has happened."""
    connection = engine.raw_connection()
    try:
        connection.dbapi_connection.execute(f"LISTEN {module.CHANNEL}")
        of()
        return len(list(connection.dbapi_connection.notifies(timeout=0.5)))
    finally:
        connection.dbapi_connection.execute("UNLISTEN *")
        connection.close()


def test_one_process_is_enough_for_sqlite(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    assert type(make_wake(engine)) is LocalWake
    engine.dispose()


def test_a_commit_elsewhere_wakes(wake, other, postgresql_engine):
    listening(wake)
    storage = SqlStorage(postgresql_engine, MemorySecrets(), on_enqueued=other.announce)
    with storage() as work:
        work.enqueue(Chore())
        assert not is_set(wake)
        work.commit()
    began = time.monotonic()
    wake.wait(5)
    assert time.monotonic() - began < 1
    assert is_set(other)


def test_what_is_announced_here_is_known_here_at_once_and_not_heard_again(wake):
    listening(wake)
    wake.announce()
    assert is_set(wake)
    wake.clear()
    # The first announcement may be on its way before its sender is known.
    time.sleep(0.2)
    wake.clear()
    wake.announce()
    wake.clear()
    time.sleep(0.2)
    assert not is_set(wake)


def test_many_announcements_are_few(wake, postgresql_engine):
    def announce():
        for _ in range(1000):
            wake.announce()

    assert 1 <= announcements(postgresql_engine, announce) <= 50


def test_waiting_ends_by_itself(wake):
    listening(wake)
    began = time.monotonic()
    wake.wait(0.05)
    assert 0.04 < time.monotonic() - began < 2


def test_lost_connections_come_back(wake, other, postgresql_engine, monkeypatch):
    monkeypatch.setattr(module, "PAUSE_AFTER_FAILURE", 0.05)
    listening(wake)
    other.announce()
    eventually(lambda: is_set(wake))
    with postgresql_engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    # The listener is back, and does not know what it has missed.
    wake.clear()
    eventually(lambda: is_set(wake))
    wake.clear()

    def heard():
        other.announce()
        wake.wait(0.1)
        return is_set(wake)

    eventually(heard)
    postgresql_engine.dispose()


def test_closing_ends_every_wait(postgresql_engine):
    wake, ended = make_wake(postgresql_engine), Event()
    listening(wake)
    waiting = Thread(target=lambda: (wake.wait(30), ended.set()))
    waiting.start()
    wake.announce()
    wake.close()
    waiting.join(5)
    assert ended.is_set()
    assert not any(thread.is_alive() for thread in wake._threads.values())
    # Nothing starts again.
    wake.announce()
    wake.wait(0)
