"""Reading broadcast messages."""

from collections.abc import Sequence
from dataclasses import dataclass

from notify_core.broadcasts.model import BroadcastMessage
from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.kernel.ids import BroadcastMessageId, ServiceId
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class ReadBroadcastMessage:
    """One message.

    :raises NotFound: the service has no such message.
    """

    work: UnitOfWorkFactory[BroadcastsWork]

    def __call__(self, service_id: ServiceId, message_id: BroadcastMessageId) -> BroadcastMessage:
        with self.work(read_only=True) as work:
            return work.broadcast_messages.get(message_id, service_id)


@dataclass(frozen=True)
class ListBroadcastMessages:
    """A page of a service's messages, newest first, from behind ``older_than``.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[BroadcastsWork]

    def __call__(
        self, service_id: ServiceId, older_than: BroadcastMessageId | None = None, limit: int = 250
    ) -> Sequence[BroadcastMessage]:
        with self.work(read_only=True) as work:
            service = work.services.get(service_id)
            return work.broadcast_messages.page(service.id, older_than, limit)
