"""Where suppliers bring texts that people send. The path's last part names the supplier."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request

from notify_core.inbound.ports import InboundForbidden, InboundRequest, InboundUnauthenticated, InboundUnreadable
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.errors import answer
from notify_entrypoints.http.schemas.receipts import RECEIPT

blueprint = Blueprint("inbound", __name__, url_prefix="/notifications/sms/receive")


@blueprint.post("/<supplier>")
@authentication(Authentication.NONE)
@documented(
    "A text that somebody sent, from its supplier (HTTP basic authentication)",
    None,
    answer_type="*/*",
    body=RECEIPT,
    refuses=(401, 403),
)
def receive(supplier: str) -> Any:
    headers = {name.lower(): value for name, value in request.headers.items()}
    arrived = InboundRequest(request.get_data(), headers)
    try:
        thanks = container_of(current_app).receive_text()(supplier, arrived)
    except InboundUnauthenticated as error:
        refused = answer(HTTPStatus.UNAUTHORIZED, "AuthError", str(error))
        refused.headers["WWW-Authenticate"] = 'Basic realm="Notify: received texts"'
        return refused
    except InboundForbidden as error:
        return answer(HTTPStatus.FORBIDDEN, "AuthError", str(error))
    except InboundUnreadable as error:
        return answer(HTTPStatus.BAD_REQUEST, "BadRequestError", str(error))
    return Response(thanks.body, content_type=thanks.content_type)
