"""Reading templates and trying them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notify_core.kernel.errors import NotAllowed, NotFound
from notify_core.kernel.ids import ServiceId, TemplateId
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import Message, Personalisation, Template, TemplateType, render
from notify_core.templates.policies import check_complete, check_usable
from notify_core.templates.ports import TemplatesWork


@dataclass(frozen=True)
class GetTemplate:
    """One version of a template, or its current one; deleted templates stay readable.

    :raises NotFound: the service has no such template or version.
    """

    work: UnitOfWorkFactory[TemplatesWork]

    def __call__(self, service_id: ServiceId, template_id: TemplateId, version: int | None = None) -> Template:
        with self.work(read_only=True) as work:
            return work.templates.get(service_id, template_id, version)


@dataclass(frozen=True)
class ListTemplates:
    """The service's templates that are not deleted, by name, of one channel or of all."""

    work: UnitOfWorkFactory[TemplatesWork]

    def __call__(self, service_id: ServiceId, kind: TemplateType | None = None) -> Sequence[Template]:
        with self.work(read_only=True) as work:
            return work.templates.of_service(service_id, kind)


@dataclass(frozen=True)
class ListTemplateVersions:
    """Every version of a template, the newest first; those of deleted ones, too.

    :raises NotFound: the service has no such template.
    """

    work: UnitOfWorkFactory[TemplatesWork]

    def __call__(self, service_id: ServiceId, template_id: TemplateId) -> Sequence[Template]:
        with self.work(read_only=True) as work:
            found = work.templates.versions(service_id, template_id)
        if not found:
            raise NotFound(f"service {service_id} has no template {template_id}")
        return found


@dataclass(frozen=True, slots=True)
class Preview:
    template: Template
    message: Message


@dataclass(frozen=True)
class PreviewTemplate:
    """The message that a template's current version makes, without a service's name before it.

    :raises NotFound: the service has no such template.
    :raises NotAllowed: personalisation is missing.
    :raises InvalidValue: a value of it is of a kind that no placeholder takes.
    """

    work: UnitOfWorkFactory[TemplatesWork]

    def __call__(
        self, service_id: ServiceId, template_id: TemplateId, personalisation: Mapping[str, object]
    ) -> Preview:
        with self.work(read_only=True) as work:
            template = work.templates.get(service_id, template_id)
        values = Personalisation.parse(personalisation)
        check_complete(template, values)
        return Preview(template, render(template, values))


def template_for_sending(
    work: TemplatesWork, service_id: ServiceId, template_id: TemplateId, kind: TemplateType
) -> Template:
    """The current version, if messages of this kind may be made of it.

    :raises NotAllowed: there is none, it is for another channel, or it is deleted.
    """
    try:
        template = work.templates.get(service_id, template_id)
    except NotFound:
        raise NotAllowed("Template not found") from None
    check_usable(template, kind)
    return template
