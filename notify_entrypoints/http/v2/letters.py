"""Sending letters, and fetching what is printed."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app

from notify_core.kernel.ids import NotificationId, TemplateId
from notify_core.letters.model import Postage
from notify_core.letters.use_cases.accepting import LetterRequest, UploadRequest
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication, caller
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.idempotency import keeping
from notify_entrypoints.http.schemas.parts import UUID as UUID_TEXT
from notify_entrypoints.http.schemas.parts import Schema
from notify_entrypoints.http.schemas.reading import NOTIFICATION_ID
from notify_entrypoints.http.schemas.sending import (
    ANY_LETTER_SENT,
    SEND_ANY_LETTER,
    SEND_LETTER,
    SEND_UPLOADED_LETTER,
)
from notify_entrypoints.http.v2 import letter_shapes
from notify_entrypoints.http.validation import check, json_body_by

blueprint = Blueprint("v2_letters", __name__, url_prefix="/v2/notifications")

PDF = "application/pdf"


@blueprint.post("/letter")
@authentication(Authentication.SERVICE)
@documented("Send a letter", ANY_LETTER_SENT, status=201, body=SEND_ANY_LETTER, refuses=(429,))
def send_letter() -> Any:
    body = json_body_by(_schema_of)
    return (_send_upload if "content" in body else _send_templated)(body), 201


@blueprint.get("/<notification_id>/pdf")
@authentication(Authentication.SERVICE)
@documented("The PDF of a letter", None, answer_type=PDF, path={"notification_id": UUID_TEXT}, refuses=(400,))
def get_pdf(notification_id: str) -> Any:
    check({"notification_id": notification_id}, NOTIFICATION_ID)
    pdf = container_of(current_app).get_letter_pdf()(caller(), NotificationId(UUID(notification_id)))
    return Response(pdf, mimetype=PDF)


def _schema_of(document: Any) -> Schema:
    return SEND_UPLOADED_LETTER if isinstance(document, dict) and "content" in document else SEND_LETTER


def _send_templated(body: dict[str, Any]) -> Any:
    container = container_of(current_app)
    wanted = LetterRequest(TemplateId(UUID(body["template_id"])), body["personalisation"], body.get("reference"))
    answered = partial(letter_shapes.accepted, root=container.settings().api_base_url)
    return answered(container.accept_letter()(caller(), wanted, keeping(answered, 201)))


def _send_upload(body: dict[str, Any]) -> Any:
    accept = container_of(current_app).accept_uploaded_letter()
    wanted = UploadRequest(body["reference"], body["content"], Postage(body.get("postage", Postage.SECOND)))
    return letter_shapes.accepted_upload(accept(caller(), wanted, keeping(letter_shapes.accepted_upload, 201)))
