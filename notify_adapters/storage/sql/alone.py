"""Statements that are a transaction of their own, sent past SQLAlchemy.

To set up its connection, execution and transaction costs more than the driver takes to send such a statement; so does
taking a connection out of its pool and putting it back. A few of the pool's connections are therefore kept at hand,
each with the cursors that know how the parameters of their statement are sent.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter, methodcaller
from typing import Any, Final, TypeVar

from sqlalchemy import Engine, PoolProxiedConnection, event
from sqlalchemy.exc import DBAPIError

from notify_adapters.storage.sql.errors import ends_session
from notify_adapters.storage.sql.prepared import Prepared, PreparedQuery

T = TypeVar("T")

# Of thirty that the pool may have: the rest is for transactions.
_MOST_AT_HAND: Final = 8


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


class _AtHand:
    """A connection taken out of the pool, and its cursors by their statement."""

    def __init__(self, connection: PoolProxiedConnection) -> None:
        self.connection = connection
        self._cursors: dict[str, Any] = {}

    def cursor_for(self, sql: str) -> Any:
        cursor = self._cursors.get(sql)
        if cursor is None:
            cursor = self._cursors[sql] = self.connection.cursor()
        return cursor


def _alone(engine: Engine, statement: Prepared, values: Mapping[str, Any], result: Callable[[Any], T]) -> T:
    at_hand, taken = _at_hand(engine), None
    try:
        taken = _taken(engine, at_hand)
        cursor = taken.cursor_for(statement.sql)
        cursor.execute(statement.sql, statement.parameters(values))
        found = result(cursor)
    except engine.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy_has_it(engine, error, taken) from error
    except BaseException:
        if taken is not None:
            taken.connection.close()
        raise
    if len(at_hand) < _MOST_AT_HAND:
        at_hand.append(taken)
    else:
        taken.connection.close()
    return found


def _taken(engine: Engine, at_hand: deque[_AtHand]) -> _AtHand:
    try:
        return at_hand.pop()
    except IndexError:
        return _AtHand(engine.raw_connection())


def _as_sqlalchemy_has_it(engine: Engine, error: Any, taken: _AtHand | None) -> DBAPIError:
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


@lru_cache(maxsize=16)
def _at_hand(engine: Engine) -> deque[_AtHand]:
    """Those of ``engine``: the last one used is the next, so that no more are kept than were needed at once."""
    at_hand: deque[_AtHand] = deque()

    @event.listens_for(engine, "engine_disposed")
    def _let_go(_engine: Engine) -> None:
        while at_hand:
            at_hand.pop().connection.invalidate()

    return at_hand
