"""Times, the same in both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, DateTime, Dialect, Float, String, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# The name of the function that every SQLite connection is given.
SQLITE_NOW = "notify_now_us"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, read back in UTC: ``timestamptz`` on PostgreSQL, elsewhere text of a fixed width,
    so that comparing texts compares times."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a time zone cannot be stored: {value}")
        instant = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return instant
        return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value if dialect.name == "postgresql" else datetime.fromisoformat(value)
        return instant.astimezone(UTC)


class DatabaseNow(FunctionElement[int]):
    """Database time in microseconds since 1970, the same throughout a statement."""

    inherit_cache = True
    type = BigInteger()


@compiles(DatabaseNow, "sqlite")
def _sqlite_now(_element: DatabaseNow, _compiler: SQLCompiler, **_options: Any) -> str:
    # A sub-query is evaluated once; a bare call would be one per row that is looked at.
    return f"(SELECT {SQLITE_NOW}())"


@compiles(DatabaseNow, "postgresql")
def _postgresql_now(_element: DatabaseNow, _compiler: SQLCompiler, **_options: Any) -> str:
    # now() is the transaction's start; clock_timestamp() is volatile, so no index serves it.
    return "(CAST(extract(epoch FROM statement_timestamp()) * 1000000 AS BIGINT))"


def database_now() -> DatabaseNow:
    """Database time in SQL."""
    return DatabaseNow()


# PostgreSQL only: database time when the transaction began.
TRANSACTION_BEGAN = literal_column("(CAST(extract(epoch FROM now()) * 1000000 AS BIGINT))", BigInteger)


def to_microseconds(value: datetime) -> int:
    """Since 1970."""
    return (value - EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The inverse of :func:`to_microseconds`, in UTC."""
    return EPOCH + value * _MICROSECOND


def span(value: timedelta) -> int:
    """A length of time in microseconds."""
    return value // _MICROSECOND


def from_span(value: int) -> timedelta:
    """The inverse of :func:`span`."""
    return value * _MICROSECOND


class SecondsBetween(FunctionElement[float]):
    """From one instant to another, to the millisecond; see :func:`seconds_between`."""

    inherit_cache = True
    type = Float()


@compiles(SecondsBetween, "sqlite")
def _sqlite_between(element: SecondsBetween, compiler: SQLCompiler, **options: Any) -> str:
    begin, end = (compiler.process(one, **options) for one in element.clauses)
    return f"round((julianday({end}) - julianday({begin})) * 86400.0, 3)"


@compiles(SecondsBetween, "postgresql")
def _postgresql_between(element: SecondsBetween, compiler: SQLCompiler, **options: Any) -> str:
    begin, end = (compiler.process(one, **options) for one in element.clauses)
    return f"round(extract(epoch FROM {end} - {begin}), 3)"


def seconds_between(begin: ColumnElement[Any], end: ColumnElement[Any]) -> SecondsBetween:
    """How long it is from ``begin`` to ``end``, in SQL; NULL where one is."""
    return SecondsBetween(begin, end)
