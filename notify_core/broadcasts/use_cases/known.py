"""Reading everything that is known about messages: what is stored, what work is left, what networks there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from notify_core.accounts.model import Service
from notify_core.broadcasts.model import Attempt, BroadcastEvent, BroadcastMessage, ProviderMessage, Revision
from notify_core.broadcasts.policies.network_view import ENDED_UNHEARD
from notify_core.broadcasts.ports import BroadcastsWork, Networks
from notify_core.broadcasts.tasks import SendBroadcastEvent, SendBroadcastProviderMessage
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import BroadcastMessageId, ProviderMessageId
from notify_core.ports.task_ledger import EntryState, LedgerEntry, TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class WorkLeft:
    """The ledger's rows for some events, by dedupe key."""

    rows: Mapping[str, LedgerEntry]

    @classmethod
    def of(cls, ledger: TaskLedger, events: Sequence[BroadcastEvent]) -> "WorkLeft":
        keys = [SendBroadcastEvent(event.id).dedupe_key() for event in events]
        keys += [_task(event, provider).dedupe_key() for event in events for provider in event.providers]
        found: dict[str, LedgerEntry] = {}
        for entry in ledger.with_dedupe(keys):
            # What is under way tells more than what failed before it.
            if entry.dedupe is not None and (entry.dedupe not in found or entry.state is not EntryState.FAILED):
                found[entry.dedupe] = entry
        return cls(found)

    def for_network(self, event: BroadcastEvent, provider: str) -> LedgerEntry | None:
        """What is left of sending ``event`` to one network: that network's own work, or else the work that
        makes it."""
        return self.of_network(event, provider) or self.rows.get(SendBroadcastEvent(event.id).dedupe_key())

    def of_network(self, event: BroadcastEvent, provider: str) -> LedgerEntry | None:
        return self.rows.get(_task(event, provider).dedupe_key())


def _task(event: BroadcastEvent, provider: str) -> SendBroadcastProviderMessage:
    return SendBroadcastProviderMessage(event.id, provider)


@dataclass(frozen=True, slots=True)
class NetworksNow:
    """``enabled`` are those that alerts go to; ``connected`` says of each network asked for whether anything is
    talked to, None where no such network is known."""

    enabled: Sequence[str]
    connected: Mapping[str, bool | None]

    @classmethod
    def of(cls, networks: Networks, events: Sequence[BroadcastEvent]) -> "NetworksNow":
        names = {provider for event in events for provider in event.providers}
        return cls(networks.enabled(), {name: _is_connected(networks, name) for name in names})


def _is_connected(networks: Networks, name: str) -> bool | None:
    try:
        return networks.is_connected(name)
    except NotFound:
        return None


@dataclass(frozen=True, slots=True)
class Known:
    """One message with all that belongs to it, each in its order. ``attempts`` has the histories that were asked
    for, and always those of copies that ended unheard."""

    message: BroadcastMessage
    service: Service
    events: Sequence[BroadcastEvent]
    copies: Sequence[ProviderMessage]
    attempts: Mapping[ProviderMessageId, Sequence[Attempt]]
    revisions: Sequence[Revision] = field(default=())

    def was_queued(self, event: BroadcastEvent, left: WorkLeft) -> bool:
        """Whether anything shows that ``event`` was ever to go out: work that is left of it, or a network that was
        handed it. What was practice never is."""
        return any(copy.broadcast_event_id == event.id for copy in self.copies) or any(
            left.for_network(event, provider) is not None for provider in event.providers
        )


def known_of(work: BroadcastsWork, message: BroadcastMessage, events: Sequence[BroadcastEvent]) -> Known:
    """With all attempts and revisions. The attempts are read last: a copy that is given up and has an
    acknowledgement shows both."""
    copies = work.provider_messages.of_message(message.id)
    return Known(
        message=message,
        service=work.services.get(message.service_id),
        events=events,
        copies=copies,
        attempts=work.provider_messages.attempts_of([copy.id for copy in copies]),
        revisions=work.broadcast_revisions.of_message(message.id),
    )


@dataclass(frozen=True)
class Reader:
    """Reads in the order in which nothing gets lost between: the events, the work that is left of them, and only
    then the copies. Work that ended in the meantime has left its result in the copies."""

    work: UnitOfWorkFactory[BroadcastsWork]
    ledger: TaskLedger

    def one(self, message: BroadcastMessage) -> tuple[Known, WorkLeft]:
        with self.work(read_only=True) as work:
            events = work.broadcast_events.of_message(message.id)
        left = WorkLeft.of(self.ledger, events)
        with self.work(read_only=True) as work:
            return known_of(work, message, events), left

    def several(self, messages: Sequence[BroadcastMessage]) -> tuple[Sequence[Known], WorkLeft]:
        """One query for each kind of thing, without revisions."""
        ids: list[BroadcastMessageId] = [message.id for message in messages]
        with self.work(read_only=True) as work:
            events = work.broadcast_events.of_messages(ids)
        left = WorkLeft.of(self.ledger, [event for message_id in ids for event in events[message_id]])
        with self.work(read_only=True) as work:
            copies = work.provider_messages.of_messages(ids)
            ended = [copy.id for found in copies.values() for copy in found if copy.status in ENDED_UNHEARD]
            attempts = work.provider_messages.attempts_of(ended)
            services = {
                service_id: work.services.get(service_id) for service_id in {one.service_id for one in messages}
            }
        known = [Known(one, services[one.service_id], events[one.id], copies[one.id], attempts) for one in messages]
        return known, left
