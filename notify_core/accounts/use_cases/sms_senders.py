"""What a service's texts are sent as. Messages keep their own sender, so removing one changes none of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from notify_core.accounts.model import SmsSender
from notify_core.accounts.policies import check_sms_sender
from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.use_cases.acting import Acting, Actor, ChangesService
from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.kernel.ids import ServiceId, SmsSenderId
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class AddSmsSender(ChangesService):
    """A new sender; ``given`` are its fields, by name. A default one ends the default of the others.

    :raises NotFound: no such service.
    :raises InvalidValue: no phone shows that.
    """

    def __call__(self, service_id: ServiceId, given: Mapping[str, Any], actor: Actor) -> SmsSender:
        with self.changing(service_id, actor) as acting:
            sender = SmsSender(id=SmsSenderId(self.random.uuid()), service_id=service_id, **given)
            store_sms_sender(acting, None, sender)
            return sender


@dataclass(frozen=True)
class ChangeSmsSender(ChangesService):
    """A sender with other fields, or made the default.

    :raises NotFound: no such service, or it has no such sender.
    :raises InvalidValue: no phone shows that.
    """

    def __call__(
        self, service_id: ServiceId, sender_id: SmsSenderId, given: Mapping[str, Any], actor: Actor
    ) -> SmsSender:
        with self.changing(service_id, actor) as acting:
            before = acting.work.senders.sms_sender(service_id, sender_id)
            sender = replace(before, **given)
            store_sms_sender(acting, before, sender)
            return sender


@dataclass(frozen=True)
class RemoveSmsSender(ChangesService):
    """:raises NotFound: no such service, or it has no such sender.
    :raises NotAllowed: others are there and this is the default, or it receives texts."""

    def __call__(self, service_id: ServiceId, sender_id: SmsSenderId, actor: Actor) -> None:
        with self.changing(service_id, actor) as acting:
            senders = acting.work.senders
            sender = senders.sms_sender(service_id, sender_id)
            if sender.inbound:
                raise NotAllowed("You cannot delete an inbound number")
            if sender.is_default and len(senders.sms_senders(service_id)) > 1:
                raise NotAllowed("You cannot delete a default sms sender")
            senders.remove_sms_sender(service_id, sender_id)
            acting.changed("sms sender removed", sender_id)


@dataclass(frozen=True)
class ListSmsSenders:
    """The default one first.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[AccountsWork]

    def __call__(self, service_id: ServiceId) -> Sequence[SmsSender]:
        with self.work(read_only=True) as work:
            return work.senders.sms_senders(work.services.get(service_id).id)


def store_sms_sender(acting: Acting, before: SmsSender | None, sender: SmsSender) -> None:
    """Store what ``before`` became, where it is another.

    :raises InvalidValue: no phone shows that.
    """
    if sender == before:
        return
    try:
        check_sms_sender(sender.sms_sender)
    except InvalidValue as error:
        raise InvalidValue(f"sms_sender {error}") from None
    acting.work.senders.put_sms_sender(sender)
    acting.changed("sms sender stored", sender.id)
