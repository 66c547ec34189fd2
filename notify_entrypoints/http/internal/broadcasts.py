"""Writing, approving and following broadcast messages."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, request

from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.change_status import StatusChange
from notify_core.broadcasts.use_cases.create_message import NewBroadcastMessage
from notify_core.broadcasts.use_cases.edit_message import BroadcastEdit
from notify_core.broadcasts.use_cases.views import message_view
from notify_core.kernel.errors import NotAllowed
from notify_core.kernel.ids import BroadcastMessageId, ServiceId, TemplateId, UserId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.bodies import moment, polygons
from notify_entrypoints.http.schemas.broadcasts import (
    BROADCAST_EVENTS,
    BROADCAST_MESSAGE,
    BROADCAST_MESSAGES,
    BROADCAST_STATUS,
    CREATE_BROADCAST,
    EDIT_BROADCAST,
)
from notify_entrypoints.http.schemas.reading import OLDER_THAN
from notify_entrypoints.http.validation import check, json_body

blueprint = Blueprint("broadcasts", __name__, url_prefix="/service/<uuid:service_id>/broadcast-message")


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("The broadcast messages of a service, the newest first", BROADCAST_MESSAGES, query=OLDER_THAN)
def messages(service_id: UUID) -> Any:
    older_than = check(request.args.to_dict(), OLDER_THAN).get("older_than")
    found = container_of(current_app).list_broadcast_messages()(
        ServiceId(service_id), None if older_than is None else BroadcastMessageId(UUID(older_than))
    )
    return {"broadcast_messages": [message_view(one) for one in found]}


@blueprint.post("")
@authentication(Authentication.ADMIN)
@documented("Write a broadcast message", BROADCAST_MESSAGE, status=201, body=CREATE_BROADCAST)
def create(service_id: UUID) -> Any:
    body = json_body(CREATE_BROADCAST)
    if body["service_id"].lower() != str(service_id):
        raise NotAllowed("service_id is not the service of the address")
    made = container_of(current_app).create_broadcast_message()(
        NewBroadcastMessage(
            service_id=ServiceId(service_id),
            created_by=UserId(UUID(body["created_by"])),
            template_id=TemplateId(UUID(body["template_id"])) if "template_id" in body else None,
            personalisation=body.get("personalisation"),
            content=body.get("content"),
            reference=body.get("reference"),
            starts_at=moment(body, "starts_at"),
            finishes_at=moment(body, "finishes_at"),
            areas=tuple(body.get("areas", ())),
            simple_polygons=polygons(body.get("simple_polygons", ())),
        )
    )
    return message_view(made), 201


@blueprint.get("/<uuid:message_id>")
@authentication(Authentication.ADMIN)
@documented("A broadcast message", BROADCAST_MESSAGE)
def message(service_id: UUID, message_id: UUID) -> Any:
    read = container_of(current_app).read_broadcast_message()
    return message_view(read(ServiceId(service_id), BroadcastMessageId(message_id)))


@blueprint.post("/<uuid:message_id>")
@authentication(Authentication.ADMIN)
@documented("Change a broadcast message before it is approved", BROADCAST_MESSAGE, body=EDIT_BROADCAST)
def edit(service_id: UUID, message_id: UUID) -> Any:
    body = json_body(EDIT_BROADCAST)
    edited = container_of(current_app).edit_broadcast_message()(
        BroadcastEdit(
            service_id=ServiceId(service_id),
            message_id=BroadcastMessageId(message_id),
            created_by=UserId(UUID(body["created_by"])),
            personalisation=body.get("personalisation"),
            content=body.get("content"),
            starts_at=moment(body, "starts_at"),
            finishes_at=moment(body, "finishes_at"),
            areas=tuple(body["areas"]) if "areas" in body else None,
            simple_polygons=polygons(body["simple_polygons"]) if "simple_polygons" in body else None,
        )
    )
    return message_view(edited)


@blueprint.post("/<uuid:message_id>/status")
@authentication(Authentication.ADMIN)
@documented("Submit, approve, reject or cancel", BROADCAST_MESSAGE, body=BROADCAST_STATUS)
def change_status(service_id: UUID, message_id: UUID) -> Any:
    body = json_body(BROADCAST_STATUS)
    changed = container_of(current_app).change_broadcast_status()(
        StatusChange(
            service_id=ServiceId(service_id),
            message_id=BroadcastMessageId(message_id),
            status=MessageStatus(body["status"]),
            created_by=UserId(UUID(body["created_by"])),
        )
    )
    return message_view(changed)


@blueprint.get("/<uuid:message_id>/events")
@authentication(Authentication.ADMIN)
@documented("What became of a broadcast message at each network", BROADCAST_EVENTS)
def events(service_id: UUID, message_id: UUID) -> Any:
    return container_of(current_app).show_broadcast()(BroadcastMessageId(message_id), ServiceId(service_id))
