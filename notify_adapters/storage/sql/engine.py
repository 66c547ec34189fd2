"""Database engines, set up so that one code runs on SQLite and on PostgreSQL.

No driver begins transactions by itself; we say when one begins (:func:`_begin`). So a statement that
needs no other beside it is one round trip, which on PostgreSQL is most of what it costs.
"""

import time
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState

from notify_adapters.storage.sql.alone import MOST_AT_HAND
from notify_adapters.storage.sql.errors import ends_session
from notify_adapters.storage.sql.migrations import newest_revision
from notify_adapters.storage.sql.types import SQLITE_NOW

# Seconds a writing transaction waits for another on SQLite, and a thread for a free connection.
PATIENCE = 30
# Execution option of a connection: each of its statements is a transaction of its own.
ONE_BY_ONE = "notify_one_by_one"
# Execution option of a connection: whether what it commits is to outlast a power cut, as it is where nobody says
# otherwise. What follows and does makes all that was before it lasting too.
LASTING = "notify_lasting"

# A server that is not there is found out within these seconds, and one that has vanished within a minute: while
# we wait for an answer by keepalives, and by the time-out of TCP when what we sent is not even acknowledged,
# which the system would try for a quarter of an hour.
_POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 45_000,
    # By which migrating knows who uses the schema of which release.
    "application_name": f"notify {newest_revision()}",
}
# There is no time-out for statements: migrations and housekeeping may take their time on a large table. But who
# holds locks and says nothing for this long has vanished, and its locks (that of all relays among them) must go
# back to the others. Our transactions wait for nobody outside the database. What the address says goes first.
_IDLE_IN_TRANSACTION = """
    SELECT set_config(name, '30s', false) FROM pg_settings
    WHERE name = 'idle_in_transaction_session_timeout' AND source <> 'client'
"""


def make_engine(url: str) -> Engine:
    """An engine for ``sqlite:///file`` or ``postgresql+psycopg://…``. Make it after a fork, not before."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        in_a_file = parsed.database not in {None, "", ":memory:"}
        sizes: dict[str, Any] = {"pool_size": 10, "max_overflow": 90, "pool_timeout": PATIENCE} if in_a_file else {}
        engine = create_engine(parsed, hide_parameters=True, **sizes)
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        # No ping before use: it would double the round trips. A connection that has died is a
        # TransientError, after which the pool replaces its connections. What the address says goes first.
        settings = {name: value for name, value in _POSTGRESQL.items() if name not in parsed.query}
        engine = create_engine(
            parsed,
            pool_size=10,
            max_overflow=20 + MOST_AT_HAND,
            pool_timeout=PATIENCE,
            pool_reset_on_return=None,  # see _reset_postgresql
            connect_args=settings,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "reset", _reset_postgresql)
        event.listen(engine, "handle_error", _leave_ended_session)
    event.listen(engine, "begin", _begin)
    return engine


@lru_cache(maxsize=16)
def with_options(engine: Engine, *, one_by_one: bool, lasting: bool) -> Engine:
    """``engine`` on the same pool, with these options for all of its connections: to give them to each one anew costs
    as much as what is then done with it."""
    return engine.execution_options(**{ONE_BY_ONE: one_by_one, LASTING: lasting})


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    # First, since switching to WAL needs a lock that another process may have.
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    # WAL's usual NORMAL may lose the latest commits in a power cut; we promise that nothing is lost.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_function(SQLITE_NOW, 0, lambda: time.time_ns() // 1000)


def _prepare_postgresql(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.autocommit = True
    # Every query of ours has an index. A plan made while the ledger was empty would prefer to read all of it,
    # and be kept: a minute after a flood of 100,000 rows a look at them took forty seconds. So plans never do.
    connection.execute("SET enable_seqscan = off; SET jit = off")
    connection.execute(_IDLE_IN_TRANSACTION)


def _reset_postgresql(connection: Any, _entry: ConnectionPoolEntry, _state: PoolResetState) -> None:
    """No transaction goes back into the pool. The driver takes long to find out that there is none."""
    if connection.pgconn.transaction_status:
        connection.rollback()


def _leave_ended_session(context: ExceptionContext) -> None:
    # SQLAlchemy looks whether the connection stands. One to a server that has become a replica does, and
    # those of the pool beside it lead there too: all of them are replaced.
    if ends_session(context.original_exception):
        context.is_disconnect = True


def _begin(connection: Connection) -> None:
    """SQLAlchemy thinks that a transaction begins; whether one does is said here."""
    options = connection.get_execution_options()
    if connection.dialect.name == "sqlite":
        _wait_for_the_disk(connection, lasting=options.get(LASTING, True))
    if options.get(ONE_BY_ONE, False):
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL READ COMMITTED")
    else:
        # A transaction that begins by reading and then writes fails at once when another wrote in between,
        # however long the time-out; so each takes its lock when it begins.
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _wait_for_the_disk(connection: Connection, *, lasting: bool) -> None:
    if connection.info.get(LASTING, True) is not lasting:
        connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
        connection.info[LASTING] = lasting
