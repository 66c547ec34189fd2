"""What people write and approve."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from notify_core.broadcasts.states import MESSAGE, MessageEvent, MessageStatus
from notify_core.kernel.ids import ApiKeyId, BroadcastMessageId, ServiceId, TemplateId, UserId

# A closed ring of (latitude, longitude) pairs in degrees, in the order given.
Polygon = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class BroadcastMessage:
    """What people write and approve. ``stubbed`` is the reason why it will never go out (frozen
    when it was created), or None. ``edited_by`` are those who may not approve it, besides its creator.
    ``drawn_polygons`` are areas as they came, while nobody has made ``simple_polygons`` of them yet, or None.
    """

    id: BroadcastMessageId
    service_id: ServiceId
    content: str
    status: MessageStatus
    created_at: datetime
    areas: tuple[str, ...] = ()
    simple_polygons: tuple[Polygon, ...] = ()
    reference: str | None = None
    template_id: TemplateId | None = None
    template_version: int | None = None
    template_name: str | None = None
    personalisation: Mapping[str, str] | None = None
    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    approved_at: datetime | None = None
    cancelled_at: datetime | None = None
    updated_at: datetime | None = None
    created_by_id: UserId | None = None
    approved_by_id: UserId | None = None
    cancelled_by_id: UserId | None = None
    api_key_id: ApiKeyId | None = None
    edited_by: frozenset[UserId] = frozenset()
    stubbed: str | None = None
    drawn_polygons: tuple[Polygon, ...] | None = None

    def after(self, event: MessageEvent, now: datetime) -> Self:
        """The message after ``event``.

        :raises IllegalTransition: the event cannot happen to it.
        """
        return replace(self, status=MESSAGE.after(self.status, event), updated_at=now)
