"""Between emergency alerts and their rows. Fields are columns, by name; lists and shapes are JSON."""

from dataclasses import fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import BroadcastEvent, BroadcastMessage, EventType, Polygon, Revision
from notify_core.broadcasts.states import MessageStatus, RevisionStatus
from notify_core.kernel.ids import UserId


def from_message(message: BroadcastMessage) -> dict[str, Any]:
    values = message.personalisation
    return _columns(message) | {
        "areas": list(message.areas),
        "simple_polygons": message.simple_polygons,
        "personalisation": None if values is None else dict(values),
        "edited_by": sorted(str(user) for user in message.edited_by),
    }


def to_message(row: sa.RowMapping) -> BroadcastMessage:
    return BroadcastMessage(
        **{
            **row,
            "status": MessageStatus(row["status"]),
            "areas": tuple(row["areas"]),
            "simple_polygons": _polygons(row["simple_polygons"]),
            "edited_by": frozenset(UserId(UUID(user)) for user in row["edited_by"]),
            "drawn_polygons": _polygons_or_none(row["drawn_polygons"]),
        }
    )


def from_event(event: BroadcastEvent) -> dict[str, Any]:
    return _columns(event)


def to_event(row: sa.RowMapping) -> BroadcastEvent:
    return BroadcastEvent(
        **{
            **row,
            "type": EventType(row["type"]),
            "areas": tuple(row["areas"]),
            "simple_polygons": _polygons(row["simple_polygons"]),
            "channel": BroadcastChannel(row["channel"]),
            "providers": tuple(row["providers"]),
        }
    )


def from_revision(revision: Revision) -> dict[str, Any]:
    return _columns(revision)


def to_revision(row: sa.RowMapping) -> Revision:
    return Revision(
        **{
            **row,
            "status": RevisionStatus(row["status"]),
            "areas": tuple(row["areas"]),
            "simple_polygons": _polygons(row["simple_polygons"]),
            "drawn_polygons": _polygons_or_none(row["drawn_polygons"]),
        }
    )


def _columns(thing: BroadcastMessage | BroadcastEvent | Revision) -> dict[str, Any]:
    return {field.name: getattr(thing, field.name) for field in fields(thing)}


def _polygons(rings: list[list[list[float]]]) -> tuple[Polygon, ...]:
    return tuple(tuple((latitude, longitude) for latitude, longitude in ring) for ring in rings)


def _polygons_or_none(rings: list[list[list[float]]] | None) -> tuple[Polygon, ...] | None:
    return None if rings is None else _polygons(rings)
