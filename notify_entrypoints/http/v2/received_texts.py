"""Texts that people sent to the service."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, request

from notify_core.inbound.model import InboundText
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import InboundTextId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication, caller
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.schemas.reading import OLDER_THAN
from notify_entrypoints.http.schemas.received_texts import RECEIVED_TEXTS
from notify_entrypoints.http.validation import check

blueprint = Blueprint("v2_received_texts", __name__, url_prefix="/v2/received-text-messages")


@blueprint.get("")
@authentication(Authentication.SERVICE)
@documented("Texts that people sent, the newest first, 250 a page", RECEIVED_TEXTS, query=OLDER_THAN)
def received_texts() -> Any:
    older_than = check(request.args.to_dict(), OLDER_THAN).get("older_than")
    container = container_of(current_app)
    found = container.list_inbound_texts()(
        caller().service.id, None if older_than is None else InboundTextId(UUID(older_than))
    )
    address = f"{container.settings().api_base_url}/v2/received-text-messages"
    links = {"current": address if older_than is None else f"{address}?older_than={older_than}"}
    if found:
        links["next"] = f"{address}?older_than={found[-1].id}"
    return {"received_text_messages": [_shown(one) for one in found], "links": links}


def _shown(text: InboundText) -> dict[str, Any]:
    return {
        "id": str(text.id),
        "user_number": text.user_number,
        "created_at": format_datetime(text.created_at),
        "service_id": str(text.service_id),
        "notify_number": text.notify_number,
        "content": text.content,
    }
