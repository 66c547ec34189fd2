"""Whom a service in trial mode may write to besides its team."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from notify_core.accounts.policies import guest_of
from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.use_cases.acting import Actor, ChangesService
from notify_core.kernel.ids import ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class ReplaceGuestList(ChangesService):
    """These recipients are on the list, and nobody else; returns them in the form that recipients are compared in.

    :raises NotFound: no such service.
    :raises InvalidValue: one is neither an email address nor a mobile number.
    :raises NotAllowed: one is a number that this installation cannot tell.
    """

    def __call__(self, service_id: ServiceId, recipients: Collection[str], actor: Actor) -> Sequence[str]:
        guests = sorted({guest_of(recipient) for recipient in recipients})
        with self.changing(service_id, actor) as acting:
            if list(acting.work.guest_list.of_service(service_id)) != guests:
                acting.work.guest_list.replace(service_id, guests)
                acting.changed(f"guest list of {len(guests)} stored for", service_id)
        return guests


@dataclass(frozen=True)
class ReadGuestList:
    """:raises NotFound: no such service."""

    work: UnitOfWorkFactory[AccountsWork]

    def __call__(self, service_id: ServiceId) -> Sequence[str]:
        with self.work(read_only=True) as work:
            return work.guest_list.of_service(work.services.get(service_id).id)
