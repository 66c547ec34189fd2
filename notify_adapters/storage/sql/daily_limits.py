"""Daily limits in SQL: a row for each service, channel and day, changed once for each portion."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from threading import Lock

import sqlalchemy as sa
from sqlalchemy import Engine, Executable, bindparam

from notify_adapters.storage.sql.schema_requests import daily_usage
from notify_adapters.storage.sql.session import Row, SqlSession
from notify_adapters.storage.sql.statements import insert_of
from notify_core.kernel.ids import ServiceId
from notify_core.ports.daily_limits import portion

_c = daily_usage.c
_USED = sa.select(_c.used).where(
    _c.service_id == bindparam("of_service"), _c.channel == bindparam("of_channel"), _c.day == bindparam("of_day")
)

# There is a row for each service, channel and day: so few that no index is needed.
_FORGET = sa.delete(daily_usage).where(_c.day < bindparam("first_day"))


@cache
def use(dialect: str) -> Executable:
    """of_service, of_channel, of_day, number, most; ``number`` itself must not be more than ``most``."""
    number = bindparam("number", type_=sa.Integer)
    statement = insert_of(dialect, daily_usage).values(
        service_id=bindparam("of_service"), channel=bindparam("of_channel"), day=bindparam("of_day"), used=number
    )
    statement = statement.on_conflict_do_update(
        index_elements=[_c.service_id, _c.channel, _c.day],
        set_={"used": _c.used + number},
        where=_c.used + number <= bindparam("most", type_=sa.Integer),
    )
    return statement.returning(_c.used)


@dataclass(slots=True)
class _Held:
    day: date
    limit: int
    left: int


class SqlDailyLimits:
    """One for a process: what it holds of a portion is in its memory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._held: dict[tuple[ServiceId, str], _Held] = {}

    def take(self, service_id: ServiceId, channel: str, day: date, *, limit: int, number: int = 1) -> bool:
        with self._lock:
            held = self._held_of(service_id, channel, day, limit)
            missing = number - held.left
            if missing > 0:
                held.left += self._taken(service_id, channel, day, limit=limit, number=missing)
            if held.left < number:
                return False
            held.left -= number
            return True

    def give_back(self, service_id: ServiceId, channel: str, day: date, *, number: int = 1) -> None:
        with self._lock:
            held = self._held.get((service_id, channel))
            # Of a day that is over nothing can be sent any more.
            if held is not None and held.day == day:
                held.left += number

    def forget_before(self, day: date) -> int:
        with SqlSession(self._engine, one_by_one=True) as session:
            return session.changed(_FORGET, {"first_day": day})

    def _held_of(self, service_id: ServiceId, channel: str, day: date, limit: int) -> _Held:
        """What is held. Of a former day, or where the limit was lowered, that is given up: it may be beyond it."""
        held = self._held.get((service_id, channel))
        if held is None or held.day != day or limit < held.limit:
            held = self._held[service_id, channel] = _Held(day, limit, 0)
        held.limit = limit
        return held

    def _taken(self, service_id: ServiceId, channel: str, day: date, *, limit: int, number: int) -> int:
        """A portion of at least ``number``; 0: so many are not left."""
        row = {"of_service": service_id, "of_channel": channel, "of_day": day}
        with SqlSession(self._engine, one_by_one=True) as session:
            while True:
                remaining = limit - (session.scalar(_USED, row) or 0)
                if remaining < number:
                    return 0
                wanted = portion(remaining, number)
                if self._is_taken(session, row, wanted, limit):
                    return wanted
                # Another process was faster; what it took is seen by now.

    def _is_taken(self, session: SqlSession, row: Row, number: int, limit: int) -> bool:
        return session.row(use(session.dialect), {**row, "number": number, "most": limit}) is not None


class SqlDailyUse:
    """Part of the transaction of ``session``."""

    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, service_id: ServiceId, channel: str, day: date, *, number: int, limit: int) -> bool:
        row = {"of_service": service_id, "of_channel": channel, "of_day": day, "number": number, "most": limit}
        return number <= limit and self._session.row(use(self._session.dialect), row) is not None
