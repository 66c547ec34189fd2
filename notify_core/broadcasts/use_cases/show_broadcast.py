"""Everything about one broadcast, for operators and for whoever wrote it."""

from dataclasses import dataclass
from datetime import datetime

from notify_core.broadcasts.model import BroadcastEvent
from notify_core.broadcasts.ports import BroadcastsWork, Networks
from notify_core.broadcasts.use_cases.known import Known, NetworksNow, Reader
from notify_core.broadcasts.use_cases.network_states import NetworkState, NetworkStates
from notify_core.broadcasts.use_cases.views import Json, event_view, message_view, revision_view
from notify_core.kernel.ids import BroadcastMessageId, ServiceId
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to see of one message at the moment ``at``: for each event where it is at each target."""

    known: Known
    events: tuple[tuple[BroadcastEvent, tuple[NetworkState, ...]], ...]
    at: datetime


@dataclass(frozen=True)
class LookAtBroadcast:
    """The message, its revisions and events, each network's copy with every try, and where each is.

    :raises NotFound: no such message (of this service, when given).
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    ledger: TaskLedger
    networks: Networks

    def __call__(self, message_id: BroadcastMessageId, service_id: ServiceId | None = None) -> Sight:
        with self.work(read_only=True) as work:
            message = work.broadcast_messages.get(message_id, service_id)
        known, left = Reader(self.work, self.ledger).one(message)
        now = self.clock.now()
        states = NetworkStates(known, left, NetworksNow.of(self.networks, known.events), now)
        return Sight(known, tuple((event, states.of(event)) for event in known.events), now)


@dataclass(frozen=True)
class ShowBroadcast:
    """What :class:`LookAtBroadcast` sees, as JSON values.

    :raises NotFound: no such message (of this service, when given).
    """

    look: LookAtBroadcast

    def __call__(self, message_id: BroadcastMessageId, service_id: ServiceId | None = None) -> Json:
        sight = self.look(message_id, service_id)
        known = sight.known
        return {
            "message": message_view(known.message),
            "revisions": [revision_view(one) for one in known.revisions],
            "events": [event_view(event, known.copies, known.attempts, states) for event, states in sight.events],
        }
