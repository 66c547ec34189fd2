"""Whom a service in trial mode may write to besides its team."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.kernel.ids import ServiceId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.accounts.asking import asked
from notify_entrypoints.http.schemas.accounts import GUEST_LIST, SET_GUEST_LIST

blueprint = Blueprint("guest_list", __name__, url_prefix="/service/<uuid:service_id>/guest-list")


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("The guest list of a service", GUEST_LIST)
def guest_list(service_id: UUID) -> Any:
    return _shown(container_of(current_app).read_guest_list()(ServiceId(service_id)))


@blueprint.put("")
@authentication(Authentication.ADMIN)
@documented("Replace the guest list of a service", GUEST_LIST, body=SET_GUEST_LIST, refuses=(409,))
def replace(service_id: UUID) -> Any:
    body, actor = asked(SET_GUEST_LIST)
    wanted = [*body["email_addresses"], *body["phone_numbers"]]
    return _shown(container_of(current_app).replace_guest_list()(ServiceId(service_id), wanted, actor))


def _shown(recipients: Sequence[str]) -> dict[str, Any]:
    return {
        "email_addresses": [one for one in recipients if "@" in one],
        "phone_numbers": [one for one in recipients if "@" not in one],
    }
