"""Deleting what is old, a batch at a time."""

from typing import Any

import sqlalchemy as sa


def some_of(key: sa.Column[Any], *conditions: sa.ColumnElement[bool]) -> sa.Delete:
    """Deletes up to ``most`` (a parameter) rows of the table of ``key``, its primary key, that meet the conditions."""
    table = key.table
    assert isinstance(table, sa.Table)  # noqa: S101 - tells the type checker so
    return sa.delete(table).where(key.in_(sa.select(key).where(*conditions).limit(sa.bindparam("most"))))
