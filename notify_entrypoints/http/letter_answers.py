"""Where the printer's response files are announced."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, request

from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptUnreadable
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.errors import answer
from notify_entrypoints.http.schemas.receipts import RECEIPT, TAKEN

blueprint = Blueprint("letter_answers", __name__, url_prefix="/notifications/letter")


@blueprint.post("/dvla")
@authentication(Authentication.NONE)
@documented("That the printer has written response files, from SNS", TAKEN, body=RECEIPT, refuses=(403,))
def announced() -> Any:
    headers = {name.lower(): value for name, value in request.headers.items()}
    received = ReceiptRequest(request.get_data(), headers)
    try:
        container_of(current_app).accept_announcement()(received)
    except ReceiptUnreadable as error:
        return answer(HTTPStatus.BAD_REQUEST, "BadRequestError", f"DVLA callback failed: {error}")
    except ReceiptForged as error:
        return answer(HTTPStatus.FORBIDDEN, "AuthError", f"DVLA callback failed: {error}")
    return {"result": "success"}
