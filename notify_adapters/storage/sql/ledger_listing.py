"""Looking through the ledger, for people."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, TextClause, and_, literal_column, select

from notify_adapters.storage.sql.schema_ledger import IS_DUE, IS_FAILED, IS_UNDER_WAY, task_ledger
from notify_core.kernel.queues import Queue
from notify_core.ports.task_ledger import EntryState

_c = task_ledger.c

# As the indexes of the states say it, so that they are used.
_IN_STATE: Mapping[EntryState, ColumnElement[bool] | TextClause] = {
    EntryState.DUE: IS_DUE,
    EntryState.PUBLISHED: and_(IS_UNDER_WAY, _c.state == EntryState.PUBLISHED.value),
    EntryState.CLAIMED: and_(IS_UNDER_WAY, _c.state == EntryState.CLAIMED.value),
    EntryState.FAILED: IS_FAILED,
}


def listing(
    dialect: str, queue: Queue | None, state: EntryState | None, limit_key: str | None, after: UUID | None
) -> Select[Any]:
    """The rows behind ``after``, by id, of this queue, in this state and with this limit key where they are given."""
    place = _place(dialect, state)
    rows = select(task_ledger).order_by(place)
    if queue is not None:
        rows = rows.where(_c.queue == queue)
    if state is not None:
        rows = rows.where(_IN_STATE[state])
    if limit_key is not None:
        rows = rows.where(_c.limit_key == limit_key)
    if after is not None:
        rows = rows.where(place > after)
    return rows


def _place(dialect: str, state: EntryState | None) -> ColumnElement[UUID]:
    """The id. With the sign SQLite does not walk along all ids, past a million rows in other states, only because
    that is their order, but sorts what the state's index leads to. That of failed rows has their order."""
    may_walk = state in {None, EntryState.FAILED} or dialect == "postgresql"
    return _c.id if may_walk else literal_column("+task_ledger.id", _c.id.type)
