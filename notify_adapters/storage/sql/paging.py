"""Keyset pages: a page begins behind the last row of the one before, whatever was added meanwhile."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa


def behind(created_at: sa.Column[Any], identity: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Older than the row of :func:`place_of`, in the order newest first."""
    place = sa.bindparam("start_at", type_=created_at.type), sa.bindparam("start_id", type_=identity.type)
    return sa.tuple_(created_at, identity) < sa.tuple_(*place)


def place_of(start: sa.RowMapping | Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of :func:`behind`: ``start`` has ``created_at`` and ``id``."""
    return {"start_at": start["created_at"], "start_id": start["id"]}
