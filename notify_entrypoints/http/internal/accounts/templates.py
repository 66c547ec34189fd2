"""Writing templates. Their history is told by ``/service/{service}/template/{template}/versions``."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, request

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import ServiceId, TemplateId
from notify_core.templates.model import ProcessType, Template, TemplateType
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.accounts.asking import asked
from notify_entrypoints.http.schemas.accounts import BY
from notify_entrypoints.http.schemas.writing_templates import (
    CHANGE_TEMPLATE,
    CREATE_TEMPLATE,
    LIST_TEMPLATES,
    WRITTEN_TEMPLATE,
    WRITTEN_TEMPLATES,
)
from notify_entrypoints.http.validation import check

blueprint = Blueprint("written_templates", __name__, url_prefix="/service/<uuid:service_id>/templates")


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("The templates of a service, by name", WRITTEN_TEMPLATES, query=LIST_TEMPLATES)
def templates(service_id: UUID) -> Any:
    wanted = check(request.args.to_dict(), LIST_TEMPLATES)
    kind = TemplateType(wanted["type"]) if "type" in wanted else None
    listed = container_of(current_app).list_all_templates()
    found = listed(ServiceId(service_id), kind, with_archived="archived" in wanted)
    return {"templates": [_shown(one) for one in found]}


@blueprint.post("")
@authentication(Authentication.ADMIN)
@documented("Write a template", WRITTEN_TEMPLATE, status=201, body=CREATE_TEMPLATE)
def create(service_id: UUID) -> Any:
    body, actor = asked(CREATE_TEMPLATE)
    made = container_of(current_app).create_template()(ServiceId(service_id), _fields(body), actor)
    return _shown(made), HTTPStatus.CREATED


@blueprint.get("/<uuid:template_id>")
@authentication(Authentication.ADMIN)
@documented("The current version of a template", WRITTEN_TEMPLATE)
def template(service_id: UUID, template_id: UUID) -> Any:
    return _shown(container_of(current_app).get_template()(ServiceId(service_id), TemplateId(template_id)))


@blueprint.post("/<uuid:template_id>")
@authentication(Authentication.ADMIN)
@documented("Change a template", WRITTEN_TEMPLATE, body=CHANGE_TEMPLATE, refuses=(409,))
def change(service_id: UUID, template_id: UUID) -> Any:
    body, actor = asked(CHANGE_TEMPLATE)
    of_version = body.pop("version", None)
    changed = container_of(current_app).change_template()(
        ServiceId(service_id), TemplateId(template_id), _fields(body), actor, of_version
    )
    return _shown(changed)


@blueprint.post("/<uuid:template_id>/archive")
@authentication(Authentication.ADMIN)
@documented("Archive a template: no messages are made of it any more", WRITTEN_TEMPLATE, body=BY)
def archive(service_id: UUID, template_id: UUID) -> Any:
    _, actor = asked(BY)
    archived = container_of(current_app).change_template()(
        ServiceId(service_id), TemplateId(template_id), {"archived": True}, actor
    )
    return _shown(archived)


def _fields(body: dict[str, Any]) -> dict[str, Any]:
    kinds = {"type": TemplateType, "process_type": ProcessType}
    return {name: kinds[name](value) if name in kinds else value for name, value in body.items()}


def _shown(found: Template) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "service_id": str(found.service_id),
        "type": found.type.value,
        "name": found.name,
        "version": found.version,
        "subject": found.subject,
        "content": found.content,
        "process_type": found.process_type.value,
        "postage": found.postage,
        "letter_contact_block": found.letter_contact_block,
        "has_unsubscribe_link": found.has_unsubscribe_link,
        "archived": found.archived,
        "created_at": format_datetime(found.created_at),
        "updated_at": format_datetime(found.updated_at),
        "created_by": found.created_by,
    }
