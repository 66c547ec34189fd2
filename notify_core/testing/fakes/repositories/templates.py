"""Templates, in memory."""

from collections.abc import MutableMapping, Sequence

from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ServiceId, TemplateId
from notify_core.templates.model import Template, TemplateType
from notify_core.testing.fakes.database import MemoryDatabase


class MemoryTemplates:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[tuple[TemplateId, int], Template] = database.table("template_versions")

    def get(self, service_id: ServiceId, template_id: TemplateId, version: int | None = None) -> Template:
        wanted = self._current().get(template_id) if version is None else self._rows.get((template_id, version))
        if wanted is None or wanted.service_id != service_id:
            raise NotFound(f"service {service_id} has no template {template_id}" + (f" v{version}" if version else ""))
        return wanted

    def put(self, template: Template) -> None:
        self._rows[(template.id, template.version)] = template

    def of_service(
        self, service_id: ServiceId, kind: TemplateType | None = None, *, with_archived: bool = False
    ) -> Sequence[Template]:
        own = (template for template in self._current().values() if template.service_id == service_id)
        found = (one for one in own if kind in {None, one.type} and (with_archived or not one.archived))
        return sorted(found, key=lambda template: (template.name.casefold(), template.id))

    def versions(self, service_id: ServiceId, template_id: TemplateId) -> Sequence[Template]:
        found = (row for row in self._rows.values() if row.id == template_id and row.service_id == service_id)
        return sorted(found, key=lambda template: -template.version)

    def _current(self) -> dict[TemplateId, Template]:
        return {template.id: template for template in sorted(self._rows.values(), key=lambda row: row.version)}
