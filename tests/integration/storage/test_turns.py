from threading import Event, Thread

import pytest

from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.migrate import upgrade
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.errors import TransientError
from notify_core.testing.builders import a_service
from notify_core.testing.fakes.secrets import MemorySecrets


@pytest.fixture
def engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/notify.db")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def storage(engine):
    return SqlStorage(engine, MemorySecrets())


def write(storage):
    with storage() as work:
        work.services.put(a_service())
        work.services.all()  # the transaction begins here at the latest
        work.commit()


def test_threads_that_write_wait_for_each_other_and_readers_for_nobody(storage):
    with storage() as work:
        work.services.put(a_service())
        assert len(work.services.all()) == 1
        other = Thread(target=write, args=[storage])
        other.start()
        with storage(read_only=True) as reader:
            assert reader.services.all() == []
        other.join(0.05)
        assert other.is_alive()
        work.commit()
    other.join(5)
    with storage(read_only=True) as reader:
        assert len(reader.services.all()) == 2


def test_a_turn_is_given_up_without_a_commit(storage):
    with storage() as work:
        work.services.put(a_service())
        work.services.all()
    write(storage)


def test_a_turn_that_could_not_be_used_is_given_up(tmp_path):
    storage = SqlStorage(make_engine(f"sqlite:///{tmp_path}/no/such/directory/notify.db"), MemorySecrets())
    for _ in range(2):
        with pytest.raises(TransientError), storage() as work:
            work.services.all()


def test_who_waits_too_long_hears_of_it(storage, monkeypatch):
    monkeypatch.setattr("notify_adapters.storage.sql.turns.PATIENCE", 0.01)
    begun, end = Event(), Event()

    def hold():
        with storage() as work:
            work.services.all()
            begun.set()
            end.wait(5)

    other = Thread(target=hold)
    other.start()
    begun.wait(5)
    with pytest.raises(TransientError, match="busy"):
        write(storage)
    end.set()
    other.join(5)
