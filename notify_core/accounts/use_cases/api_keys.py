"""Issuing, rotating and revoking API keys. Each is in the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notify_core.accounts.model import ApiKey, KeyType
from notify_core.accounts.policies import api_key_text
from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.use_cases.acting import OPERATOR, Actor, note
from notify_core.kernel.errors import AlreadyExists, NotAllowed, NotFound
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
    :raises AlreadyExists: the service has a key of this name that is not revoked.
    """

    work: UnitOfWorkFactory[AccountsWork]
    clock: Clock
    random: RandomSource

    def __call__(self, service_id: ServiceId, name: str, key_type: KeyType, actor: Actor = OPERATOR) -> IssuedKey:
        with self.work() as work:
            # Kept from others, so that not two of them find the name free.
            service = work.services.get_for_change(service_id)
            if any(key.name == name and key.revoked_at is None for key in work.api_keys.of_service(service.id)):
                raise AlreadyExists(f"service {service.name} has an API key named {name} already")
            now = self.clock.now()
            issued = _issued(self.random, service_id, name, key_type, now)
            work.api_keys.put(issued.key)
            note(work, actor, "api key created", issued.key.id, now)
            work.commit()
        return issued


@dataclass(frozen=True)
class RotateApiKey:
    """A successor of the same name and type. The old key goes on working until it is revoked, so that
    clients can move; ``revoke_old`` revokes it at once.

    :raises NotFound: no such key (of this service, when given).
    :raises NotAllowed: it is revoked.
    """

    work: UnitOfWorkFactory[AccountsWork]
    clock: Clock
    random: RandomSource

    def __call__(
        self,
        key_id: ApiKeyId,
        service_id: ServiceId | None = None,
        *,
        revoke_old: bool = False,
        actor: Actor = OPERATOR,
    ) -> IssuedKey:
        with self.work() as work:
            old, now = _key_for_change(work, key_id, service_id), self.clock.now()
            if old.revoked_at is not None:
                raise NotAllowed(f"API key {old.name} is revoked; create a new one")
            issued = _issued(self.random, old.service_id, old.name, old.key_type, now)
            work.api_keys.put(issued.key)
            note(work, actor, f"api key created in place of {old.id}", issued.key.id, now)
            if revoke_old:
                work.api_keys.put(replace(old, revoked_at=now))
                note(work, actor, "api key revoked", old.id, now)
            work.commit()
        return issued


@dataclass(frozen=True)
class RevokeApiKey:
    """From now on (at most a few seconds later, where keys are cached) the key opens nothing. Revoking
    it again changes nothing.

    :raises NotFound: no such key (of this service, when given).
    """

    work: UnitOfWorkFactory[AccountsWork]
    clock: Clock

    def __call__(self, key_id: ApiKeyId, service_id: ServiceId | None = None, *, actor: Actor = OPERATOR) -> ApiKey:
        with self.work() as work:
            key, now = _key_for_change(work, key_id, service_id), self.clock.now()
            if key.revoked_at is not None:
                return key
            revoked = replace(key, revoked_at=now)
            work.api_keys.put(revoked)
            note(work, actor, "api key revoked", key.id, now)
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


def _key_for_change(work: AccountsWork, key_id: ApiKeyId, service_id: ServiceId | None) -> ApiKey:
    key = work.api_keys.get(key_id)
    if service_id not in {None, key.service_id}:
        raise NotFound(f"service {service_id} has no API key {key_id}")
    work.services.get_for_change(key.service_id)
    # Read again: whoever held the service until now, such as provisioning, may have changed the key.
    return work.api_keys.get(key_id)
