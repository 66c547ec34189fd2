"""Where templates are kept."""

from collections.abc import Sequence
from typing import Protocol

from notify_core.kernel.ids import ServiceId, TemplateId
from notify_core.ports.unit_of_work import UnitOfWork
from notify_core.templates.model import Template, TemplateType


class Templates(Protocol):
    """The newest version of each template is current; every version stays readable."""

    def get(self, service_id: ServiceId, template_id: TemplateId, version: int | None = None) -> Template:
        """A version, or the current one.

        :raises NotFound: the service has no such template or version.
        """
        ...

    def put(self, template: Template) -> None:
        """Store this version (a repeated version number replaces it) and make the highest current."""
        ...

    def of_service(
        self, service_id: ServiceId, kind: TemplateType | None = None, *, with_archived: bool = False
    ) -> Sequence[Template]:
        """Current versions of the templates, by name, as a rule of those that are not archived."""
        ...

    def versions(self, service_id: ServiceId, template_id: TemplateId) -> Sequence[Template]:
        """Every version, the newest first; empty where the service has no such template."""
        ...


class TemplatesWork(UnitOfWork, Protocol):
    @property
    def templates(self) -> Templates: ...
