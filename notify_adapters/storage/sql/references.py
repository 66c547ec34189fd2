"""Finding what a service called its messages by names of its own.

A service may give 1,000 characters; PostgreSQL's index has room for 2,704 bytes, and a character takes up to four. So
the start of a reference is in the index, and what the start finds is compared with the whole.
"""

import sqlalchemy as sa

# Literals, since an expression with parameters is not visibly the index's.
_START = 200
HAS_REFERENCE = sa.text(f"substr(reference, 1, {_START}) IS NOT NULL")


def start_of(reference: sa.ColumnElement[str | None]) -> sa.ColumnElement[str]:
    """What of a reference is in the index."""
    return sa.func.substr(reference, sa.literal_column("1"), sa.literal_column(f"{_START}"), type_=sa.String())


def has_reference(own: sa.ColumnElement[str | None], wanted: sa.ColumnElement[str | None]) -> sa.ColumnElement[bool]:
    """The condition that an index over :func:`start_of` serves. A plain comparison beside that of the starts would
    hide it from SQLite, which puts what a column equals in the column's place."""
    return sa.and_(start_of(own) == start_of(wanted), _rest_of(own) == _rest_of(wanted))


def _rest_of(reference: sa.ColumnElement[str | None]) -> sa.ColumnElement[str]:
    return sa.func.substr(reference, sa.literal_column(f"{_START + 1}"), type_=sa.String())
