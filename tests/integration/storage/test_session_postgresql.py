"""What PostgreSQL has and SQLite has not: transactions side by side, connections that break."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from psycopg import Cursor
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import ProgrammingError

from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.repositories.accounts import SqlServices
from notify_adapters.storage.sql.schema import services, users
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.errors import AlreadyExists, Conflict, TransientError
from notify_core.testing.builders import a_notification, a_service
from notify_core.testing.contracts.storage import Chore
from notify_core.testing.fakes.secrets import MemorySecrets
from tests.integration.waiting import eventually


@pytest.fixture
def storage(postgresql_engine):
    """With no connections of another test's, living or dead, in its pool, and leaving none of its own."""
    postgresql_engine.dispose()
    yield SqlStorage(postgresql_engine, MemorySecrets())
    postgresql_engine.dispose()


@pytest.fixture
def sent(storage):
    """The statements that went to the server, whoever sent them."""
    sent = []

    class Noting(Cursor):
        def execute(self, query, *rest, **more):
            sent.append(str(query).split()[0])
            return super().execute(query, *rest, **more)

        def executemany(self, query, *rest, **more):
            sent.append(str(query).split()[0])
            return super().executemany(query, *rest, **more)

    def note(connection, _entry):
        connection.cursor_factory = Noting

    event.listen(storage.engine, "connect", note)
    with storage.engine.connect():
        sent.clear()
    yield sent
    event.remove(storage.engine, "connect", note)


def cut_all_connections(url):
    # From a connection of its own, which the test's engine does not know. The server only sends the signal: who is to
    # die may answer once more, and take the next test's statement with it. So we wait until all are gone.
    other = make_engine(url)
    with other.connect() as connection:

        def others():
            pids = connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).all()
            connection.commit()
            return pids

        eventually(lambda: not others(), "connections outlive their end")
    other.dispose()


def test_a_message_is_stored_over_connections_that_the_server_has_cut(storage, postgresql_url):
    first, second, third = a_notification(), a_notification(), a_notification()
    store(storage, first)
    with storage.engine.connect():
        # Now there are two connections in the pool.
        store(storage, second)
    cut_all_connections(postgresql_url)
    with pytest.raises(TransientError):
        store(storage, third)
    store(storage, third)
    with storage(read_only=True) as work:
        assert [work.notifications.get(one.id) for one in (first, second, third)] == [first, second, third]


def store(storage, notification):
    """In a single statement."""
    with storage() as work:
        work.notifications.add_many([notification])
        work.enqueue(Chore())
        work.commit()


def test_a_server_that_is_gone_is_said_to_be_so(postgresql_url):
    engine = make_engine(postgresql_url.rpartition("/")[0].rpartition(":")[0] + ":1/test")
    with pytest.raises(TransientError, match="the database is not available"):
        store(SqlStorage(engine, MemorySecrets()), a_notification())
    engine.dispose()


def test_a_message_is_read_over_a_connection_that_the_server_has_cut(storage, postgresql_url):
    one = a_notification()
    with storage() as work:
        work.notifications.add_many([one])
        work.commit()
    cut_all_connections(postgresql_url)
    # Whoever is first to notice is told to try again, as ever; the pool has got rid of the others by then.
    with storage(read_only=True) as work, pytest.raises(TransientError):
        work.notifications.get(one.id, one.service_id)
    with storage(read_only=True) as work:
        assert work.notifications.get(one.id, one.service_id) == one


def test_a_message_and_its_task_are_one_statement(storage, sent):
    one = a_notification()
    with storage() as work:
        work.notifications.add_many([one])
        work.enqueue(Chore(dedupe="k"))
        work.commit()
    assert sent == ["WITH"]
    with storage(read_only=True) as work:
        assert work.notifications.get(one.id) == one


def test_in_one_statement_too_all_is_stored_or_nothing(storage, postgresql_storage):
    one = a_notification()
    with storage() as work:
        work.notifications.add_many([one])
        work.commit()
    with storage() as work:
        work.notifications.add_many([one])
        work.enqueue(Chore())
        with pytest.raises(AlreadyExists):
            work.commit()
    assert postgresql_storage.ledger.entries() == []


