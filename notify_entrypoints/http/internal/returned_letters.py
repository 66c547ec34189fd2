"""Letters that the post brought back: reported, and shown to their service."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import ServiceId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.schemas.letters import REPORT_RETURNED, RETURNED_LETTERS, RETURNED_TAKEN
from notify_entrypoints.http.validation import json_body

blueprint = Blueprint("returned_letters", __name__)


@blueprint.post("/letters/returned")
@authentication(Authentication.ADMIN)
@documented(
    "Report letters that came back; they become returned ones, and their services are told, soon",
    RETURNED_TAKEN,
    status=HTTPStatus.ACCEPTED,
    body=REPORT_RETURNED,
)
def report() -> Any:
    references = json_body(REPORT_RETURNED)["references"]
    return {"count": container_of(current_app).report_returned()(references)}, HTTPStatus.ACCEPTED


@blueprint.get("/service/<uuid:service_id>/returned-letters")
@authentication(Authentication.ADMIN)
@documented("The letters that came back, those reported last first", RETURNED_LETTERS)
def returned_letters(service_id: UUID) -> Any:
    found = container_of(current_app).list_returned_letters()(ServiceId(service_id))
    shown = [
        {"notification_id": str(one.notification_id), "reported_at": format_datetime(one.reported_at)} for one in found
    ]
    return {"returned_letters": shown}
