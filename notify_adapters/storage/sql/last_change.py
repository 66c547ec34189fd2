"""The last change of a unit of work together with the end of the claim that caused it: on PostgreSQL one statement
instead of a transaction of four. Deliveries come by the thousand, and most of what one costs the database is this."""

from functools import lru_cache

import sqlalchemy as sa

from notify_adapters.storage.sql.ledger_statements import CLAIMED_BY
from notify_adapters.storage.sql.prepared import prepared
from notify_adapters.storage.sql.schema_ledger import task_ledger
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.statements import LastChange
from notify_core.ports.task_ledger import Claim


@lru_cache(maxsize=16)
def _with_claim(change: sa.Update) -> sa.Delete:
    """``change``, and the deletion of the row that is claimed (``entry_id``, ``our_token``): both or neither."""
    ours = CLAIMED_BY.cte("ours")
    changed = change.where(sa.exists(sa.select(ours.c.id))).returning(sa.literal(1).label("one")).cte("changed")
    deleted = sa.delete(task_ledger).where(task_ledger.c.id.in_(sa.select(ours.c.id)))
    return deleted.where(sa.exists(sa.select(changed.c.one)))


def make(session: SqlSession) -> None:
    """Make what the session was told to do last, if anything.

    :raises NotifyError: that of the change: it met no row.
    """
    last, session.last_change = session.last_change, None
    if last is not None and not session.changed(last.statement, last.values):
        raise last.missed


def make_with_claim(session: SqlSession, last: LastChange, claim: Claim) -> None:
    """Make the change and end the claim, as all that the session ever does.

    :raises NotifyError: that of ``last``: it met no row, or the claim is lost. Nothing is changed.
    """
    values = {**last.values, "entry_id": claim.entry.id, "our_token": claim.token}
    session.written.add(task_ledger.name)
    session.written.add(str(last.statement.table))
    if session.alone(lambda dialect: prepared(dialect, _with_claim(last.statement), tuple(values)), values) == 0:
        raise last.missed
