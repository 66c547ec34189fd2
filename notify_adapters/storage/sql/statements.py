"""Statements made once and executed often: building one costs more than executing it on SQLite."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Insert, Table, Update, bindparam
from sqlalchemy.dialects import postgresql, sqlite

T = TypeVar("T")
DialectInsert = sqlite.Insert | postgresql.Insert

# SQLite takes 32,766 parameters in a statement, PostgreSQL twice as many.
_MANY = 1_000


@dataclass(frozen=True, slots=True)
class LastChange:
    """What a unit of work does when nothing else is left to do, so that it may be one statement with the end of a
    claim; ``missed`` is raised when it meets no row."""

    statement: Update
    values: Mapping[str, Any]
    missed: Exception


def insert_of(dialect: str, table: Table) -> DialectInsert:
    """The INSERT of a database (``sqlite`` or ``postgresql``) that knows ON CONFLICT."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@lru_cache(maxsize=256)
def insert_ignoring(dialect: str, table: Table) -> DialectInsert:
    """An INSERT that leaves out rows which a unique key forbids."""
    return insert_of(dialect, table).on_conflict_do_nothing()


@lru_cache(maxsize=256)
def plain_insert(table: Table) -> Insert:
    return table.insert()


@lru_cache(maxsize=256)
def upsert(dialect: str, table: Table, columns: tuple[str, ...], key: tuple[str, ...]) -> DialectInsert:
    """An INSERT of ``columns`` that replaces them where a row has the ``key`` already."""
    statement = insert_of(dialect, table).values({name: bindparam(name, type_=table.c[name].type) for name in columns})
    new = {name: statement.excluded[name] for name in columns if name not in key}
    if not new:
        return statement.on_conflict_do_nothing(index_elements=key)
    return statement.on_conflict_do_update(index_elements=key, set_=new)


@lru_cache(maxsize=256)
def in_one(
    last: Insert, columns: tuple[str, ...], others: tuple[tuple[Table, tuple[str, ...]], ...]
) -> tuple[Insert, tuple[str, ...]]:
    """PostgreSQL: ``last``, which fills ``columns``, and an INSERT into each of ``others`` (a table, its columns), as
    one statement; and its parameters' names, first those of ``last``."""
    names = [*columns]
    for number, (table, filled) in enumerate(others):
        values = {name: bindparam(f"added_{number}_{name}", type_=table.c[name].type) for name in filled}
        last = last.add_cte(table.insert().values(values).cte(f"added_{number}"))
        names += (parameter.key for parameter in values.values())
    return last, tuple(names)


def in_portions(many: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as one statement takes for a list of parameters."""
    for start in range(0, len(many), _MANY):
        yield many[start : start + _MANY]
