"""Where replies to a service's emails go."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.accounts.model import ReplyTo
from notify_core.kernel.ids import ReplyToId, ServiceId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.accounts.asking import asked, who_asks
from notify_entrypoints.http.schemas.accounts import ADD_REPLY_TO, BY, CHANGE_REPLY_TO, DONE, REPLY_TO, REPLY_TOS

blueprint = Blueprint("reply_tos", __name__, url_prefix="/service/<uuid:service_id>/reply-tos")


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("The reply-to addresses of a service, the default one first", REPLY_TOS)
def reply_tos(service_id: UUID) -> Any:
    found = container_of(current_app).list_reply_tos()(ServiceId(service_id))
    return {"reply_tos": [_shown(one) for one in found]}


@blueprint.post("")
@authentication(Authentication.ADMIN)
@documented("Add a reply-to address", REPLY_TO, status=201, body=ADD_REPLY_TO, refuses=(409,))
def add(service_id: UUID) -> Any:
    body, actor = asked(ADD_REPLY_TO)
    return _shown(container_of(current_app).add_reply_to()(ServiceId(service_id), body, actor)), HTTPStatus.CREATED


@blueprint.post("/<uuid:reply_to_id>")
@authentication(Authentication.ADMIN)
@documented("Change a reply-to address, or make it the default", REPLY_TO, body=CHANGE_REPLY_TO, refuses=(409,))
def change(service_id: UUID, reply_to_id: UUID) -> Any:
    body, actor = asked(CHANGE_REPLY_TO)
    return _shown(
        container_of(current_app).change_reply_to()(ServiceId(service_id), ReplyToId(reply_to_id), body, actor)
    )


@blueprint.delete("/<uuid:reply_to_id>")
@authentication(Authentication.ADMIN)
@documented("Remove a reply-to address", DONE, query=BY)
def remove(service_id: UUID, reply_to_id: UUID) -> Any:
    container_of(current_app).remove_reply_to()(ServiceId(service_id), ReplyToId(reply_to_id), who_asks())
    return {"result": "success"}


def _shown(reply_to: ReplyTo) -> dict[str, Any]:
    return {"id": str(reply_to.id), "email_address": reply_to.email_address, "is_default": reply_to.is_default}
