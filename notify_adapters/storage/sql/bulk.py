"""Adding thousands of rows at once. On PostgreSQL a column goes as one array, or as one value where all rows have the
same: a statement of a few parameters, whatever the number of rows."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql

from notify_adapters.storage.sql import statements
from notify_adapters.storage.sql.session import Row, SqlSession

Type = sa.types.TypeEngine[Any]
Values = Mapping[str, sa.ColumnElement[Any]]


def insert_new(session: SqlSession, table: Table, rows: Sequence[Row]) -> Sequence[Any]:
    """Add those of the rows, all with the same columns, that no unique key forbids; returns their ids."""
    session.must_write()
    if not rows:
        return []
    if session.dialect == "postgresql":
        same, differing = columns_apart(rows)
        statement = _from_arrays(table, tuple(same), tuple(differing))
        return [row["id"] for row in session.rows(statement, {**same, **differing})]
    return [row["id"] for row in session.rows_of_many(_ignoring(table), rows)]


def columns_apart(rows: Sequence[Row]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The columns in which all rows have the same value, with it; and the others, with theirs."""
    same: dict[str, Any] = {}
    differing: dict[str, list[Any]] = {}
    for name, first in rows[0].items():
        values = [row[name] for row in rows]
        if values.count(first) == len(values):
            same[name] = first
        else:
            differing[name] = values
    return same, differing


@lru_cache(maxsize=256)
def _from_arrays(table: Table, same: tuple[str, ...], differing: tuple[str, ...]) -> Executable:
    values = in_step(types_of(table), same, differing)
    insert = statements.insert_of("postgresql", table).from_select(list(values), sa.select(*values.values()))
    return insert.on_conflict_do_nothing().returning(table.c.id)


def types_of(table: Table) -> Mapping[str, Type]:
    return {column.name: column.type for column in table.c}


def in_step(types: Mapping[str, Type], same: Sequence[str], differing: Sequence[str]) -> Values:
    """What a SELECT has for these columns, a row for each place of the arrays; the parameters have the columns'
    names."""
    values: dict[str, sa.ColumnElement[Any]] = {name: sa.bindparam(name, type_=types[name]) for name in same}
    for name in differing:
        values[name] = sa.func.unnest(sa.bindparam(name, type_=postgresql.ARRAY(types[name])))
    return values


@lru_cache(maxsize=256)
def _ignoring(table: Table) -> Executable:
    return statements.insert_ignoring("sqlite", table).returning(table.c.id)
