"""Reading templates and trying them out."""

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, request

from notify_core.kernel.ids import TemplateId
from notify_core.templates.model import TemplateType
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication, caller
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.schemas.parts import UUID as UUID_TEXT
from notify_entrypoints.http.schemas.templates import (
    LIST_TEMPLATES,
    PREVIEW,
    PREVIEW_TEMPLATE,
    TEMPLATE,
    TEMPLATE_ID,
    TEMPLATE_VERSION,
    TEMPLATES,
    VERSION,
)
from notify_entrypoints.http.v2 import shapes
from notify_entrypoints.http.validation import check, json_body

# Longer ones are no versions, and Python reads no number of thousands of digits.
_NUMBER = re.compile(r"[0-9]{1,18}")

blueprint = Blueprint("v2_templates", __name__, url_prefix="/v2")

_TEMPLATE = {"template_id": UUID_TEXT}


@blueprint.get("/template/<template_id>")
@authentication(Authentication.SERVICE)
@documented("A template's current version", TEMPLATE, path=_TEMPLATE)
def current(template_id: str) -> Any:
    check({"id": template_id}, TEMPLATE_ID)
    found = container_of(current_app).get_template()(caller().service.id, TemplateId(UUID(template_id)))
    return shapes.template(found)


@blueprint.get("/template/<template_id>/version/<version>")
@authentication(Authentication.SERVICE)
@documented("A version of a template", TEMPLATE, path=_TEMPLATE | {"version": VERSION})
def version(template_id: str, version: str) -> Any:
    number = int(version) if _NUMBER.fullmatch(version) else version
    check({"id": template_id, "version": number}, TEMPLATE_VERSION)
    found = container_of(current_app).get_template()(caller().service.id, TemplateId(UUID(template_id)), int(number))
    return shapes.template(found)


@blueprint.get("/templates")
@authentication(Authentication.SERVICE)
@documented("The templates of the service, by name", TEMPLATES, query=LIST_TEMPLATES)
def all_of_them() -> Any:
    wanted = check(request.args.to_dict(), LIST_TEMPLATES)
    kind = TemplateType(wanted["type"]) if "type" in wanted else None
    found = container_of(current_app).list_templates()(caller().service.id, kind)
    return {"templates": [shapes.template(one) for one in found]}


@blueprint.post("/template/<template_id>/preview")
@authentication(Authentication.SERVICE)
@documented("The message that a template makes", PREVIEW, body=PREVIEW_TEMPLATE, path=_TEMPLATE)
def preview(template_id: str) -> Any:
    check({"id": template_id}, TEMPLATE_ID)
    values = json_body(PREVIEW_TEMPLATE).get("personalisation") or {}
    found = container_of(current_app).preview_template()(caller().service.id, TemplateId(UUID(template_id)), values)
    return shapes.preview(found)
