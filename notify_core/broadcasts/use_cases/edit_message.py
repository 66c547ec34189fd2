"""Editing a broadcast message that is not out yet."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from notify_core.broadcasts.model import BroadcastMessage, Polygon
from notify_core.broadcasts.policies.changes import check_areas, check_editable, check_member, check_service_active
from notify_core.broadcasts.policies.content import accepted_content
from notify_core.broadcasts.ports import BroadcastsWork, PolygonSmoother
from notify_core.broadcasts.states import MessageEvent, MessageStatus
from notify_core.broadcasts.use_cases.auditing import note
from notify_core.broadcasts.use_cases.drawing import fault_in
from notify_core.broadcasts.use_cases.people import person_of
from notify_core.broadcasts.use_cases.templated import templated
from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.ids import BroadcastMessageId, ServiceId, UserId
from notify_core.ports.clock import Clock
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class BroadcastEdit:
    """What is to be different; None: as it was. ``created_by`` is who edits, and so may not approve.
    ``where``: the way in, for the audit log."""

    service_id: ServiceId
    message_id: BroadcastMessageId
    created_by: UserId
    personalisation: Mapping[str, object] | None = None
    content: str | None = None
    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    areas: tuple[str, ...] | None = None
    simple_polygons: tuple[Polygon, ...] | None = None
    where: str = "http"


@dataclass(frozen=True)
class EditBroadcastMessage:
    """The edited message; one that was waiting for approval is a draft again, so that nobody approves
    what they have not seen.

    :raises NotFound: the service has no such message.
    :raises Forbidden: the service is suspended.
    :raises NotAllowed: whoever edits is no member; its status allows no editing; only one of areas and polygons
        is given; a value of its template is missing.
    :raises InvalidValue: the text is empty or too long, or there are values but no template.
    :raises PolygonRefused: a polygon can be no area.
    :raises Conflict: somebody else changed the message just now.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    smoother: PolygonSmoother

    def __call__(self, edit: BroadcastEdit) -> BroadcastMessage:
        fault = fault_in(edit.simple_polygons, self.smoother)
        with self.work() as work:
            message = work.broadcast_messages.get(edit.message_id, edit.service_id)
            check_service_active(work.services.get(edit.service_id))
            editor = person_of(work, edit.created_by, edit.service_id)
            check_member(message, editor)
            check_editable(message)
            check_areas(message, edit.areas, edit.simple_polygons)
            if fault:
                raise fault
            now = self.clock.now()
            becomes = replace(
                self._rewritten(work, message, edit),
                starts_at=edit.starts_at or message.starts_at,
                finishes_at=edit.finishes_at or message.finishes_at,
                areas=message.areas if edit.areas is None else edit.areas,
                simple_polygons=message.simple_polygons if edit.simple_polygons is None else edit.simple_polygons,
                drawn_polygons=message.drawn_polygons if edit.simple_polygons is None else None,
                edited_by=message.edited_by | {editor.id},
                updated_at=now,
            )
            if message.status is MessageStatus.PENDING_APPROVAL:
                becomes = becomes.after(MessageEvent.RETURNED, now)
            work.broadcast_messages.change(message, becomes)
            note(work, "broadcast message edited", about=message.id, who=editor.id, at=now, where=edit.where)
            work.commit()
        return becomes

    def _rewritten(self, work: BroadcastsWork, message: BroadcastMessage, edit: BroadcastEdit) -> BroadcastMessage:
        if edit.personalisation is not None:
            if message.template_id is None or edit.content is not None:
                raise InvalidValue("personalisation goes with a template, not with content")
            template = work.templates.get(message.service_id, message.template_id, message.template_version)
            text = templated(template, edit.personalisation)
            return replace(message, content=text.content, personalisation=text.personalisation)
        if edit.content is not None:
            return replace(message, content=accepted_content(edit.content, called="Content"))
        return message
