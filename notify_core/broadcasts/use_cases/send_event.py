"""One instruction becomes one task a network."""

from dataclasses import dataclass

from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.broadcasts.tasks import SendBroadcastEvent, SendBroadcastProviderMessage
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class SendBroadcastEventToNetworks:
    """The task ``send-broadcast-event``.

    :raises NotFound: no such event.
    """

    work: UnitOfWorkFactory[BroadcastsWork]

    def __call__(self, task: SendBroadcastEvent, claim: Claim) -> None:
        with self.work() as work:
            event = work.broadcast_events.get(task.broadcast_event_id)
            for provider in event.providers:
                work.enqueue(SendBroadcastProviderMessage(event.id, provider), fair=str(event.service_id))
            work.finish(claim)
            work.commit()
