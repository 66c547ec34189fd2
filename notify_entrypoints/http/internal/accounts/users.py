"""The people of a service's team."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.accounts.model import User
from notify_core.kernel.ids import ServiceId, UserId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.accounts.asking import asked, who_asks
from notify_entrypoints.http.schemas.accounts import ADD_USER, BY, DONE, USER, USERS

blueprint = Blueprint("users", __name__, url_prefix="/service/<uuid:service_id>/users")


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("The team of a service, by name", USERS)
def users(service_id: UUID) -> Any:
    return {"users": [_shown(one) for one in container_of(current_app).list_members()(ServiceId(service_id))]}


@blueprint.post("")
@authentication(Authentication.ADMIN)
@documented("Add a person to the team; whoever is known already is described anew", USER, status=201, body=ADD_USER)
def add(service_id: UUID) -> Any:
    body, actor = asked(ADD_USER)
    given_id = body.pop("id", None)
    user_id = None if given_id is None else UserId(UUID(given_id))
    added = container_of(current_app).add_member()(ServiceId(service_id), body, actor, user_id)
    return _shown(added), HTTPStatus.CREATED


@blueprint.post("/<uuid:user_id>")
@authentication(Authentication.ADMIN)
@documented("Add somebody who is known already to the team", USER, status=201, body=BY)
def add_known(service_id: UUID, user_id: UUID) -> Any:
    _, actor = asked(BY)
    added = container_of(current_app).add_known_member()(ServiceId(service_id), UserId(user_id), actor)
    return _shown(added), HTTPStatus.CREATED


@blueprint.delete("/<uuid:user_id>")
@authentication(Authentication.ADMIN)
@documented("Remove a person from the team", DONE, query=BY)
def remove(service_id: UUID, user_id: UUID) -> Any:
    container_of(current_app).remove_member()(ServiceId(service_id), UserId(user_id), who_asks())
    return {"result": "success"}


def _shown(user: User) -> dict[str, Any]:
    return {
        "id": str(user.id),
        "name": user.name,
        "email_address": user.email_address,
        "mobile_number": user.mobile_number,
        "platform_admin": user.platform_admin,
    }
