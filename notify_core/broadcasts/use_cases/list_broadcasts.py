"""The latest broadcasts of all services, and which of them need an operator."""

from collections.abc import Sequence
from dataclasses import dataclass

from notify_core.broadcasts.model import BroadcastMessage
from notify_core.broadcasts.ports import BroadcastsWork, Networks
from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.known import Known, NetworksNow, Reader
from notify_core.broadcasts.use_cases.network_states import STUCK, NetworkStates, Where
from notify_core.kernel.ids import BroadcastMessageId, ServiceId
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class ListedBroadcast:
    """``targets`` counts every event at every network that it is for; ``acknowledged`` and ``blocked`` are how
    many of these a network has, and how many wait for an operator."""

    message: BroadcastMessage
    acknowledged: int
    targets: int
    blocked: int


@dataclass(frozen=True)
class ListBroadcasts:
    """Newest first, from behind ``older_than``; empty when that message is unknown (or another service's)."""

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    ledger: TaskLedger
    networks: Networks

    def __call__(
        self,
        *,
        status: MessageStatus | None = None,
        service_id: ServiceId | None = None,
        older_than: BroadcastMessageId | None = None,
        limit: int = 50,
    ) -> Sequence[ListedBroadcast]:
        with self.work(read_only=True) as work:
            messages = work.broadcast_messages.recent(
                status=status, service_id=service_id, older_than=older_than, limit=limit
            )
        known, left = Reader(self.work, self.ledger).several(messages)
        networks = NetworksNow.of(self.networks, [event for one in known for event in one.events])
        now = self.clock.now()
        return [_listed(one, NetworkStates(one, left, networks, now)) for one in known]


def _listed(known: Known, states: NetworkStates) -> ListedBroadcast:
    places = [state.where for event in known.events for state in states.of(event)]
    return ListedBroadcast(
        known.message,
        acknowledged=places.count(Where.ACKNOWLEDGED),
        targets=len(places),
        blocked=sum(place in STUCK for place in places),
    )
