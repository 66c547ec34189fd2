"""Which services broadcast, and how."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.accounts.model import BroadcastChannel, BroadcastMode
from notify_core.broadcasts.use_cases.set_broadcast_service import BroadcastServiceSettings
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import ServiceId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.schemas.broadcasts import BROADCAST_SERVICE, SET_BROADCAST_SERVICE
from notify_entrypoints.http.validation import json_body

blueprint = Blueprint("broadcast_services", __name__, url_prefix="/service/<uuid:service_id>")


@blueprint.post("/set-as-broadcast-service")
@authentication(Authentication.ADMIN)
@documented("Make a service broadcast, and how", BROADCAST_SERVICE, body=SET_BROADCAST_SERVICE)
def set_as_broadcast_service(service_id: UUID) -> Any:
    body = json_body(SET_BROADCAST_SERVICE)
    wanted = BroadcastServiceSettings(
        service_id=ServiceId(service_id),
        channel=BroadcastChannel(body["broadcast_channel"]),
        mode=BroadcastMode(body["service_mode"]),
        provider=body["provider_restriction"],
    )
    service = container_of(current_app).set_broadcast_service()(wanted)
    return {
        "id": str(service.id),
        "broadcast_channel": wanted.channel.value,
        "service_mode": wanted.mode.value,
        "provider_restriction": wanted.provider,
        "permissions": sorted(permission.value for permission in service.permissions),
        "restricted": service.restricted,
        "count_as_live": service.count_as_live,
        "go_live_at": format_datetime(service.go_live_at),
    }
