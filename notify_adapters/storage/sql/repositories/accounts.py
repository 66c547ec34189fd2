"""Services, their people and settings, on SQL."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_accounts import (
    broadcast_settings,
    data_retention,
    guest_list,
    service_users,
    services,
    users,
)
from notify_adapters.storage.sql.session import SqlSession
from notify_core.accounts.model import BroadcastChannel, BroadcastSettings, DataRetention, Permission, Service, User
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ServiceId, UserId
from notify_core.ports.secrets import Secrets

RECIPIENT = "recipient"

_SERVICE = sa.select(services).where(services.c.id == sa.bindparam("id"))
# SQLite, where one transaction writes at a time, leaves FOR UPDATE out.
_SERVICE_FOR_CHANGE = _SERVICE.with_for_update()
_SERVICES = sa.select(services)
_USER = sa.select(users).where(users.c.id == sa.bindparam("id"))
_MEMBER = sa.select(service_users).where(
    service_users.c.service_id == sa.bindparam("service_id"), service_users.c.user_id == sa.bindparam("user_id")
)
_NO_MEMBER = sa.delete(service_users).where(
    service_users.c.service_id == sa.bindparam("service_id"), service_users.c.user_id == sa.bindparam("user_id")
)
_MEMBERS = (
    sa.select(users)
    .join(service_users, service_users.c.user_id == users.c.id)
    .where(service_users.c.service_id == sa.bindparam("service_id"))
)
_GUEST = sa.select(guest_list.c.service_id).where(
    guest_list.c.service_id == sa.bindparam("service_id"),
    guest_list.c.recipient_index.in_(sa.bindparam("indexes", expanding=True)),
)
_GUESTS = sa.select(guest_list.c.recipient_cipher).where(guest_list.c.service_id == sa.bindparam("service_id"))
_NO_GUESTS = sa.delete(guest_list).where(guest_list.c.service_id == sa.bindparam("service_id"))
_BROADCAST = sa.select(broadcast_settings).where(broadcast_settings.c.service_id == sa.bindparam("service_id"))
_RETENTIONS = sa.select(data_retention).where(data_retention.c.service_id == sa.bindparam("service_id"))


class SqlServices:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def get(self, service_id: ServiceId) -> Service:
        return self._get(_SERVICE, service_id)

    def get_for_change(self, service_id: ServiceId) -> Service:
        return self._get(_SERVICE_FOR_CHANGE, service_id)

    def add(self, service: Service) -> None:
        self._session.insert(services, [_from_service(service)])

    def put(self, service: Service) -> None:
        self._session.upsert(services, _from_service(service))

    def all(self) -> Sequence[Service]:
        found = (_to_service(row) for row in self._session.rows(_SERVICES))
        # Sorted here, because databases differ in how they order letters.
        return sorted(found, key=lambda service: (service.name.casefold(), service.id))

    def _get(self, statement: sa.Select[Any], service_id: ServiceId) -> Service:
        row = self._session.row(statement, {"id": service_id})
        if row is None:
            raise NotFound(f"no service {service_id}")
        return _to_service(row)


def _from_service(service: Service) -> dict[str, Any]:
    return {
        "id": service.id,
        "name": service.name,
        "created_at": service.created_at,
        "active": service.active,
        "restricted": service.restricted,
        "permissions": sorted(service.permissions),
        "message_limit": dict(service.message_limit),
        "rate_limit": service.rate_limit,
        "email_from": service.email_from,
        "prefix_sms": service.prefix_sms,
        "count_as_live": service.count_as_live,
        "contact_link": service.contact_link,
        "go_live_at": service.go_live_at,
    }


def _to_service(row: sa.RowMapping) -> Service:
    return Service(**{**row, "permissions": frozenset(Permission(one) for one in row["permissions"])})


class SqlUsers:
    """Mobile numbers are kept encrypted."""

    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def get(self, user_id: UserId) -> User:
        row = self._session.row(_USER, {"id": user_id})
        if row is None:
            raise NotFound(f"no user {user_id}")
        return self._to_user(row)

    def put(self, user: User) -> None:
        mobile = user.mobile_number
        row = {
            "id": user.id,
            "name": user.name,
            "email_address": user.email_address,
            "mobile_number_cipher": None if mobile is None else self._secrets.encrypt(mobile, purpose=RECIPIENT),
            "platform_admin": user.platform_admin,
        }
        self._session.upsert(users, row)

    def add_to_service(self, user_id: UserId, service_id: ServiceId) -> None:
        self._session.insert_ignoring(service_users, [{"service_id": service_id, "user_id": user_id}])

    def remove_from_service(self, user_id: UserId, service_id: ServiceId) -> None:
        self._session.changed(_NO_MEMBER, {"service_id": service_id, "user_id": user_id})

    def is_member(self, user_id: UserId, service_id: ServiceId) -> bool:
        return self._session.row(_MEMBER, {"service_id": service_id, "user_id": user_id}) is not None

    def members(self, service_id: ServiceId) -> Sequence[User]:
        found = (self._to_user(row) for row in self._session.rows(_MEMBERS, {"service_id": service_id}))
        return sorted(found, key=lambda user: (user.name.casefold(), user.id))

    def _to_user(self, row: sa.RowMapping) -> User:
        mobile = row["mobile_number_cipher"]
        return User(
            id=row["id"],
            name=row["name"],
            email_address=row["email_address"],
            mobile_number=None if mobile is None else self._secrets.decrypt(mobile, purpose=RECIPIENT),
            platform_admin=row["platform_admin"],
        )


class SqlGuestList:
    """Recipients are found by blind index; one written under an older key is still the same recipient."""

    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def add(self, service_id: ServiceId, recipient: str) -> None:
        if not self.contains(service_id, recipient):
            self._session.insert_ignoring(guest_list, [self._to_row(service_id, recipient)])

    def contains(self, service_id: ServiceId, recipient: str) -> bool:
        indexes = self._secrets.blind_indexes(recipient, purpose=RECIPIENT)
        return self._session.row(_GUEST, {"service_id": service_id, "indexes": indexes}) is not None

    def of_service(self, service_id: ServiceId) -> Sequence[str]:
        rows = self._session.rows(_GUESTS, {"service_id": service_id})
        return sorted(self._secrets.decrypt(row["recipient_cipher"], purpose=RECIPIENT) for row in rows)

    def replace(self, service_id: ServiceId, recipients: Collection[str]) -> None:
        self._session.changed(_NO_GUESTS, {"service_id": service_id})
        self._session.insert_ignoring(guest_list, [self._to_row(service_id, one) for one in recipients])

    def _to_row(self, service_id: ServiceId, recipient: str) -> dict[str, Any]:
        return {
            "service_id": service_id,
            "recipient_index": self._secrets.blind_index(recipient, purpose=RECIPIENT),
            "recipient_cipher": self._secrets.encrypt(recipient, purpose=RECIPIENT),
        }


class SqlSettings:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def put_broadcast(self, settings: BroadcastSettings) -> None:
        row = {"service_id": settings.service_id, "channel": settings.channel, "provider": settings.provider}
        self._session.upsert(broadcast_settings, row, key=("service_id",))

    def broadcast(self, service_id: ServiceId) -> BroadcastSettings | None:
        row = self._session.row(_BROADCAST, {"service_id": service_id})
        return None if row is None else BroadcastSettings(**{**row, "channel": BroadcastChannel(row["channel"])})

    def put_retention(self, retention: DataRetention) -> None:
        row = {"service_id": retention.service_id, "type": retention.type, "days": retention.days}
        self._session.upsert(data_retention, row, key=("service_id", "type"))

    def retentions(self, service_id: ServiceId) -> Sequence[DataRetention]:
        own = self._session.rows(_RETENTIONS, {"service_id": service_id})
        return sorted((DataRetention(**row) for row in own), key=lambda one: one.type)
