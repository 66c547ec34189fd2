"""Issuing, rotating and revoking API keys. Each is in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notify_core.accounts.model import ApiKey, AuditEntry, KeyType
from notify_core.accounts.policies import api_key_text
from notify_core.accounts.ports import AccountsWork
from notify_core.kernel.errors import NotAllowed
from notify_core.kernel.ids import ApiKeyId, ServiceId
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """``text`` is what its owner puts into a client; it is shown this once."""

    key: ApiKey
    text: str


@dataclass(frozen=True)
class IssueApiKey:
    """A new key of a service.

    :raises NotFound: no such service.
    :raises NotAllowed: the service has a key of this name that is not revoked.
    """

    work: UnitOfWorkFactory[AccountsWork]
    clock: Clock
    random: RandomSource

    def __call__(self, service_id: ServiceId, name: str, key_type: KeyType, *, where: str = "cli") -> IssuedKey:
        with self.work() as work:
            service = work.services.get(service_id)
            if any(key.name == name and key.revoked_at is None for key in work.api_keys.of_service(service.id)):
                raise NotAllowed(f"service {service.name} has an API key named {name} already")
            issued = _issued(self.random, service_id, name, key_type, self.clock.now())
            work.api_keys.put(issued.key)
            _note(work, "api key created", issued.key, self.clock.now(), where)
            work.commit()
        return issued


@dataclass(frozen=True)
class RotateApiKey:
    """A successor of the same name and type. The old key goes on working until it is revoked, so that
    clients can move; ``revoke_old`` revokes it at once.

    :raises NotFound: no such key.
    :raises NotAllowed: it is revoked.
    """

    work: UnitOfWorkFactory[AccountsWork]
    clock: Clock
    random: RandomSource

    def __call__(self, key_id: ApiKeyId, *, revoke_old: bool = False, where: str = "cli") -> IssuedKey:
        with self.work() as work:
            old, now = work.api_keys.get(key_id), self.clock.now()
            if old.revoked_at is not None:
                raise NotAllowed(f"API key {old.name} is revoked; create a new one")
            issued = _issued(self.random, old.service_id, old.name, old.key_type, now)
            work.api_keys.put(issued.key)
            _note(work, f"api key created in place of {old.id}", issued.key, now, where)
            if revoke_old:
                work.api_keys.put(replace(old, revoked_at=now))
                _note(work, "api key revoked", old, now, where)
            work.commit()
        return issued


@dataclass(frozen=True)
class RevokeApiKey:
    """From now on (at most a few seconds later, where keys are cached) the key opens nothing. Revoking
    it again changes nothing.

    :raises NotFound: no such key.
    """

    work: UnitOfWorkFactory[AccountsWork]
    clock: Clock

    def __call__(self, key_id: ApiKeyId, *, where: str = "cli") -> ApiKey:
        with self.work() as work:
            key, now = work.api_keys.get(key_id), self.clock.now()
            if key.revoked_at is not None:
                return key
            revoked = replace(key, revoked_at=now)
            work.api_keys.put(revoked)
            _note(work, "api key revoked", key, now, where)
            work.commit()
        return revoked


@dataclass(frozen=True)
class ListApiKeys:
    """A service's keys, revoked ones too, newest first.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[AccountsWork]

    def __call__(self, service_id: ServiceId) -> Sequence[ApiKey]:
        with self.work(read_only=True) as work:
            return work.api_keys.of_service(work.services.get(service_id).id)


def _issued(random: RandomSource, service_id: ServiceId, name: str, key_type: KeyType, now: datetime) -> IssuedKey:
    key = ApiKey(ApiKeyId(random.uuid()), service_id, name, str(random.uuid()), key_type, now)
    return IssuedKey(key, api_key_text(name, service_id, key.secret))


def _note(work: AccountsWork, what: str, key: ApiKey, now: datetime, where: str) -> None:
    work.audit.add(AuditEntry(now, "operator", what, str(key.id), where))
