"""What the server's errors mean: whether to try again, and whether the connection is of use any longer."""

import pytest
from sqlalchemy import Column, MetaData, String, Table, make_url, text
from sqlalchemy.exc import DBAPIError

from notify_adapters.storage.sql.engine import ONE_BY_ONE, make_engine
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.kernel.errors import AlreadyExists, Conflict, PermanentError, TransientError
from notify_core.testing.builders import a_service
from notify_core.testing.fakes.secrets import MemorySecrets

KEPT, REPLACED = "kept", "replaced"

# Each of PostgreSQL's states that we have decided about.
STATES = [
    ("08000", TransientError, REPLACED),  # connection_exception
    ("08003", TransientError, REPLACED),  # connection_does_not_exist
    ("08006", TransientError, REPLACED),  # connection_failure
    ("08P01", TransientError, REPLACED),  # protocol_violation, also a pooler's "server conn crashed"
    ("22001", PermanentError, KEPT),  # string_data_right_truncation
    ("22003", PermanentError, KEPT),  # numeric_value_out_of_range
    ("22021", PermanentError, KEPT),  # character_not_in_repertoire
    ("22P05", PermanentError, KEPT),  # untranslatable_character
    ("23502", DBAPIError, KEPT),  # not_null_violation: a mistake of ours
    ("23505", AlreadyExists, KEPT),  # unique_violation
    ("25006", TransientError, REPLACED),  # read_only_sql_transaction: the server is a replica now
    ("25P02", DBAPIError, KEPT),  # in_failed_sql_transaction: sessions do not go on after an error
    ("25P03", TransientError, REPLACED),  # idle_in_transaction_session_timeout
    ("25P04", TransientError, REPLACED),  # transaction_timeout
    ("40001", Conflict, KEPT),  # serialization_failure
    ("40P01", Conflict, KEPT),  # deadlock_detected
    ("42P01", DBAPIError, KEPT),  # undefined_table: a mistake of ours
    ("53100", TransientError, KEPT),  # disk_full
    ("53200", TransientError, KEPT),  # out_of_memory
    ("53300", TransientError, KEPT),  # too_many_connections: this one we have
    ("54000", PermanentError, KEPT),  # program_limit_exceeded, such as a key too long for its index
    ("55P03", Conflict, KEPT),  # lock_not_available
    ("57014", TransientError, KEPT),  # query_canceled: the statement is over, the session is not
    ("57P01", TransientError, REPLACED),  # admin_shutdown
    ("57P02", TransientError, REPLACED),  # crash_shutdown
    ("57P03", TransientError, REPLACED),  # cannot_connect_now
    ("57P05", TransientError, REPLACED),  # idle_session_timeout
    ("58030", TransientError, KEPT),  # io_error
    ("XX000", DBAPIError, KEPT),  # internal_error: nobody knows
]

sentences = Table("sentences", MetaData(), Column("text", String))


@pytest.fixture
def one_connection(postgresql_url):
    """An engine that goes on with the connection it has, as long as that is of use."""
    engine = make_engine(postgresql_url)
    yield engine
    engine.dispose()


def server_process(engine):
    with SqlSession(engine, read_only=True) as session:
        return session.scalar(text("SELECT pg_backend_pid()"))


@pytest.mark.parametrize(("state", "told", "connection"), STATES, ids=[row[0] for row in STATES])
def test_each_state_is_told_in_the_words_of_the_core(one_connection, state, told, connection):
    before = server_process(one_connection)
    with SqlSession(one_connection) as session, pytest.raises(told) as raised:
        session.rows(text(f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{state}'; END $$"))
    assert (type(raised.value) is told) or told is DBAPIError
    assert (server_process(one_connection) == before) is (connection == KEPT)


def test_a_transaction_left_alone_is_ended_after_half_a_minute(one_connection):
    with one_connection.connect() as connection:
        assert connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar() == "30s"


def test_unless_the_address_says_otherwise(postgresql_url):
    url = make_url(postgresql_url).update_query_dict({"options": "-c idle_in_transaction_session_timeout=7s"})
    engine = make_engine(url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar() == "7s"
    engine.dispose()


def test_what_a_transaction_left_alone_has_locked_is_free_again(one_connection):
    # The holder of the lock vanishes: its connection stands, and nobody is there to end the transaction.
    number = 1
    lock = text("SELECT pg_backend_pid(), pg_advisory_xact_lock(:number), set_config(:name, '100', false)")
    vanished = SqlSession(one_connection)
    vanished_process = vanished.scalar(lock, {"number": number, "name": "idle_in_transaction_session_timeout"})
    with SqlSession(one_connection) as session:
        session.serialise(number)
    with vanished, pytest.raises(TransientError):
        vanished.scalar(text("SELECT 1"))
    assert vanished_process not in {server_process(one_connection) for _ in range(3)}


def test_a_demoted_server_is_left(one_connection):
    storage = SqlStorage(one_connection, MemorySecrets())
    with one_connection.execution_options(**{ONE_BY_ONE: True}).connect() as connection:
        connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
    with storage() as work, pytest.raises(TransientError):
        work.services.put(a_service())
    with storage() as work:
        work.services.put(a_service())
        work.commit()


def test_a_server_that_has_vanished_is_found_out(one_connection):
    with one_connection.connect() as connection:
        settings = connection.connection.driver_connection.info.get_parameters()
    assert int(settings["tcp_user_timeout"]) == 45_000
    assert int(settings["keepalives_idle"]) == 30


@pytest.mark.parametrize("unstorable", ["a\0b", "\ud800"], ids=["a zero", "half a pair"])
def test_a_text_that_cannot_be_stored_never_can(one_connection, unstorable):
    with one_connection.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS sentences (text TEXT)")
    before = server_process(one_connection)
    with SqlSession(one_connection) as session:
        session.insert(sentences, [{"text": unstorable}])
        with pytest.raises(PermanentError) as raised:
            session.commit()
    assert unstorable not in str(raised.value)
    assert raised.value.__suppress_context__
    assert server_process(one_connection) == before
