"""The databases' errors in the words of the core."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from notify_core.kernel.errors import AlreadyExists, Conflict, NotifyError, PermanentError, TransientError

# Besides their own errors drivers raise Python's, for half a surrogate pair or a number without end.
UNSTORABLE = (UnicodeError, OverflowError)
RAISED = (DBAPIError, PoolTimeout, *UNSTORABLE)

_UNIQUE = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
# The result codes, without their extended part, that say "not now".
_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_INTERRUPT,
    }
)
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_UNIQUE_VIOLATION = "23505"
_LOST_RACES = frozenset({"40001", "40P01", "55P03"})
# Classes: connection, resources, operator intervention, system.
_PASSING_CLASSES = frozenset({"08", "53", "57", "58"})
# Classes: what is wrong with a value, and limits such as the longest key of an index.
_UNSTORABLE_CLASSES = frozenset({"22", "54"})
# The session is of no use any more, whether or not the server has ended it: it can only be read, being a
# replica's by now; a transaction lay idle, or lasted, too long; the server is being stopped. What else is
# in class 57 concerns a statement.
_ENDED = frozenset({"25006", "25P03", "25P04", "57P01", "57P02", "57P03", "57P04", "57P05"})
_CONNECTION_CLASS = "08"


@contextmanager
def translated() -> Iterator[None]:
    """Raise what is known in the core's words; mistakes of ours (no such table) stay as they are.

    :raises AlreadyExists: a unique key is taken.
    :raises Conflict: another transaction was first.
    :raises TransientError: the database is not there, full, or busy for too long.
    :raises PermanentError: a value that no attempt will store: too long, too large, with impossible characters.
    """
    try:
        yield
    except RAISED as error:
        # Without the statement, whose parameters may be personal data.
        raise translate(error) from None


def translate(error: Exception) -> Exception:
    """One of :data:`RAISED` as the core knows it, see :func:`translated`, or as it is."""
    if isinstance(error, PoolTimeout):
        return TransientError("no database connection became free in time")
    if isinstance(error, UNSTORABLE):
        return _unstorable(type(error).__name__)
    return (_translate(error) if isinstance(error, DBAPIError) else None) or error


def ends_session(cause: BaseException) -> bool:
    """Whether a driver's error means that its connection must not be used again."""
    state = getattr(cause, "sqlstate", None) or ""
    return state in _ENDED or state[:2] == _CONNECTION_CLASS


def _translate(error: DBAPIError) -> NotifyError | None:
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return _from_sqlite(code, getattr(cause, "sqlite_errorname", "SQLite"))
    state = getattr(cause, "sqlstate", None)
    if state == _UNIQUE_VIOLATION:
        return AlreadyExists("a thing with this identity is already stored")
    if state in _LOST_RACES:
        return Conflict("another transaction was first")
    if (state or "")[:2] in _UNSTORABLE_CLASSES or (state is None and isinstance(error, DataError)):
        return _unstorable(state or type(cause).__name__)
    # Without a state the server never answered, unless the driver found a mistake of ours before it asked.
    unanswered = state is None and not isinstance(error, IntegrityError | ProgrammingError | NotSupportedError)
    passing = (state or "")[:2] in _PASSING_CLASSES or state in _ENDED
    if error.connection_invalidated or unanswered or passing:
        return TransientError(f"the database is not available ({state or type(cause).__name__})")
    return None


def _unstorable(why: str) -> PermanentError:
    return PermanentError(f"the database cannot store a value ({why})")


def _from_sqlite(code: int, name: str) -> NotifyError | None:
    if code in _UNIQUE:
        return AlreadyExists("a thing with this identity is already stored")
    if code == sqlite3.SQLITE_BUSY_SNAPSHOT:
        return Conflict("another transaction was first")
    if code & 0xFF in {sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH}:
        return _unstorable(name)
    if code & 0xFF in _PASSING:
        return TransientError(f"the database is not available ({name})")
    return None
