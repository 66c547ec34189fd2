"""Statements that are a transaction of their own, sent past SQLAlchemy.

To set up its connection, execution and transaction costs more than the driver takes to send such a statement; so does
taking a connection out of its pool and putting it back. A few of the pool's connections are therefore kept at hand,
each with the cursors that know how the parameters of their statement are sent.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from operator import attrgetter, methodcaller
from threading import Lock
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import DBAPIError

from notify_adapters.storage.sql.errors import ends_session
from notify_adapters.storage.sql.prepared import Prepared, PreparedQuery

T = TypeVar("T")

# The pool may have so many more than transactions need.
MOST_AT_HAND: Final = 8


def execute_alone(engine: Engine, statement: Prepared, values: Mapping[str, Any]) -> int:
    """Execute ``statement``, which returns nothing; how many rows it met.

    :raises DBAPIError: as SQLAlchemy itself raises it. Where the session is of no use any more, the pool has been
        emptied: what lies in it leads to the same server.
    """
    met: int = _alone(engine, statement, values, attrgetter("rowcount"))
    return met


def rows_alone(engine: Engine, query: PreparedQuery, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What ``query`` finds.

    :raises DBAPIError: as :func:`execute_alone`.
    """
    found: Sequence[Sequence[Any]] = _alone(engine, query.prepared, values, methodcaller("fetchall"))
    return [query.row(one) for one in found]


class _Taken:
    """A connection taken out of the engine's pool, and its cursors by their statement."""

    def __init__(self, engine: Engine) -> None:
        self.pool = engine.pool
        self.connection = engine.raw_connection()
        self._cursors: dict[str, Any] = {}

    def cursor_for(self, sql: str) -> Any:
        cursor = self._cursors.get(sql)
        if cursor is None:
            cursor = self._cursors[sql] = self.connection.cursor()
        return cursor


class _AtHand:
    """The last one used is the next, so that no more are kept than were needed at once. Where the engine has found
    that a session has ended, or has been disposed of, none is kept: they all lead to the same server."""

    def __init__(self, engine: Engine) -> None:
        self._kept: deque[_Taken] = deque()
        event.listen(engine, "engine_disposed", lambda _engine: self._let_go())
        event.listen(engine, "handle_error", self._let_go_at_the_end)

    def take(self, engine: Engine) -> _Taken:
        try:
            return self._kept.pop()
        except IndexError:
            return _Taken(engine)

    def keep(self, taken: _Taken, engine: Engine) -> None:
        if taken.pool is not engine.pool:
            # The engine was disposed of meanwhile.
            taken.connection.invalidate()
        elif len(self._kept) < MOST_AT_HAND:
            self._kept.append(taken)
        else:
            taken.connection.close()

    def _let_go(self) -> None:
        with suppress(IndexError):
            while True:
                self._kept.pop().connection.invalidate()

    def _let_go_at_the_end(self, context: ExceptionContext) -> None:
        if context.is_disconnect:
            self._let_go()


_OF_ENGINES: WeakKeyDictionary[Engine, _AtHand] = WeakKeyDictionary()
_LOCK = Lock()


def _at_hand(engine: Engine) -> _AtHand:
    found = _OF_ENGINES.get(engine)
    if found is None:
        with _LOCK:
            found = _OF_ENGINES.get(engine)
            if found is None:
                found = _OF_ENGINES[engine] = _AtHand(engine)
    return found


def _alone(engine: Engine, statement: Prepared, values: Mapping[str, Any], result: Callable[[Any], T]) -> T:
    at_hand, taken = _at_hand(engine), None
    try:
        taken = at_hand.take(engine)
        cursor = taken.cursor_for(statement.sql)
        cursor.execute(statement.sql, statement.parameters(values))
        found = result(cursor)
    except engine.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy_has_it(engine, error, taken) from error
    except BaseException:
        if taken is not None:
            taken.connection.close()
        raise
    at_hand.keep(taken, engine)
    return found


def _as_sqlalchemy_has_it(engine: Engine, error: Any, taken: _Taken | None) -> DBAPIError:
    dialect = engine.dialect
    ended = taken is None or ends_session(error) or dialect.is_disconnect(error, taken.connection, None)
    if taken is not None and ended:
        taken.connection.invalidate(error)
        engine.dispose()
    elif taken is not None:
        taken.connection.close()
    told: DBAPIError = DBAPIError.instance(
        None,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=ended,
        dialect=dialect,
    )
    return told
