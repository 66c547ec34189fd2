"""Services themselves. What is left out of ``given`` (fields of a service, by name) stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from notify_core.accounts.model import Service
from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.use_cases.acting import Acting, Actor, ChangesService, note
from notify_core.kernel.errors import AlreadyExists
from notify_core.kernel.ids import ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class CreateService(ChangesService):
    """A new service; ``given`` has its name at least. Whoever gives an id may ask again when no answer came.

    :raises AlreadyExists: there is a service with this id.
    """

    def __call__(self, given: Mapping[str, Any], actor: Actor, service_id: ServiceId | None = None) -> Service:
        now = self.clock.now()
        new = Service(service_id or ServiceId(self.random.uuid()), given["name"], now)
        service = service_after(new, given, now)
        with self.work() as work:
            work.services.add(service)
            note(work, actor, "service created", service.id, now)
            _commit(work, service)
        return service


@dataclass(frozen=True)
class ChangeService(ChangesService):
    """The service as it is now.

    :raises NotFound: no such service.
    """

    def __call__(self, service_id: ServiceId, given: Mapping[str, Any], actor: Actor) -> Service:
        with self.changing(service_id, actor) as acting:
            before = acting.work.services.get_for_change(service_id)
            service = service_after(before, given, acting.now)
            store_service(acting, before, service)
        return service


@dataclass(frozen=True)
class GetService:
    """:raises NotFound: no such service."""

    work: UnitOfWorkFactory[AccountsWork]

    def __call__(self, service_id: ServiceId) -> Service:
        with self.work(read_only=True) as work:
            return work.services.get(service_id)


@dataclass(frozen=True)
class ListServices:
    """Every service, by name."""

    work: UnitOfWorkFactory[AccountsWork]

    def __call__(self) -> Sequence[Service]:
        with self.work(read_only=True) as work:
            return work.services.all()


def service_after(before: Service, given: Mapping[str, Any], now: datetime) -> Service:
    """``before`` with the fields that are ``given``. The moment it first leaves trial mode is kept."""
    service = replace(before, **given)
    if service.restricted or service.go_live_at is not None:
        return service
    return replace(service, go_live_at=now)


def store_service(acting: Acting, before: Service | None, service: Service) -> None:
    """Store what ``before`` became, where it is another."""
    if service != before:
        acting.work.services.put(service)
        acting.changed(_what(before, service), service.id)


def _commit(work: AccountsWork, service: Service) -> None:
    try:
        work.commit()
    except AlreadyExists:
        raise AlreadyExists(f"service {service.id} exists already") from None


def _what(before: Service | None, service: Service) -> str:
    if before is None:
        return "service created"
    if before.active is not service.active:
        return "service restored" if service.active else "service archived"
    return "service changed"
