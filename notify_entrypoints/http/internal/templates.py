"""The history of a template, for the admin application and for the published Python client, which asks here."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.kernel.ids import ServiceId, TemplateId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication, check_own
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.schemas.templates import TEMPLATE_VERSIONS
from notify_entrypoints.http.v2 import shapes

blueprint = Blueprint("service_templates", __name__, url_prefix="/service/<uuid:service_id>/template")


@blueprint.get("/<uuid:template_id>/versions")
@authentication(Authentication.SERVICE_OR_ADMIN)
@documented("Every version of a template, the newest first", TEMPLATE_VERSIONS)
def versions(service_id: UUID, template_id: UUID) -> Any:
    check_own(service_id)
    found = container_of(current_app).list_template_versions()(ServiceId(service_id), TemplateId(template_id))
    return {"data": [shapes.template(one) for one in found]}
