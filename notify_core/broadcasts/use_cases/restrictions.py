"""Services whose alerts nobody could approve: they are restricted to a network that none may go to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notify_core.accounts.model import Permission
from notify_core.broadcasts.ports import BroadcastsWork, Networks
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Misdirected:
    """``known``: there is such a network, but it is not enabled."""

    service_id: ServiceId
    network: str
    known: bool


@dataclass(frozen=True)
class FindMisdirected:
    """Those services, by name. A provisioning file may name any network: who reads it knows none."""

    work: UnitOfWorkFactory[BroadcastsWork]
    networks: Networks

    def __call__(self) -> Sequence[Misdirected]:
        enabled = self.networks.enabled()
        return [
            Misdirected(service_id, network, known=self._is_known(network))
            for service_id, network in self._restrictions()
            if network not in enabled
        ]

    def _restrictions(self) -> Iterator[tuple[ServiceId, str]]:
        with self.work(read_only=True) as work:
            for service in work.services.all():
                if Permission.BROADCAST in service.permissions:
                    settings = work.settings.broadcast(service.id)
                    if settings is not None and settings.provider is not None:
                        yield service.id, settings.provider

    def _is_known(self, network: str) -> bool:
        try:
            self.networks.profile(network)
        except NotFound:
            return False
        return True
