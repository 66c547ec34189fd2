"""The tables of the task ledger and of what keeps time for it. Times are microseconds of database time.

Every index covers unfinished rows in one state only, so that a million due rows cost the workers
nothing, and a million failed ones nobody.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, Uuid, text

from notify_adapters.storage.sql.metadata import metadata
from notify_core.kernel.queues import Queue

IS_DUE = text("state = 'due'")
IS_UNDER_WAY = text("state IN ('published', 'claimed')")
IS_FAILED = text("state = 'failed'")
IS_FAILED_WITH_DEDUPE = text("state = 'failed' AND dedupe IS NOT NULL")
IS_FAILED_WITH_LIMIT_KEY = text("state = 'failed' AND limit_key IS NOT NULL")
HAS_DEDUPE = text("dedupe IS NOT NULL AND state <> 'failed'")

task_ledger = Table(
    "task_ledger",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("task", String(100), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("queue", String(100), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempt", Integer, nullable=False),
    # Before due_us, so that a row is never due before it was made: columns get their values in order.
    Column("created_us", BigInteger, nullable=False),
    Column("due_us", BigInteger, nullable=False),
    Column("fair", String(200)),
    Column("limit_key", String(200)),
    Column("dedupe", String(200)),
    # Queue, fair key and limit key in one: rows that wait in one line. Being one column, an index
    # can be asked for "the next lane" without looking at the rows of this one.
    # Compared byte by byte everywhere, so that lanes of one queue lie together, and for speed.
    Column("lane", String(510).with_variant(String(510, collation="C"), "postgresql"), nullable=False),
    Column("leased_until_us", BigInteger),
    Column("worker", String(200)),
    Column("token", String(32)),
    Column("request_id", String(200)),
    Column("reason", Text),
    # How many times a claim of the row ran out.
    Column("lost", Integer, nullable=False, server_default="0"),
)

Index(
    "ix_task_ledger_due",
    task_ledger.c.lane,
    task_ledger.c.due_us,
    task_ledger.c.id,
    sqlite_where=IS_DUE,
    postgresql_where=IS_DUE,
)
Index(
    "ix_task_ledger_under_way",
    task_ledger.c.lane,
    task_ledger.c.leased_until_us,
    task_ledger.c.state,
    sqlite_where=IS_UNDER_WAY,
    postgresql_where=IS_UNDER_WAY,
)
Index(
    "ix_task_ledger_failed", task_ledger.c.id, task_ledger.c.queue, sqlite_where=IS_FAILED, postgresql_where=IS_FAILED
)
# Of what is found by whom it was for.
Index(
    "ix_task_ledger_failed_limit_key",
    task_ledger.c.limit_key,
    task_ledger.c.id,
    sqlite_where=IS_FAILED_WITH_LIMIT_KEY,
    postgresql_where=IS_FAILED_WITH_LIMIT_KEY,
)
# Of what is found by what it works on.
Index(
    "ix_task_ledger_failed_dedupe",
    task_ledger.c.dedupe,
    sqlite_where=IS_FAILED_WITH_DEDUPE,
    postgresql_where=IS_FAILED_WITH_DEDUPE,
)
Index(
    "uq_task_ledger_dedupe",
    task_ledger.c.dedupe,
    unique=True,
    sqlite_where=HAS_DEDUPE,
    postgresql_where=HAS_DEDUPE,
)

held_keys = Table(
    "held_keys",
    metadata,
    Column("limit_key", String(200), primary_key=True),
    Column("until_us", BigInteger, nullable=False),
)

schedule_marks = Table(
    "schedule_marks",
    metadata,
    Column("entry", String(100), primary_key=True),
    Column("last_due_us", BigInteger, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("until_us", BigInteger, nullable=False),
)

_SEPARATOR = "\x1f"
_BEHIND_SEPARATOR = "\x20"


def lane_of(queue: Queue, fair: str | None, limit: str | None) -> str:
    """The value of ``task_ledger.lane``. An absent key and an empty one share a lane."""
    return _SEPARATOR.join((queue, fair or "", limit or ""))


def read_lane(lane: str) -> tuple[Queue, str | None, str | None]:
    """The inverse of :func:`lane_of`."""
    queue, fair, limit = lane.split(_SEPARATOR)
    return Queue(queue), fair or None, limit or None


def lanes_of(queue: Queue) -> tuple[str, str]:
    """All lanes of the queue are at or behind the first, and before the second."""
    return queue + _SEPARATOR, queue + _BEHIND_SEPARATOR
