"""Making a service one that broadcasts, and deciding how it does. Source: broadcasts.md, section 8."""

from dataclasses import dataclass, replace
from datetime import datetime

from notify_core.accounts.model import BroadcastChannel, BroadcastMode, BroadcastSettings, Permission, Service
from notify_core.accounts.use_cases.authenticate import ADMIN_ISSUER
from notify_core.broadcasts.ports import BroadcastsWork, Networks
from notify_core.broadcasts.use_cases.auditing import note
from notify_core.kernel.errors import InvalidValue, NotFound
from notify_core.kernel.ids import ServiceId
from notify_core.ports.clock import Clock
from notify_core.ports.unit_of_work import UnitOfWorkFactory

# What a service that broadcasts may keep of its former permissions.
KEPT = frozenset({Permission.EMAIL_AUTH})


@dataclass(frozen=True, slots=True)
class BroadcastServiceSettings:
    """What a service is to be. ``provider``: the one network it is restricted to; None: all enabled ones.
    ``where``: the way in, for the audit log."""

    service_id: ServiceId
    channel: BroadcastChannel
    mode: BroadcastMode
    provider: str | None
    where: str = "http"


@dataclass(frozen=True)
class SetBroadcastService:
    """The service as it is now. Its other permissions are taken away, its settings replaced, all or nothing.

    A network that is known and not enabled may be named: approvals are refused until it is.

    :raises NotFound: no such service.
    :raises InvalidValue: no such network; the message names the known ones.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    networks: Networks

    def __call__(self, wanted: BroadcastServiceSettings) -> Service:
        if wanted.provider is not None:
            self._check_known(wanted.provider)
        with self.work() as work:
            now = self.clock.now()
            service = _broadcasting(work.services.get_for_change(wanted.service_id), wanted.mode, now)
            work.services.put(service)
            work.settings.put_broadcast(BroadcastSettings(service.id, wanted.channel, wanted.provider))
            what = f"set as broadcast service: {wanted.channel}, {wanted.mode}, {wanted.provider or 'all networks'}"
            note(work, what, about=service.id, who=ADMIN_ISSUER, at=now, where=wanted.where)
            work.commit()
        return service

    def _check_known(self, network: str) -> None:
        try:
            self.networks.profile(network)
        except NotFound as error:
            raise InvalidValue(f"provider_restriction: {error}") from error


def _broadcasting(service: Service, mode: BroadcastMode, now: datetime) -> Service:
    return replace(
        service,
        permissions=service.permissions & KEPT | {Permission.BROADCAST},
        count_as_live=False,
        restricted=mode is BroadcastMode.TRAINING,
        go_live_at=_live_since(service, now) if mode is BroadcastMode.LIVE else None,
    )


def _live_since(service: Service, now: datetime) -> datetime:
    """Now, unless it has been live already."""
    return now if service.restricted or service.go_live_at is None else service.go_live_at
