"""Where a service wants to be told what became of its messages."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from notify_core.accounts.model import Callback, CallbackType
from notify_core.accounts.policies import check_callback, check_webhook_secret
from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.use_cases.acting import Acting, Actor, ChangesService
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import CallbackId, ServiceId
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class WantedCallback:
    """Without a ``secret`` the former one stays, or one is made."""

    type: CallbackType
    url: str
    bearer_token: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class SetCallbackResult:
    """``issued``: its secret was made here, and is to be shown to its owner once."""

    callback: Callback
    issued: bool


@dataclass(frozen=True)
class SetCallback(ChangesService):
    """The one callback of its type.

    :raises NotFound: no such service.
    :raises InvalidValue: the address, the token or the secret is not what it must be.
    """

    allow_private_addresses: bool = False

    def __call__(self, service_id: ServiceId, wanted: WantedCallback, actor: Actor) -> SetCallbackResult:
        with self.changing(service_id, actor) as acting:
            return store_callback(acting, service_id, wanted, allow_private_addresses=self.allow_private_addresses)


@dataclass(frozen=True)
class RemoveCallback(ChangesService):
    """The service is told no more, also of what happened already and was not delivered.

    :raises NotFound: no such service, or it has no such callback.
    """

    def __call__(self, service_id: ServiceId, kind: CallbackType, actor: Actor) -> None:
        with self.changing(service_id, actor) as acting:
            callback = acting.work.callbacks.find(service_id, kind)
            if callback is None:
                raise NotFound(f"service {service_id} has no {kind} callback")
            acting.work.callbacks.remove(service_id, kind)
            acting.changed(f"{kind} callback removed", callback.id)


@dataclass(frozen=True)
class ListCallbacks:
    """By type.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[AccountsWork]

    def __call__(self, service_id: ServiceId) -> Sequence[Callback]:
        with self.work(read_only=True) as work:
            return work.callbacks.of_service(work.services.get(service_id).id)


def store_callback(
    acting: Acting, service_id: ServiceId, wanted: WantedCallback, *, allow_private_addresses: bool
) -> SetCallbackResult:
    """Store what is ``wanted``, where it is not so.

    :raises InvalidValue: the address, the token or the secret is not what it must be.
    """
    check_callback(wanted.url, wanted.bearer_token, allow_private_addresses=allow_private_addresses)
    if wanted.secret is not None:
        check_webhook_secret(wanted.secret)
    before = acting.work.callbacks.find(service_id, wanted.type)
    issued = wanted.secret is None and before is None
    callback = Callback(
        id=before.id if before else CallbackId(acting.random.uuid()),
        service_id=service_id,
        type=wanted.type,
        url=wanted.url,
        bearer_token=wanted.bearer_token,
        secret=wanted.secret or (before.secret if before else _new_secret(acting.random)),
    )
    if callback != before:
        acting.work.callbacks.put(callback)
        acting.changed(f"{wanted.type} callback stored", callback.id)
    return SetCallbackResult(callback, issued)


def _new_secret(random: RandomSource) -> str:
    """As Standard Webhooks writes them; two UUIDs hold 244 random bits."""
    return "whsec_" + base64.b64encode(random.uuid().bytes + random.uuid().bytes).decode()
