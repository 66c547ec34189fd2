"""Proposed changes of a message that is on air."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from notify_core.broadcasts.model.messages import Polygon
from notify_core.broadcasts.states import REVISION, RevisionEvent, RevisionStatus
from notify_core.kernel.ids import ApiKeyId, BroadcastMessageId, RevisionId, ServiceId, UserId


@dataclass(frozen=True, slots=True)
class Revision:
    """What a live message shall say instead. Content, areas and end are complete, also where only one of
    them was proposed: whoever approves sees what will be on air.

    ``drawn_polygons`` as those of a message. ``decided_by_id`` is None for what came to nothing by itself.
    """

    id: RevisionId
    service_id: ServiceId
    broadcast_message_id: BroadcastMessageId
    content: str
    areas: tuple[str, ...]
    simple_polygons: tuple[Polygon, ...]
    finishes_at: datetime
    created_at: datetime
    status: RevisionStatus = RevisionStatus.PENDING_APPROVAL
    created_by_id: UserId | None = None
    api_key_id: ApiKeyId | None = None
    decided_at: datetime | None = None
    decided_by_id: UserId | None = None
    drawn_polygons: tuple[Polygon, ...] | None = None

    def after(self, event: RevisionEvent, now: datetime, by: UserId | None = None) -> Self:
        """The revision after ``event``, which ``by`` caused, or nobody.

        :raises IllegalTransition: the event cannot happen to it.
        """
        return replace(self, status=REVISION.after(self.status, event), decided_at=now, decided_by_id=by)
