"""Where a service wants to be told what became of its messages: one address for each type."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.accounts.model import Callback, CallbackType
from notify_core.accounts.use_cases.callbacks import WantedCallback
from notify_core.kernel.ids import ServiceId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.accounts.asking import asked, who_asks
from notify_entrypoints.http.schemas.accounts import (
    BY,
    CALLBACK_OF,
    CALLBACK_TYPE,
    CALLBACKS,
    DONE,
    SET_CALLBACK,
    STORED_CALLBACK,
)
from notify_entrypoints.http.validation import check

blueprint = Blueprint("callbacks", __name__, url_prefix="/service/<uuid:service_id>/callbacks")

_TYPE = {"callback_type": CALLBACK_TYPE}


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("The callbacks of a service", CALLBACKS)
def callbacks(service_id: UUID) -> Any:
    found = container_of(current_app).list_callbacks()(ServiceId(service_id))
    return {"callbacks": [_shown(one) for one in found]}


@blueprint.put("/<callback_type>")
@authentication(Authentication.ADMIN)
@documented("Set or replace the callback of a type", STORED_CALLBACK, body=SET_CALLBACK, path=_TYPE, refuses=(409,))
def put(service_id: UUID, callback_type: str) -> Any:
    kind = _kind(callback_type)
    body, actor = asked(SET_CALLBACK)
    stored = container_of(current_app).set_callback()(ServiceId(service_id), WantedCallback(kind, **body), actor)
    return {**_shown(stored.callback), "secret": stored.callback.secret if stored.issued else None}


@blueprint.delete("/<callback_type>")
@authentication(Authentication.ADMIN)
@documented("Remove the callback of a type", DONE, query=BY, path=_TYPE)
def remove(service_id: UUID, callback_type: str) -> Any:
    kind = _kind(callback_type)
    container_of(current_app).remove_callback()(ServiceId(service_id), kind, who_asks())
    return {"result": "success"}


def _kind(text: str) -> CallbackType:
    return CallbackType(check({"callback_type": text}, CALLBACK_OF)["callback_type"])


def _shown(callback: Callback) -> dict[str, Any]:
    return {"id": str(callback.id), "type": callback.type.value, "url": callback.url}
