"""Where suppliers tell what became of messages. The path's last part names the supplier."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, request

from notify_core.notifications.model import Channel
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptUnreadable
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.errors import answer
from notify_entrypoints.http.schemas.receipts import RECEIPT, TAKEN

blueprint = Blueprint("receipts", __name__, url_prefix="/notifications")


@blueprint.post("/sms/<supplier>")
@authentication(Authentication.NONE)
@documented("What became of a text message, from its supplier", TAKEN, body=RECEIPT, refuses=(403,))
def sms(supplier: str) -> Any:
    return _accept(Channel.SMS, supplier)


@blueprint.post("/email/<supplier>")
@authentication(Authentication.NONE)
@documented("What became of an email, from its supplier", TAKEN, body=RECEIPT, refuses=(403,))
def email(supplier: str) -> Any:
    return _accept(Channel.EMAIL, supplier)


def _accept(channel: Channel, supplier: str) -> Any:
    headers = {name.lower(): value for name, value in request.headers.items()}
    received = ReceiptRequest(request.get_data(), headers)
    try:
        container_of(current_app).accept_receipts()(channel, supplier, received)
    except ReceiptUnreadable as error:
        return answer(HTTPStatus.BAD_REQUEST, "BadRequestError", str(error))
    except ReceiptForged as error:
        return answer(HTTPStatus.FORBIDDEN, "AuthError", str(error))
    return {"result": "success"}
