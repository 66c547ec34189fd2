"""What a service's texts are sent as."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.accounts.model import SmsSender
from notify_core.kernel.ids import ServiceId, SmsSenderId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.accounts.asking import asked, who_asks
from notify_entrypoints.http.schemas.accounts import (
    ADD_SMS_SENDER,
    BY,
    CHANGE_SMS_SENDER,
    DONE,
    SMS_SENDER,
    SMS_SENDERS,
)

blueprint = Blueprint("sms_senders", __name__, url_prefix="/service/<uuid:service_id>/sms-senders")


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("The SMS senders of a service, the default one first", SMS_SENDERS)
def sms_senders(service_id: UUID) -> Any:
    found = container_of(current_app).list_sms_senders()(ServiceId(service_id))
    return {"sms_senders": [_shown(one) for one in found]}


@blueprint.post("")
@authentication(Authentication.ADMIN)
@documented("Add an SMS sender", SMS_SENDER, status=201, body=ADD_SMS_SENDER, refuses=(409,))
def add(service_id: UUID) -> Any:
    body, actor = asked(ADD_SMS_SENDER)
    return _shown(container_of(current_app).add_sms_sender()(ServiceId(service_id), body, actor)), HTTPStatus.CREATED


@blueprint.post("/<uuid:sender_id>")
@authentication(Authentication.ADMIN)
@documented("Change an SMS sender, or make it the default", SMS_SENDER, body=CHANGE_SMS_SENDER, refuses=(409,))
def change(service_id: UUID, sender_id: UUID) -> Any:
    body, actor = asked(CHANGE_SMS_SENDER)
    return _shown(
        container_of(current_app).change_sms_sender()(ServiceId(service_id), SmsSenderId(sender_id), body, actor)
    )


@blueprint.delete("/<uuid:sender_id>")
@authentication(Authentication.ADMIN)
@documented("Remove an SMS sender", DONE, query=BY)
def remove(service_id: UUID, sender_id: UUID) -> Any:
    container_of(current_app).remove_sms_sender()(ServiceId(service_id), SmsSenderId(sender_id), who_asks())
    return {"result": "success"}


def _shown(sender: SmsSender) -> dict[str, Any]:
    return {
        "id": str(sender.id),
        "sms_sender": sender.sms_sender,
        "is_default": sender.is_default,
        "inbound": sender.inbound,
    }
