"""Statements made into the driver's SQL once. Where a request is a single statement, finding out anew what its
parameters are called and how they are converted costs more than sending it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Insert


@dataclass(frozen=True, slots=True)
class Prepared:
    """``constants`` are the parameters that are part of the statement, ``conversions`` what the driver does not
    convert itself."""

    sql: str
    constants: Mapping[str, Any]
    conversions: tuple[tuple[str, Callable[[Any], Any]], ...]

    def parameters(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the driver is given for ``row``."""
        given = {**self.constants, **row}
        for name, convert in self.conversions:
            given[name] = convert(given[name])
        return given


@lru_cache(maxsize=256)
def prepared(dialect: Dialect, statement: Insert, columns: tuple[str, ...]) -> Prepared:
    """``statement`` for rows of ``columns``; it must have no parameters that are lists."""
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    conversions = (
        (name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in compiled.binds.items()
    )
    return Prepared(
        sql=str(compiled),
        constants={name: value for name, value in compiled.params.items() if name not in columns},
        conversions=tuple((name, convert) for name, convert in conversions if convert is not None),
    )
