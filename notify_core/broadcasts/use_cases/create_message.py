"""Writing a broadcast message."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from notify_core.accounts.model import Service
from notify_core.broadcasts.model import BroadcastMessage, Polygon
from notify_core.broadcasts.policies.changes import check_service_active
from notify_core.broadcasts.policies.content import accepted_content, check_reference
from notify_core.broadcasts.ports import BroadcastsWork, PolygonSmoother
from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.auditing import note
from notify_core.broadcasts.use_cases.drawing import fault_in
from notify_core.broadcasts.use_cases.templated import templated
from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.ids import BroadcastMessageId, ServiceId, TemplateId, UserId
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import Template, TemplateType
from notify_core.templates.policies import check_usable

TRAINING = "the service was in training mode"


@dataclass(frozen=True, slots=True)
class NewBroadcastMessage:
    """What a person writes: a template with its values, or a content with a reference.
    ``where``: the way in, for the audit log."""

    service_id: ServiceId
    created_by: UserId
    template_id: TemplateId | None = None
    personalisation: Mapping[str, object] | None = None
    content: str | None = None
    reference: str | None = None
    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    areas: tuple[str, ...] = ()
    simple_polygons: tuple[Polygon, ...] = ()
    where: str = "http"


@dataclass(frozen=True)
class CreateBroadcastMessage:
    """A draft. Its text is normalised here, once; that it is only practice is decided here, once.

    :raises NotFound: no such service, user or template.
    :raises Forbidden: the service is suspended.
    :raises InvalidValue: neither or both of template and content, or the text is empty or too long.
    :raises PolygonRefused: a polygon can be no area.
    :raises NotAllowed: the template is for another channel or deleted, or a value is missing.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    random: RandomSource
    smoother: PolygonSmoother

    def __call__(self, new: NewBroadcastMessage) -> BroadcastMessage:
        fault = fault_in(new.simple_polygons, self.smoother)
        with self.work() as work:
            service = work.services.get(new.service_id)
            check_service_active(service)
            if fault:
                raise fault
            author = work.users.get(new.created_by)
            message = self._drafted(work, new, service)
            work.broadcast_messages.add(message)
            note(
                work,
                "broadcast message created",
                about=message.id,
                who=author.id,
                at=message.created_at,
                where=new.where,
            )
            work.commit()
        return message

    def _drafted(self, work: BroadcastsWork, new: NewBroadcastMessage, service: Service) -> BroadcastMessage:
        draft = BroadcastMessage(
            id=BroadcastMessageId(self.random.uuid()),
            service_id=service.id,
            content="",
            status=MessageStatus.DRAFT,
            created_at=self.clock.now(),
            areas=new.areas,
            simple_polygons=new.simple_polygons,
            reference=new.reference,
            starts_at=new.starts_at,
            finishes_at=new.finishes_at,
            created_by_id=new.created_by,
            stubbed=TRAINING if service.restricted else None,
        )
        check_reference(new.reference)
        match new.template_id, new.content:
            case None, str(content) if new.reference is not None:
                return replace(draft, content=accepted_content(content, called="Content"))
            case template_id, None if template_id is not None:
                return _from_template(draft, work.templates.get(service.id, template_id), new.personalisation or {})
        raise InvalidValue("exactly one of template_id, or content with reference, is needed")


def _from_template(draft: BroadcastMessage, template: Template, given: Mapping[str, object]) -> BroadcastMessage:
    check_usable(template, TemplateType.BROADCAST)
    text = templated(template, given)
    return replace(
        draft,
        content=text.content,
        template_id=template.id,
        template_version=template.version,
        template_name=template.name,
        personalisation=text.personalisation,
    )
