"""Trying again what may not, or could not, be sent, with what an operator takes for true.

Source: broadcasts.md, section 4, row 5; ADR 7 says what happens where a worker and an operator meet.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from notify_core.broadcasts.model import Assumption, BroadcastEvent
from notify_core.broadcasts.policies.sequencing import BroadcastIntegrityError, verdict_on
from notify_core.broadcasts.ports import BroadcastsWork, Networks
from notify_core.broadcasts.tasks import SendBroadcastProviderMessage
from notify_core.broadcasts.use_cases.assuming import Assuming
from notify_core.broadcasts.use_cases.auditing import note
from notify_core.broadcasts.use_cases.known import Known, NetworksNow, WorkLeft, known_of
from notify_core.broadcasts.use_cases.network_states import NetworkStates, Where
from notify_core.broadcasts.use_cases.network_words import words_on
from notify_core.broadcasts.use_cases.views import Json, remedy_line
from notify_core.kernel.errors import AlreadyExists, Conflict, NotAllowed, NotFound
from notify_core.kernel.ids import BroadcastEventId
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.random_source import RandomSource
from notify_core.ports.task_ledger import TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory

# Elsewhere it is under way or over, and a replay would change nothing.
_WORTH_A_TRY = frozenset({Where.BLOCKED, Where.NO_WORK_LEFT, Where.NOTHING_TO_CANCEL})


@dataclass(frozen=True, slots=True)
class Replayed:
    """``event`` is due again at ``provider``; of the earlier events ``settled`` what ``assume`` says is taken
    for true from now on."""

    event: BroadcastEvent
    provider: str
    assume: Assumption | None
    settled: tuple[BroadcastEvent, ...]


def replayed_view(replayed: Replayed) -> Json:
    return {
        "broadcast_event_id": str(replayed.event.id),
        "message_type": replayed.event.type.value,
        "provider": replayed.provider,
        "assumed": [
            {"broadcast_event_id": str(one.id), "message_type": one.type.value, "assumed": f"{replayed.assume}"}
            for one in replayed.settled
        ],
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    event: BroadcastEvent
    provider: str
    assume: Assumption | None
    where: str

    def told(self, settled: tuple[BroadcastEvent, ...]) -> Iterator[str]:
        """The lines for the audit log."""
        for earlier in settled:
            yield f"{earlier.type} {earlier.id} at {self.provider} taken for {self.assume}"
        yield f"{self.event.type} {self.event.id} replayed to {self.provider}"


@dataclass(frozen=True)
class ReplayBroadcast:
    """The same checks as before every try; where they would refuse it again nothing is changed, and the reason
    names what to do. ``assume`` is said of all the earlier events that are in its way at this network.

    :raises NotFound: no such event, or no such network.
    :raises NotAllowed: it is under way, over, or still may not go out; or that cannot be assumed.
    :raises Conflict: a worker or another operator was first.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    random: RandomSource
    metrics: Metrics
    ledger: TaskLedger
    networks: Networks

    def __call__(
        self, event_id: BroadcastEventId, provider: str, assume: Assumption | None = None, *, where: str = "cli"
    ) -> Replayed:
        self.networks.profile(provider)
        with self.work(read_only=True) as work:
            event = work.broadcast_events.get(event_id)
            events = work.broadcast_events.of_message(event.broadcast_message_id)
        if provider not in event.providers:
            raise NotAllowed(f"the {event.type} {event.id} is not for {provider} but for {', '.join(event.providers)}")
        left, networks = WorkLeft.of(self.ledger, events), NetworksNow.of(self.networks, events)
        try:
            settled = self._decide(_Asked(event, provider, assume, where), left, networks)
        except (AlreadyExists, Conflict) as error:
            raise _somebody_was_first(event) from error
        for _ in settled:
            self.metrics.count(f"broadcast.{provider}.assumed-{assume}")
        self._make_due(event, provider, left)
        return Replayed(event, provider, assume, settled)

    def _decide(self, asked: _Asked, left: WorkLeft, networks: NetworksNow) -> tuple[BroadcastEvent, ...]:
        """Check, and keep what is assumed; where no row is left, one is written."""
        event, provider = asked.event, asked.provider
        now = self.clock.now()
        with self.work() as work:
            states = NetworkStates(_read(work, event), left, networks, now)
            _check_worth_a_try(states, event, provider)
            settled: tuple[BroadcastEvent, ...] = ()
            if asked.assume is not None:
                settled = Assuming(work, self.random, states.situation(event, provider), asked.assume)()
                states = NetworkStates(_read(work, event), left, networks, now)
            _check_may_go(states, event, provider)
            for what in asked.told(settled):
                note(work, what, about=event.broadcast_message_id, who="operator", at=now, where=asked.where)
            if left.of_network(event, provider) is None:
                work.enqueue(SendBroadcastProviderMessage(event.id, provider), fair=str(event.service_id))
            work.commit()
        return settled

    def _make_due(self, event: BroadcastEvent, provider: str, left: WorkLeft) -> None:
        """A failed row goes on with what it was."""
        row = left.of_network(event, provider)
        if row is None:
            return
        try:
            self.ledger.replay(row.id)
        except (NotFound, AlreadyExists) as error:
            raise _somebody_was_first(event) from error


def _read(work: BroadcastsWork, event: BroadcastEvent) -> Known:
    message = work.broadcast_messages.get(event.broadcast_message_id)
    return known_of(work, message, work.broadcast_events.of_message(message.id))


def _check_worth_a_try(states: NetworkStates, event: BroadcastEvent, provider: str) -> None:
    state = states.at(event, provider)
    no_work = state.where is Where.NOTHING_TO_CANCEL and state.row is None
    if state.where not in _WORTH_A_TRY or no_work:
        raise _refused(states, event, provider)


def _check_may_go(states: NetworkStates, event: BroadcastEvent, provider: str) -> None:
    try:
        verdict_on(states.situation(event, provider))
    except BroadcastIntegrityError as error:
        raise _refused(states, event, provider) from error


def _refused(states: NetworkStates, event: BroadcastEvent, provider: str) -> NotAllowed:
    state = states.at(event, provider)
    words = words_on(state, states.known, states.now)
    said = f"the {event.type} {event.id} at {provider} is not replayed. It is {state.where}: {words}"
    # In one line, so one must see where a command ends.
    lines = (remedy_line(one) for block in state.blocks for one in block.mend)
    mend = " ".join(f"`{line}`" if line.startswith("notify ") else line for line in lines)
    return NotAllowed(f"{said}. What to do: {mend}" if mend else said)


def _somebody_was_first(event: BroadcastEvent) -> Conflict:
    return Conflict(
        f"a worker or another operator was first: look again with notify broadcasts show {event.broadcast_message_id}"
    )
