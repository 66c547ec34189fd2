"""Leases and schedule marks in SQL: whoever's upsert meets the row has won."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import BigInteger, Engine, Executable, bindparam, delete, or_, select

from notify_adapters.storage.sql.schema_ledger import leases, schedule_marks
from notify_adapters.storage.sql.session import SqlSession
from notify_adapters.storage.sql.statements import insert_of
from notify_adapters.storage.sql.types import database_now, from_microseconds, span, to_microseconds

_RELEASE = delete(leases).where(leases.c.name == bindparam("of_name"), leases.c.holder == bindparam("by_holder"))
_LAST = select(schedule_marks.c.last_due_us).where(schedule_marks.c.entry == bindparam("of_entry"))


@cache
def _acquire(dialect: str) -> Executable:
    """of_name, by_holder, length_us."""
    until = database_now() + bindparam("length_us", type_=BigInteger)
    statement = insert_of(dialect, leases).values(
        name=bindparam("of_name"), holder=bindparam("by_holder"), until_us=until
    )
    new = statement.excluded
    # Renewing one's own costs nothing to check; another's must have run out.
    free = or_(leases.c.holder == new.holder, leases.c.until_us <= database_now())
    changes = {"holder": new.holder, "until_us": new.until_us}
    statement = statement.on_conflict_do_update(index_elements=[leases.c.name], set_=changes, where=free)
    return statement.returning(leases.c.name)


@cache
def _advance(dialect: str) -> Executable:
    """of_entry, to_us."""
    statement = insert_of(dialect, schedule_marks).values(entry=bindparam("of_entry"), last_due_us=bindparam("to_us"))
    new = statement.excluded.last_due_us
    statement = statement.on_conflict_do_update(
        index_elements=[schedule_marks.c.entry], set_={"last_due_us": new}, where=schedule_marks.c.last_due_us < new
    )
    return statement.returning(schedule_marks.c.entry)


class SqlLeases:
    """Each method is a transaction of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def acquire(self, name: str, holder: str, length: timedelta) -> bool:
        values = {"of_name": name, "by_holder": holder, "length_us": span(length)}
        with SqlSession(self._engine, one_by_one=True) as session:
            return session.row(_acquire(session.dialect), values) is not None

    def release(self, name: str, holder: str) -> None:
        with SqlSession(self._engine, one_by_one=True) as session:
            session.changed(_RELEASE, {"of_name": name, "by_holder": holder})


class SqlScheduleMarks:
    """Part of the transaction of ``session``."""

    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def advance(self, entry: str, due: datetime) -> bool:
        values = {"of_entry": entry, "to_us": to_microseconds(due)}
        return self._session.row(_advance(self._session.dialect), values) is not None

    def last(self, entry: str) -> datetime | None:
        last = self._session.scalar(_LAST, {"of_entry": entry})
        return None if last is None else from_microseconds(last)
