"""Statements made into the driver's SQL once. Where a request is a single statement, finding out anew what its
parameters and columns are called and how they are converted costs more than sending it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Engine, Insert, Select
from sqlalchemy.exc import DBAPIError

from notify_adapters.storage.sql.errors import ends_session

Conversions = tuple[tuple[str, Callable[[Any], Any]], ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """``constants`` are the parameters that are part of the statement, ``conversions`` what the driver does not
    convert itself."""

    sql: str
    constants: Mapping[str, Any]
    conversions: Conversions

    def parameters(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the driver is given for ``row``."""
        return _converted({**self.constants, **row}, self.conversions)


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A query with the names of its columns and what of them the driver does not convert itself."""

    prepared: Prepared
    columns: tuple[str, ...]
    conversions: Conversions

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What it finds. The driver is asked past SQLAlchemy, so that its errors are its own."""
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self.prepared.sql, self.prepared.parameters(values))
            found: Sequence[Sequence[Any]] = cursor.fetchall()
        finally:
            cursor.close()
        return [_converted(dict(zip(self.columns, row, strict=True)), self.conversions) for row in found]


def execute_alone(engine: Engine, statement: Prepared, values: Mapping[str, Any]) -> int:
    """Execute ``statement``, which returns nothing and is a transaction of its own, on a connection of the pool past
    SQLAlchemy: to set up its connection, execution and transaction costs more than the driver takes to send it.
    How many rows it met.

    :raises DBAPIError: as SQLAlchemy itself raises it. Where the session is of no use any more, the pool has been
        emptied: what lies in it leads to the same server.
    """
    dialect = engine.dialect
    driver = dialect.loaded_dbapi.Error
    connection = None
    try:
        connection = engine.raw_connection()
        with closing(connection.cursor()) as cursor:
            cursor.execute(statement.sql, statement.parameters(values))
            met: int = cursor.rowcount
    except driver as error:
        ended = connection is None or ends_session(error) or dialect.is_disconnect(error, connection, None)
        if connection is not None and ended:
            connection.invalidate(error)
            engine.dispose()
        raise DBAPIError.instance(
            None, None, error, driver, hide_parameters=True, connection_invalidated=ended, dialect=dialect
        ) from error
    finally:
        if connection is not None:
            connection.close()
    return met


@lru_cache(maxsize=256)
def prepared(dialect: Dialect, statement: Insert | Delete | Select[Any], columns: tuple[str, ...]) -> Prepared:
    """``statement`` for rows of ``columns``, or with these parameters; none of them may be a list."""
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    conversions = (
        (name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in compiled.binds.items()
    )
    return Prepared(
        sql=str(compiled),
        constants={name: value for name, value in compiled.params.items() if name not in columns},
        conversions=tuple((name, convert) for name, convert in conversions if convert is not None),
    )


@lru_cache(maxsize=256)
def prepared_query(dialect: Dialect, statement: Select[Any], parameters: tuple[str, ...]) -> PreparedQuery:
    """``statement`` of columns that have names, with these parameters; none of them may be a list."""
    columns = [(column.name, column.type.dialect_impl(dialect)) for column in statement.selected_columns]
    conversions = ((name, kind.result_processor(dialect, None)) for name, kind in columns)
    return PreparedQuery(
        prepared=prepared(dialect, statement, parameters),
        columns=tuple(name for name, _ in columns),
        conversions=tuple((name, convert) for name, convert in conversions if convert is not None),
    )


def _converted(values: dict[str, Any], conversions: Conversions) -> dict[str, Any]:
    for name, convert in conversions:
        values[name] = convert(values[name])
    return values
