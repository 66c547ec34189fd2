"""Services themselves."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.accounts.model import Permission, Service
from notify_core.accounts.policies import daily_limits
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import ServiceId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.accounts.asking import asked
from notify_entrypoints.http.schemas.accounts import BY, CHANGE_SERVICE, CREATE_SERVICE, SERVICE, SERVICES

blueprint = Blueprint("services", __name__, url_prefix="/service")


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("Every service, by name", SERVICES)
def services() -> Any:
    return {"services": [_shown(one) for one in container_of(current_app).list_services()()]}


@blueprint.post("")
@authentication(Authentication.ADMIN)
@documented("Create a service", SERVICE, status=201, body=CREATE_SERVICE, refuses=(409,))
def create() -> Any:
    body, actor = asked(CREATE_SERVICE)
    given_id = body.pop("id", None)
    service_id = None if given_id is None else ServiceId(UUID(given_id))
    made = container_of(current_app).create_service()(_fields(body), actor, service_id)
    return _shown(made), HTTPStatus.CREATED


@blueprint.get("/<uuid:service_id>")
@authentication(Authentication.ADMIN)
@documented("A service", SERVICE)
def service(service_id: UUID) -> Any:
    return _shown(container_of(current_app).get_service()(ServiceId(service_id)))


@blueprint.post("/<uuid:service_id>")
@authentication(Authentication.ADMIN)
@documented("Change a service", SERVICE, body=CHANGE_SERVICE, refuses=(409,))
def change(service_id: UUID) -> Any:
    body, actor = asked(CHANGE_SERVICE)
    return _shown(container_of(current_app).change_service()(ServiceId(service_id), _fields(body), actor))


@blueprint.post("/<uuid:service_id>/archive")
@authentication(Authentication.ADMIN)
@documented("Archive a service: nobody gets in with its keys, and nothing of it goes out", SERVICE, body=BY)
def archive(service_id: UUID) -> Any:
    _, actor = asked(BY)
    return _shown(container_of(current_app).change_service()(ServiceId(service_id), {"active": False}, actor))


def _fields(body: dict[str, Any]) -> dict[str, Any]:
    fields = dict(body)
    if "permissions" in body:
        fields["permissions"] = frozenset(Permission(one) for one in body["permissions"])
    if "message_limit" in body:
        fields["message_limit"] = daily_limits(body["message_limit"])
    return fields


def _shown(service: Service) -> dict[str, Any]:
    return {
        "id": str(service.id),
        "name": service.name,
        "created_at": format_datetime(service.created_at),
        "active": service.active,
        "restricted": service.restricted,
        "prefix_sms": service.prefix_sms,
        "count_as_live": service.count_as_live,
        "permissions": sorted(permission.value for permission in service.permissions),
        "message_limit": dict(service.message_limit),
        "rate_limit": service.rate_limit,
        "email_from": service.email_from,
        "contact_link": service.contact_link,
        "go_live_at": format_datetime(service.go_live_at),
    }
