"""Emergency broadcasts in the Common Alerting Protocol."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, request

from notify_core.broadcasts.use_cases.submit_cap import CapPosted, check_may_broadcast
from notify_core.broadcasts.use_cases.views import message_view
from notify_core.kernel.errors import NotFound
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication, caller
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.errors import answer
from notify_entrypoints.http.idempotency import keeping
from notify_entrypoints.http.schemas.broadcasts import BROADCAST_MESSAGE, CAP_DOCUMENT

blueprint = Blueprint("v2_broadcast", __name__, url_prefix="/v2/broadcast")

CAP = "application/cap+xml"


@blueprint.post("")
@authentication(Authentication.SERVICE)
@documented(
    "Start, update or cancel an emergency broadcast",
    BROADCAST_MESSAGE,
    status=HTTPStatus.CREATED,
    body=CAP_DOCUMENT,
    body_type=CAP,
    refuses=(HTTPStatus.NOT_FOUND, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
)
def submit() -> Any:
    who = caller()
    check_may_broadcast(who.service)
    if request.mimetype != CAP:
        text = f"Content type {request.content_type} not supported"
        return answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "BadRequestError", text)
    keep = keeping(message_view, HTTPStatus.CREATED)
    posted = CapPosted(who.service.id, who.api_key.id, request.get_data(), keep_answer=keep)
    try:
        return message_view(container_of(current_app).submit_cap()(posted)), HTTPStatus.CREATED
    except NotFound as error:
        # The message that the document refers to; elsewhere in this API the text is always the same.
        return answer(HTTPStatus.NOT_FOUND, "NoResultFound", str(error))
