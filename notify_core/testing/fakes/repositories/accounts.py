"""Accounts, in memory."""

from collections.abc import Collection, MutableMapping, Sequence
from dataclasses import replace

from notify_core.accounts.model import (
    ApiKey,
    BroadcastSettings,
    Callback,
    CallbackType,
    DataRetention,
    Service,
    User,
)
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ApiKeyId, ServiceId, UserId
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert


class MemoryServices:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[ServiceId, Service] = database.table("services")

    def get(self, service_id: ServiceId) -> Service:
        if service_id not in self._rows:
            raise NotFound(f"no service {service_id}")
        return self._rows[service_id]

    def get_for_change(self, service_id: ServiceId) -> Service:
        # Nobody else has the database in hand.
        return self.get(service_id)

    def add(self, service: Service) -> None:
        insert(self._database, self._rows, service.id, _frozen(service), what=f"service {service.id}")

    def put(self, service: Service) -> None:
        self._rows[service.id] = _frozen(service)

    def all(self) -> Sequence[Service]:
        return sorted(self._rows.values(), key=lambda service: (service.name.casefold(), service.id))


def _frozen(service: Service) -> Service:
    # The sender's own mapping may change later; what is stored may not.
    return replace(service, message_limit=dict(service.message_limit))


class MemoryUsers:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[UserId, User] = database.table("users")
        self._members: MutableMapping[tuple[ServiceId, UserId], bool] = database.table("service_users")

    def get(self, user_id: UserId) -> User:
        if user_id not in self._rows:
            raise NotFound(f"no user {user_id}")
        return self._rows[user_id]

    def put(self, user: User) -> None:
        self._rows[user.id] = user

    def add_to_service(self, user_id: UserId, service_id: ServiceId) -> None:
        self._members[(service_id, user_id)] = True

    def remove_from_service(self, user_id: UserId, service_id: ServiceId) -> None:
        self._members.pop((service_id, user_id), None)

    def is_member(self, user_id: UserId, service_id: ServiceId) -> bool:
        return (service_id, user_id) in self._members

    def members(self, service_id: ServiceId) -> Sequence[User]:
        users = (self._rows[user] for service, user in self._members if service == service_id and user in self._rows)
        return sorted(users, key=lambda user: (user.name.casefold(), user.id))


class MemoryApiKeys:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[ApiKeyId, ApiKey] = database.table("api_keys")

    def get(self, key_id: ApiKeyId) -> ApiKey:
        if key_id not in self._rows:
            raise NotFound(f"no API key {key_id}")
        return self._rows[key_id]

    def put(self, key: ApiKey) -> None:
        self._rows[key.id] = key

    def of_service(self, service_id: ServiceId) -> Sequence[ApiKey]:
        keys = (key for key in self._rows.values() if key.service_id == service_id)
        return sorted(keys, key=lambda key: (key.created_at, key.id), reverse=True)


class MemoryCallbacks:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[tuple[ServiceId, CallbackType], Callback] = database.table("service_callbacks")

    def put(self, callback: Callback) -> None:
        self._rows[(callback.service_id, callback.type)] = callback

    def find(self, service_id: ServiceId, kind: CallbackType) -> Callback | None:
        return self._rows.get((service_id, kind))

    def of_service(self, service_id: ServiceId) -> Sequence[Callback]:
        own = (callback for callback in self._rows.values() if callback.service_id == service_id)
        return sorted(own, key=lambda callback: callback.type)

    def remove(self, service_id: ServiceId, kind: CallbackType) -> None:
        self._rows.pop((service_id, kind), None)


class MemoryGuestList:
    def __init__(self, database: MemoryDatabase) -> None:
        self._rows: MutableMapping[tuple[ServiceId, str], bool] = database.table("guest_list")

    def add(self, service_id: ServiceId, recipient: str) -> None:
        self._rows[(service_id, recipient)] = True

    def contains(self, service_id: ServiceId, recipient: str) -> bool:
        return (service_id, recipient) in self._rows

    def of_service(self, service_id: ServiceId) -> Sequence[str]:
        return sorted(recipient for service, recipient in self._rows if service == service_id)

    def replace(self, service_id: ServiceId, recipients: Collection[str]) -> None:
        for recipient in self.of_service(service_id):
            del self._rows[(service_id, recipient)]
        for recipient in recipients:
            self.add(service_id, recipient)


class MemorySettings:
    def __init__(self, database: MemoryDatabase) -> None:
        self._broadcast: MutableMapping[ServiceId, BroadcastSettings] = database.table("broadcast_settings")
        self._retention: MutableMapping[tuple[ServiceId, str], DataRetention] = database.table("data_retention")

    def put_broadcast(self, settings: BroadcastSettings) -> None:
        self._broadcast[settings.service_id] = settings

    def broadcast(self, service_id: ServiceId) -> BroadcastSettings | None:
        return self._broadcast.get(service_id)

    def put_retention(self, retention: DataRetention) -> None:
        self._retention[(retention.service_id, retention.type)] = retention

    def retentions(self, service_id: ServiceId) -> Sequence[DataRetention]:
        found = (retention for retention in self._retention.values() if retention.service_id == service_id)
        return sorted(found, key=lambda retention: retention.type)
