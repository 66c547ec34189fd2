"""API keys. Their secrets are told once, to whoever has them made."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app

from notify_core.accounts.model import ApiKey, KeyType
from notify_core.accounts.use_cases.api_keys import IssuedKey
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import ApiKeyId, ServiceId
from notify_entrypoints.containers import container_of
from notify_entrypoints.http.authentication import Authentication, authentication
from notify_entrypoints.http.documented import documented
from notify_entrypoints.http.internal.accounts.asking import asked
from notify_entrypoints.http.schemas.accounts import (
    API_KEY,
    API_KEYS,
    BY,
    CREATE_API_KEY,
    ISSUED_API_KEY,
    ROTATE_API_KEY,
)

blueprint = Blueprint("api_keys", __name__, url_prefix="/service/<uuid:service_id>/api-keys")


@blueprint.get("")
@authentication(Authentication.ADMIN)
@documented("The API keys of a service, revoked ones too, the newest first", API_KEYS)
def api_keys(service_id: UUID) -> Any:
    return {"api_keys": [_shown(one) for one in container_of(current_app).list_api_keys()(ServiceId(service_id))]}


@blueprint.post("")
@authentication(Authentication.ADMIN)
@documented("Create an API key", ISSUED_API_KEY, status=201, body=CREATE_API_KEY, refuses=(409,))
def create(service_id: UUID) -> Any:
    body, actor = asked(CREATE_API_KEY)
    issued = container_of(current_app).issue_api_key()(
        ServiceId(service_id), body["name"], KeyType(body["key_type"]), actor
    )
    return _issued(issued), HTTPStatus.CREATED


@blueprint.post("/<uuid:key_id>/rotate")
@authentication(Authentication.ADMIN)
@documented("Create a successor of an API key", ISSUED_API_KEY, status=201, body=ROTATE_API_KEY)
def rotate(service_id: UUID, key_id: UUID) -> Any:
    body, actor = asked(ROTATE_API_KEY)
    issued = container_of(current_app).rotate_api_key()(
        ApiKeyId(key_id), ServiceId(service_id), revoke_old=body.get("revoke_old", False), actor=actor
    )
    return _issued(issued), HTTPStatus.CREATED


@blueprint.post("/<uuid:key_id>/revoke")
@authentication(Authentication.ADMIN)
@documented("Revoke an API key: it opens nothing any more, 2 seconds later at most", API_KEY, body=BY)
def revoke(service_id: UUID, key_id: UUID) -> Any:
    _, actor = asked(BY)
    return _shown(container_of(current_app).revoke_api_key()(ApiKeyId(key_id), ServiceId(service_id), actor=actor))


def _issued(issued: IssuedKey) -> dict[str, Any]:
    return {**_shown(issued.key), "key": issued.text}


def _shown(key: ApiKey) -> dict[str, Any]:
    return {
        "id": str(key.id),
        "name": key.name,
        "key_type": key.key_type.value,
        "created_at": format_datetime(key.created_at),
        "revoked_at": format_datetime(key.revoked_at),
    }
