"""Services and the settings that are theirs alone."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from notify_core.accounts.model import (
    BroadcastChannel,
    BroadcastMode,
    BroadcastSettings,
    DataRetention,
    Permission,
    Service,
)
from notify_core.accounts.policies import LIMITED, daily_limits
from notify_core.accounts.use_cases.services import service_after, store_service
from notify_core.housekeeping.use_cases.provisioning.applying import Applying
from notify_core.housekeeping.use_cases.provisioning.contacts import (
    apply_callback,
    apply_guest,
    apply_reply_to,
    apply_sms_sender,
    apply_user,
)
from notify_core.housekeeping.use_cases.provisioning.keys import apply_api_key
from notify_core.housekeeping.use_cases.provisioning.reading import (
    Reader,
    Table,
    choice,
    each,
    flag,
    number,
    tables,
    text,
    uuid,
)
from notify_core.housekeeping.use_cases.provisioning.templates import apply_template
from notify_core.kernel.errors import InvalidValue, NotFound
from notify_core.kernel.ids import ServiceId


class Retained(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


def _limits(value: object, place: str) -> Mapping[str, int]:
    """A number for every channel, or a table of them."""
    if isinstance(value, Mapping):
        return daily_limits(Table(value, place).read(dict.fromkeys(LIMITED, number())))
    return daily_limits(number()(value, place))


# Those that have a field of the same name in Service.
_FIELDS: Mapping[str, Reader] = {
    "name": text,
    "active": flag,
    "restricted": flag,
    "permissions": each(choice(Permission)),
    "message_limit": _limits,
    "rate_limit": number(),
    "email_from": text,
    "prefix_sms": flag,
    "count_as_live": flag,
    "contact_link": text,
}

# In this order: a callback or key belongs to a service that exists.
_PARTS: Mapping[str, Callable[[Applying, Service, Table], None]] = {
    "users": apply_user,
    "api_keys": apply_api_key,
    "templates": apply_template,
    "sms_senders": apply_sms_sender,
    "reply_tos": apply_reply_to,
    "callbacks": apply_callback,
    "guest_list": apply_guest,
}

_SERVICE: Mapping[str, Reader] = {
    "id": uuid,
    **_FIELDS,
    **dict.fromkeys(_PARTS, tables),
    "broadcast": Table,
    "data_retention": tables,
}


def apply_service(applying: Applying, table: Table) -> None:
    """A service and all that belongs to it.

    :raises InvalidValue: something in the table is not right.
    """
    given = table.read(_SERVICE, required=("name",))
    broadcast = given["broadcast"].read(_BROADCAST, required=("channel",)) if "broadcast" in given else None
    service = _stored(applying, given, _restricted(table, given, broadcast))
    if broadcast is not None:
        _apply_broadcast(applying, service, broadcast)
    for part in given.get("data_retention", []):
        _apply_retention(applying, service, part)
    for key, apply in _PARTS.items():
        for part in given.get(key, []):
            apply(applying, service, part)


def _stored(applying: Applying, given: Mapping[str, Any], restricted: Mapping[str, bool]) -> Service:
    before = _existing(applying, given)
    changes = {**{key: given[key] for key in _FIELDS if key in given}, **restricted}
    if "permissions" in changes:
        changes["permissions"] = frozenset(changes["permissions"])
    new_id = given.get("id") or applying.random.uuid()
    new = Service(ServiceId(new_id), given["name"], applying.now)
    service = service_after(before or new, changes, applying.now)
    store_service(applying, before, service)
    return service


def _existing(applying: Applying, given: Mapping[str, Any]) -> Service | None:
    services = applying.work.services
    service_id = given.get("id") or next((one.id for one in services.all() if one.name == given["name"]), None)
    if service_id is None:
        return None
    try:
        return services.get_for_change(ServiceId(service_id))
    except NotFound:
        return None


_BROADCAST: Mapping[str, Reader] = {
    "channel": choice(BroadcastChannel),
    "provider": text,
    "mode": choice(BroadcastMode),
}


def _restricted(table: Table, given: Mapping[str, Any], broadcast: Mapping[str, Any] | None) -> Mapping[str, bool]:
    """Training mode is the service's ``restricted``, whichever of its two names the file uses."""
    if broadcast is None or "mode" not in broadcast:
        return {}
    restricted = broadcast["mode"] is BroadcastMode.TRAINING
    if given.get("restricted", restricted) != restricted:
        raise InvalidValue(f"{table.at('broadcast')}.mode: contradicts {table.at('restricted')}")
    return {"restricted": restricted}


def _apply_broadcast(applying: Applying, service: Service, given: Mapping[str, Any]) -> None:
    provider = given.get("provider", "all")
    settings = BroadcastSettings(service.id, given["channel"], None if provider == "all" else provider)
    if settings != applying.work.settings.broadcast(service.id):
        applying.work.settings.put_broadcast(settings)
        applying.changed("broadcast settings changed", service.id)


def _apply_retention(applying: Applying, service: Service, table: Table) -> None:
    given = table.read({"type": choice(Retained), "days": number(1)}, required=("type", "days"))
    retention = DataRetention(service.id, given["type"].value, given["days"])
    if retention not in applying.work.settings.retentions(service.id):
        applying.work.settings.put_retention(retention)
        applying.changed("data retention changed", service.id)