def test_a_message_whose_task_exists_is_stored_all_the_same(storage, postgresql_storage):
    for _ in range(2):
        one = a_notification()
        with storage() as work:
            work.notifications.add_many([one])
            work.enqueue(Chore(dedupe="k"))
            work.commit()
        with storage(read_only=True) as work:
            assert work.notifications.get(one.id) == one
    assert len(postgresql_storage.ledger.entries()) == 1


def test_several_rows_are_a_transaction(storage, sent):
    with storage() as work:
        work.notifications.add_many([a_notification(), a_notification()])
        work.enqueue(Chore())
        work.commit()
    assert sent == ["BEGIN", "INSERT", "INSERT"]


def test_reading_begins_no_transaction(storage, sent):
    with storage(read_only=True) as work:
        work.services.all()
        work.services.all()
    assert sent == ["SELECT", "SELECT"]


def test_a_lost_connection_costs_one_error(storage, postgresql_url):
    with storage() as work:
        work.services.put(a_service())
        work.commit()
    cut_all_connections(postgresql_url)
    with storage(read_only=True) as work, pytest.raises(TransientError):
        work.services.all()
    for _ in range(3):
        with storage(read_only=True) as work:
            assert len(work.services.all()) == 1


def test_a_connection_lost_in_the_middle_undoes_the_unit(storage, postgresql_url):
    work = storage()
    work.services.put(a_service())
    cut_all_connections(postgresql_url)
    with work, pytest.raises(TransientError):
        work.commit()
    with storage(read_only=True) as work:
        assert work.services.all() == []


def test_many_threads_lose_their_connections_and_go_on(storage, postgresql_url):
    with ThreadPoolExecutor(8) as threads:
        ready = Barrier(9, timeout=10)

        def read(_number):
            with storage(read_only=True) as work:
                work.services.all()
                ready.wait()
                ready.wait()
                with pytest.raises(TransientError):
                    work.services.all()
            with storage(read_only=True) as work:
                return work.services.all()

        reading = [threads.submit(read, number) for number in range(8)]
        ready.wait()
        cut_all_connections(postgresql_url)
        ready.wait()
        assert [one.result(10) for one in reading] == [[]] * 8


def test_two_that_wait_for_each_other_are_a_conflict(postgresql_engine, storage):
    rows = [a_service(), a_service()]
    with storage() as work:
        for row in rows:
            work.services.put(row)
        work.commit()
    ready = Barrier(2, timeout=10)

    def change(first, second):
        with SqlSession(postgresql_engine) as session:
            session.changed(update(services).where(services.c.id == first.id).values(name="a"))
            ready.wait()
            try:
                session.changed(update(services).where(services.c.id == second.id).values(name="a"))
                session.commit()
            except Conflict:
                return 1
            return 0

    with ThreadPoolExecutor(2) as threads:
        both = [threads.submit(change, *rows), threads.submit(change, *reversed(rows))]
        assert sum(one.result(30) for one in both) == 1


def test_whoever_goes_on_after_a_lost_race_stores_nothing(postgresql_engine, storage):
    # The server ends such a transaction, and answers a COMMIT by undoing it: that must not pass for success.
    one = a_service()
    with SqlSession(postgresql_engine) as session:
        SqlServices(session).put(one)
        with pytest.raises(Conflict):
            session.rows(text("DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40P01'; END $$"))
        for going_on in (lambda: session.rows(select(services)), session.commit):
            with pytest.raises(Conflict):
                going_on()
    with storage(read_only=True) as work:
        assert work.services.all() == []


def test_a_statement_that_takes_too_long_is_worth_another_try(postgresql_engine):
    with SqlSession(postgresql_engine) as session:
        session.rows(text("SELECT set_config('statement_timeout', '20', true)"))
        with pytest.raises(TransientError):
            session.rows(text("SELECT pg_sleep(5)"))


def test_a_server_that_is_not_there(tmp_path):
    nowhere = SqlStorage(make_engine(f"postgresql+psycopg://nobody@/x?host={tmp_path}"), MemorySecrets())
    with nowhere() as work, pytest.raises(TransientError):
        work.services.all()


def test_mistakes_of_ours_are_told_without_the_values(postgresql_engine):
    with SqlSession(postgresql_engine) as session, pytest.raises(ProgrammingError) as raised:
        session.rows(select(users, text("nonsense")).where(users.c.name == "a secret"))
    assert "a secret" not in str(raised.value)
