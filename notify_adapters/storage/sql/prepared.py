"""Statements made into the driver's SQL once. Where a request is a single statement, finding out anew what its
parameters and columns are called and how they are converted costs more than sending it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Select

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

    def row(self, values: Sequence[Any]) -> dict[str, Any]:
        """One that was found, by the names of its columns."""
        return _converted(dict(zip(self.columns, values, strict=True)), self.conversions)


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
