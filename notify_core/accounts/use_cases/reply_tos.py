"""Where replies to a service's emails go. Messages keep their own, so removing one changes none of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from notify_core.accounts.model import ReplyTo
from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.use_cases.acting import Acting, Actor, ChangesService
from notify_core.kernel.errors import NotAllowed
from notify_core.kernel.ids import ReplyToId, ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class AddReplyTo(ChangesService):
    """A new address; ``given`` are its fields, by name. A default one ends the default of the others.

    :raises NotFound: no such service.
    """

    def __call__(self, service_id: ServiceId, given: Mapping[str, Any], actor: Actor) -> ReplyTo:
        with self.changing(service_id, actor) as acting:
            reply_to = ReplyTo(id=ReplyToId(self.random.uuid()), service_id=service_id, **given)
            store_reply_to(acting, None, reply_to)
            return reply_to


@dataclass(frozen=True)
class ChangeReplyTo(ChangesService):
    """An address with other fields, or made the default.

    :raises NotFound: no such service, or it has no such address.
    """

    def __call__(
        self, service_id: ServiceId, reply_to_id: ReplyToId, given: Mapping[str, Any], actor: Actor
    ) -> ReplyTo:
        with self.changing(service_id, actor) as acting:
            before = acting.work.senders.reply_to(service_id, reply_to_id)
            reply_to = replace(before, **given)
            store_reply_to(acting, before, reply_to)
            return reply_to


@dataclass(frozen=True)
class RemoveReplyTo(ChangesService):
    """:raises NotFound: no such service, or it has no such address.
    :raises NotAllowed: others are there, and this is the default."""

    def __call__(self, service_id: ServiceId, reply_to_id: ReplyToId, actor: Actor) -> None:
        with self.changing(service_id, actor) as acting:
            senders = acting.work.senders
            reply_to = senders.reply_to(service_id, reply_to_id)
            if reply_to.is_default and len(senders.reply_tos(service_id)) > 1:
                raise NotAllowed("You cannot delete a default email reply to address if other reply to addresses exist")
            senders.remove_reply_to(service_id, reply_to_id)
            acting.changed("reply-to address removed", reply_to_id)


@dataclass(frozen=True)
class ListReplyTos:
    """The default one first.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[AccountsWork]

    def __call__(self, service_id: ServiceId) -> Sequence[ReplyTo]:
        with self.work(read_only=True) as work:
            return work.senders.reply_tos(work.services.get(service_id).id)


def store_reply_to(acting: Acting, before: ReplyTo | None, reply_to: ReplyTo) -> None:
    """Store what ``before`` became, where it is another."""
    if reply_to != before:
        acting.work.senders.put_reply_to(reply_to)
        acting.changed("reply-to address stored", reply_to.id)
