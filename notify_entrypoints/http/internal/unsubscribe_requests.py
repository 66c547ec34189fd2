"""Who wants no more emails of a service."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, request

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.notifications.model import UnsubscribeRequest
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.schemas.unsubscribing import LIST_UNSUBSCRIBE_REQUESTS, UNSUBSCRIBE_REQUESTS
from notify_entrypoints.http.validation import check

blueprint = Blueprint("unsubscribe_requests", __name__, url_prefix="/service/<uuid:service_id>/unsubscribe-requests")


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("Who wants no more emails, the newest first", UNSUBSCRIBE_REQUESTS, query=LIST_UNSUBSCRIBE_REQUESTS)
def unsubscribe_requests(service_id: UUID) -> Any:
    older_than = check(request.args.to_dict(), LIST_UNSUBSCRIBE_REQUESTS).get("older_than")
    container = container_of(current_app)
    found = container.list_unsubscribe_requests()(
        ServiceId(service_id), None if older_than is None else NotificationId(UUID(older_than))
    )
    address = f"{container.settings().api_base_url}/service/{service_id}/unsubscribe-requests"
    links = {"current": address if older_than is None else f"{address}?older_than={older_than}"}
    if found:
        links["next"] = f"{address}?older_than={found[-1].notification_id}"
    return {"unsubscribe_requests": [_shown(one) for one in found], "links": links}


def _shown(one: UnsubscribeRequest) -> dict[str, Any]:
    return {
        "notification_id": str(one.notification_id),
        "template_id": str(one.template_id),
        "template_version": one.template_version,
        "email_address": one.recipient,
        "requested_at": format_datetime(one.requested_at),
    }
