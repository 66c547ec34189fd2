"""Templates, on SQL."""

from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_templates import template_versions
from notify_adapters.storage.sql.session import SqlSession
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ServiceId, TemplateId
from notify_core.templates.model import ProcessType, Template, TemplateType

_newer = template_versions.alias()
_IS_CURRENT = ~sa.exists().where(_newer.c.id == template_versions.c.id, _newer.c.version > template_versions.c.version)


_OF_SERVICE = template_versions.c.service_id == sa.bindparam("service_id")
_THIS = sa.select(template_versions).where(template_versions.c.id == sa.bindparam("id"), _OF_SERVICE)
_CURRENT = _THIS.where(_IS_CURRENT)
_VERSION = _THIS.where(template_versions.c.version == sa.bindparam("version"))
_VERSIONS = _THIS.order_by(template_versions.c.version.desc())
_IS_LISTED = sa.or_(~template_versions.c.archived, sa.bindparam("with_archived", type_=sa.Boolean()))
_ALL = sa.select(template_versions).where(_OF_SERVICE, _IS_LISTED, _IS_CURRENT)
_ALL_OF_TYPE = _ALL.where(template_versions.c.type == sa.bindparam("type"))


class SqlTemplates:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def get(self, service_id: ServiceId, template_id: TemplateId, version: int | None = None) -> Template:
        wanted = {"id": template_id, "service_id": service_id}
        if version is None:
            row = self._session.row(_CURRENT, wanted)
        else:
            row = self._session.row(_VERSION, {**wanted, "version": version})
        if row is None:
            raise NotFound(f"service {service_id} has no template {template_id}" + (f" v{version}" if version else ""))
        return _to_template(row)

    def put(self, template: Template) -> None:
        # The fields of a template are the columns, by name.
        self._session.upsert(template_versions, asdict(template), key=("id", "version"))

    def of_service(
        self, service_id: ServiceId, kind: TemplateType | None = None, *, with_archived: bool = False
    ) -> Sequence[Template]:
        wanted = {"service_id": service_id, "with_archived": with_archived}
        if kind is None:
            rows = self._session.rows(_ALL, wanted)
        else:
            rows = self._session.rows(_ALL_OF_TYPE, {**wanted, "type": kind})
        found = (_to_template(row) for row in rows)
        # Sorted here, because databases differ in how they order letters.
        return sorted(found, key=lambda template: (template.name.casefold(), template.id))

    def versions(self, service_id: ServiceId, template_id: TemplateId) -> Sequence[Template]:
        rows = self._session.rows(_VERSIONS, {"id": template_id, "service_id": service_id})
        return [_to_template(row) for row in rows]


def _to_template(row: sa.RowMapping) -> Template:
    return Template(**{**row, "type": TemplateType(row["type"]), "process_type": ProcessType(row["process_type"])})
