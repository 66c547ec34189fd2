"""API keys, callback subscriptions and the audit log, on SQL."""

from collections.abc import Sequence

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_accounts import api_keys, audit_log, service_callbacks
from notify_adapters.storage.sql.session import SqlSession
from notify_core.accounts.model import ApiKey, AuditEntry, Callback, CallbackType, KeyType
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ApiKeyId, ServiceId
from notify_core.ports.secrets import Secrets

_KEY = sa.select(api_keys).where(api_keys.c.id == sa.bindparam("id"))
_KEYS_NEWEST_FIRST = (
    sa.select(api_keys)
    .where(api_keys.c.service_id == sa.bindparam("service_id"))
    .order_by(api_keys.c.created_at.desc(), api_keys.c.id.desc())
)
_CALLBACK = sa.select(service_callbacks).where(
    service_callbacks.c.service_id == sa.bindparam("service_id"), service_callbacks.c.type == sa.bindparam("type")
)
_CALLBACKS = sa.select(service_callbacks).where(service_callbacks.c.service_id == sa.bindparam("service_id"))
_NO_CALLBACK = sa.delete(service_callbacks).where(
    service_callbacks.c.service_id == sa.bindparam("service_id"), service_callbacks.c.type == sa.bindparam("type")
)
_ENTRIES_OLDEST_FIRST = (
    sa.select(audit_log)
    .where(audit_log.c.subject == sa.bindparam("subject"))
    .order_by(audit_log.c.at, audit_log.c.number)
)


class SqlApiKeys:
    """Secrets are kept encrypted, not hashed: requests are signed with them."""

    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def get(self, key_id: ApiKeyId) -> ApiKey:
        row = self._session.row(_KEY, {"id": key_id})
        if row is None:
            raise NotFound(f"no API key {key_id}")
        return self._to_key(row)

    def put(self, key: ApiKey) -> None:
        row = {
            "id": key.id,
            "service_id": key.service_id,
            "name": key.name,
            "secret_cipher": self._secrets.encrypt(key.secret, purpose="api-key"),
            "key_type": key.key_type,
            "created_at": key.created_at,
            "revoked_at": key.revoked_at,
        }
        self._session.upsert(api_keys, row)

    def of_service(self, service_id: ServiceId) -> Sequence[ApiKey]:
        return [self._to_key(row) for row in self._session.rows(_KEYS_NEWEST_FIRST, {"service_id": service_id})]

    def _to_key(self, row: sa.RowMapping) -> ApiKey:
        return ApiKey(
            id=row["id"],
            service_id=row["service_id"],
            name=row["name"],
            secret=self._secrets.decrypt(row["secret_cipher"], purpose="api-key"),
            key_type=KeyType(row["key_type"]),
            created_at=row["created_at"],
            revoked_at=row["revoked_at"],
        )


class SqlCallbacks:
    def __init__(self, session: SqlSession, secrets: Secrets) -> None:
        self._session = session
        self._secrets = secrets

    def put(self, callback: Callback) -> None:
        row = {
            "service_id": callback.service_id,
            "type": callback.type,
            "id": callback.id,
            "url": callback.url,
            "bearer_token_cipher": self._secrets.encrypt(callback.bearer_token, purpose="callback-token"),
            "secret_cipher": self._secrets.encrypt(callback.secret, purpose="callback-secret"),
        }
        self._session.upsert(service_callbacks, row, key=("service_id", "type"))

    def find(self, service_id: ServiceId, kind: CallbackType) -> Callback | None:
        row = self._session.row(_CALLBACK, {"service_id": service_id, "type": kind})
        return None if row is None else self._to_callback(row)

    def of_service(self, service_id: ServiceId) -> Sequence[Callback]:
        found = (self._to_callback(row) for row in self._session.rows(_CALLBACKS, {"service_id": service_id}))
        return sorted(found, key=lambda callback: callback.type)

    def remove(self, service_id: ServiceId, kind: CallbackType) -> None:
        self._session.changed(_NO_CALLBACK, {"service_id": service_id, "type": kind})

    def _to_callback(self, row: sa.RowMapping) -> Callback:
        return Callback(
            id=row["id"],
            service_id=row["service_id"],
            type=CallbackType(row["type"]),
            url=row["url"],
            bearer_token=self._secrets.decrypt(row["bearer_token_cipher"], purpose="callback-token"),
            secret=self._secrets.decrypt(row["secret_cipher"], purpose="callback-secret"),
        )


class SqlAuditLog:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, entry: AuditEntry) -> None:
        row = {
            "at": entry.at,
            "who": entry.who,
            "what": entry.what,
            "subject": entry.subject,
            "way_in": entry.where,
        }
        self._session.insert(audit_log, [row])

    def about(self, subject: str) -> Sequence[AuditEntry]:
        return [
            AuditEntry(row["at"], row["who"], row["what"], row["subject"], row["way_in"])
            for row in self._session.rows(_ENTRIES_OLDEST_FIRST, {"subject": subject})
        ]
