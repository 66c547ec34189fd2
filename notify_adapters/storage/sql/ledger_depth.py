"""How much lies in the ledger, without counting a flood to its end."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Select, bindparam, func, literal_column, select

from notify_adapters.storage.sql.ledger_survey import survey
from notify_adapters.storage.sql.schema_ledger import IS_DUE, IS_FAILED, IS_UNDER_WAY, lanes_of, task_ledger
from notify_adapters.storage.sql.session import SqlSession
from notify_core.kernel.queues import Queue
from notify_core.ports.task_ledger import EntryState

# Rows that are counted of one queue in one state. It is done every few seconds by each relay, and whether
# a hundred thousand wait or a million is the same news.
BOUND = 100_000

_c = task_ledger.c
_NUMBER = func.count().label("number")


def _bounded(wanted: Select[tuple[object]]) -> Select[int]:
    return select(func.count()).select_from(wanted.limit(bindparam("bound")).subquery())


# Each condition is counted in the index that is made for it.
_DUE = _bounded(
    select(literal_column("1")).where(IS_DUE, _c.lane >= bindparam("first_lane"), _c.lane < bindparam("end_of_lanes"))
)
_UNDER_WAY = select(_c.queue, _c.state, _NUMBER).where(IS_UNDER_WAY).group_by(_c.queue, _c.state)
_FAILED = select(_c.queue).where(IS_FAILED).limit(bindparam("bound")).subquery()
_FAILED_BY_QUEUE = select(_FAILED.c.queue, _NUMBER).group_by(_FAILED.c.queue)


def depth(session: SqlSession) -> Mapping[tuple[Queue, EntryState], int]:
    """Rows by queue and state; a number as high as :data:`BOUND` means "at least"."""
    counted: Counter[tuple[Queue, EntryState]] = Counter()
    for queue in {lane.queue for lane in survey(session).due}:
        first, end = lanes_of(queue)
        values = {"first_lane": first, "end_of_lanes": end, "bound": BOUND}
        counted[queue, EntryState.DUE] = session.scalar(_DUE, values)
    for row in session.rows(_UNDER_WAY):
        counted[Queue(row["queue"]), EntryState(row["state"])] = row["number"]
    for row in session.rows(_FAILED_BY_QUEUE, {"bound": BOUND}):
        counted[Queue(row["queue"]), EntryState.FAILED] = row["number"]
    return {key: number for key, number in counted.items() if number}
