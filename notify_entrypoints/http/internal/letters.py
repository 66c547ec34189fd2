"""What an admin application does with letters."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.kernel.ids import NotificationId, ServiceId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.schemas.reading import NOTIFICATION
from notify_entrypoints.http.v2 import letter_shapes

blueprint = Blueprint("letters", __name__)


@blueprint.post("/service/<uuid:service_id>/notifications/<uuid:notification_id>/cancel")
@authentication(Authentication.ADMIN)
@documented("Cancel a letter that is not yet printed", NOTIFICATION, refuses=(400,))
def cancel_letter(service_id: UUID, notification_id: UUID) -> Any:
    container = container_of(current_app)
    cancelled = container.cancel_letter()(ServiceId(service_id), NotificationId(notification_id))
    return letter_shapes.letter(cancelled, container.settings().api_base_url)
