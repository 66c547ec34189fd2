"""API keys. One that leaves the file is left alone; only ``revoked = true`` revokes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from notify_core.accounts.model import ApiKey, KeyType, Service
from notify_core.accounts.policies import api_key_text
from notify_core.housekeeping.model import IssuedKind
from notify_core.housekeeping.use_cases.provisioning.applying import Applying
from notify_core.housekeeping.use_cases.provisioning.reading import Reader, Table, choice, flag, text, uuid
from notify_core.kernel.errors import InvalidValue, NotFound
from notify_core.kernel.ids import ApiKeyId

_API_KEY: Mapping[str, Reader] = {
    "id": uuid,
    "name": text,
    "secret": uuid,
    "key_type": choice(KeyType),
    "revoked": flag,
}


def apply_api_key(applying: Applying, service: Service, table: Table) -> None:
    given = table.read(_API_KEY, required=("name",))
    before = _existing(applying, service, table, given)
    key = before or _new(applying, service, given)
    key = replace(key, name=given["name"], key_type=given.get("key_type", key.key_type))
    if "secret" in given:
        key = replace(key, secret=str(given["secret"]))
    if given.get("revoked"):
        key = replace(key, revoked_at=key.revoked_at or applying.now)
    if key == before:
        return
    applying.work.api_keys.put(key)
    revoked = key.revoked_at is not None and (before is None or before.revoked_at is None)
    applying.changed("api key revoked" if revoked else _verb(before), key.id)


def _verb(before: ApiKey | None) -> str:
    return "api key changed" if before else "api key created"


def _existing(applying: Applying, service: Service, table: Table, given: Mapping[str, Any]) -> ApiKey | None:
    if "id" not in given:
        own = applying.work.api_keys.of_service(service.id)
        return next((key for key in own if key.name == given["name"]), None)
    try:
        key = applying.work.api_keys.get(ApiKeyId(given["id"]))
    except NotFound:
        return None
    if key.service_id != service.id:
        raise InvalidValue(f"{table.at('id')}: belongs to another service")
    return key


def _new(applying: Applying, service: Service, given: Mapping[str, Any]) -> ApiKey:
    secret = given.get("secret")
    key = ApiKey(
        id=ApiKeyId(given.get("id") or applying.random.uuid()),
        service_id=service.id,
        name=given["name"],
        secret=str(secret or applying.random.uuid()),
        key_type=given.get("key_type", KeyType.NORMAL),
        created_at=applying.now,
    )
    if secret is None:
        applying.issue(IssuedKind.API_KEY, service, key.name, api_key_text(key.name, service.id, key.secret))
    return key
