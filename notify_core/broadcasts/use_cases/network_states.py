"""Where each instruction is at each of its networks, and what an operator can do about it.

Nothing here is stored: it is concluded, each time somebody asks, from the copies, from the work that is left in
the ledger, and from what the checks before a try would say now.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notify_core.broadcasts.model import Attempt, BroadcastEvent, ProviderMessage
from notify_core.broadcasts.policies.network_view import Blocker, NetworkView, acknowledged_late
from notify_core.broadcasts.policies.remedies import Advice, Remedy, Replay, order_remedies, own_remedies, with_warning
from notify_core.broadcasts.policies.sequencing import (
    BroadcastIntegrityError,
    Refusal,
    Situation,
    Verdict,
    check_not_over,
    verdict_on,
)
from notify_core.broadcasts.states import ProviderMessageStatus
from notify_core.broadcasts.use_cases.known import Known, NetworksNow, WorkLeft
from notify_core.ports.task_ledger import EntryState, LedgerEntry


class Where(StrEnum):
    """``waiting``: it will be tried by itself; ``blocked`` and ``no-work-left``: an operator has to act."""

    ACKNOWLEDGED = "acknowledged"
    SENDING = "sending"
    WAITING = "waiting"
    BLOCKED = "blocked"
    NO_WORK_LEFT = "no-work-left"
    EXPIRED = "expired"
    GIVEN_UP = "given-up"
    NOTHING_TO_CANCEL = "nothing-to-cancel"
    NOT_QUEUED = "not-queued"
    NOT_CONNECTED = "not-connected"


# Where nothing happens until an operator acts.
STUCK = frozenset({Where.BLOCKED, Where.NO_WORK_LEFT})


@dataclass(frozen=True, slots=True)
class Block:
    """What stands in the way: an earlier event, or (``event`` is the event's own) its own state; with what mends it."""

    event: BroadcastEvent
    status: ProviderMessageStatus | None
    reason: str
    mend: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class NetworkState:
    """``late``: the network acknowledged ``own`` after it had been given up or had expired."""

    provider: str
    where: Where
    own: ProviderMessage | None
    attempts: tuple[Attempt, ...]
    late: bool
    row: LedgerEntry | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class NetworkStates:
    """Concludes the states of one message's events. ``now`` decides what has expired."""

    known: Known
    left: WorkLeft
    networks: NetworksNow
    now: datetime

    def of(self, event: BroadcastEvent) -> tuple[NetworkState, ...]:
        """At each of its targets."""
        return tuple(self.at(event, provider) for provider in event.providers)

    def at(self, event: BroadcastEvent, provider: str) -> NetworkState:
        situation = self.situation(event, provider)
        own, row = situation.own, self.left.for_network(event, provider)
        where, blocks = self._conclusion(situation, row)
        return NetworkState(
            provider=provider,
            where=where,
            own=own,
            attempts=() if own is None else tuple(self.known.attempts.get(own.id, ())),
            late=own is not None and own.id in situation.view.late,
            row=row,
            blocks=blocks,
        )

    def situation(self, event: BroadcastEvent, provider: str) -> Situation:
        late = acknowledged_late(self.known.copies, self.known.attempts)
        return Situation(
            event=event,
            message=self.known.message,
            service=self.known.service,
            view=NetworkView.of(provider, self.known.events, self.known.copies, late),
            enabled=self.networks.enabled,
            now=self.now,
        )

    def _conclusion(self, situation: Situation, row: LedgerEntry | None) -> tuple[Where, tuple[Block, ...]]:
        settled = self._settled(situation)
        if settled is not None:
            return settled, ()
        try:
            check_not_over(situation)
        except BroadcastIntegrityError as error:
            return _over(situation), self._blocks(situation, error)
        if self.networks.connected[situation.view.provider] is None:
            return Where.BLOCKED, (_unknown_network(situation),)
        try:
            verdict = verdict_on(situation)
        except BroadcastIntegrityError as error:
            return Where.BLOCKED if row is None else _PLACES[row.state], self._blocks(situation, error)
        return _allowed(situation, verdict, row)

    def _settled(self, situation: Situation) -> Where | None:
        """Where there is nothing that any check could say."""
        if situation.own is not None and situation.own.status is ProviderMessageStatus.RETURNED_ACK:
            return Where.ACKNOWLEDGED
        if self._is_practice(situation.event):
            return Where.NOT_QUEUED
        return Where.NOT_CONNECTED if self.networks.connected[situation.view.provider] is False else None

    def _is_practice(self, event: BroadcastEvent) -> bool:
        # What follows an instruction that was to go out is none, whatever mode the service was in by then: a network
        # may have something on air, and what comes after it waits for it.
        so_far = (one for one in self.known.events if one.number <= event.number)
        return not any(self.known.was_queued(one, self.left) for one in so_far)

    def _blocks(self, situation: Situation, error: BroadcastIntegrityError) -> tuple[Block, ...]:
        if error.refusal is not Refusal.ORDER:
            return (_own_block(situation, str(error), own_remedies(error.refusal, situation)),)
        blockers = situation.view.blockers(situation.event, situation.now)
        return tuple(self._order_block(situation, blocker) for blocker in blockers)

    def _order_block(self, situation: Situation, blocker: Blocker) -> Block:
        mend = order_remedies(
            blocker,
            self.left.for_network(blocker.event, situation.view.provider),
            situation,
            is_practice=self._is_practice(blocker.event),
        )
        return Block(blocker.event, blocker.status, str(blocker), mend)


def _over(situation: Situation) -> Where:
    given_up = situation.own is not None and situation.own.status is ProviderMessageStatus.RETURNED_ERROR
    return Where.GIVEN_UP if given_up else Where.EXPIRED


def _allowed(situation: Situation, verdict: Verdict, row: LedgerEntry | None) -> tuple[Where, tuple[Block, ...]]:
    replay = Replay(situation.event.id, situation.view.provider)
    if row is not None and row.state is not EntryState.FAILED:
        return _PLACES[row.state], ()
    if verdict is Verdict.NOTHING_TO_CANCEL:
        return Where.NOTHING_TO_CANCEL, ()
    if row is None:
        return Where.NO_WORK_LEFT, (_own_block(situation, "no work is left that would send it", (replay,)),)
    return Where.BLOCKED, (_own_block(situation, _failure(row), (replay,)),)


_PLACES = {
    EntryState.DUE: Where.WAITING,
    EntryState.PUBLISHED: Where.SENDING,
    EntryState.CLAIMED: Where.SENDING,
    EntryState.FAILED: Where.BLOCKED,
}


def _failure(row: LedgerEntry) -> str:
    """Why it failed, where no check would refuse it any more."""
    if row.reason is None or row.reason.startswith(BroadcastIntegrityError.__name__):
        return "what stood in its way is gone"
    return f"it failed: {row.reason}"


def _unknown_network(situation: Situation) -> Block:
    provider = situation.view.provider
    return _own_block(
        situation,
        f"no network called {provider} is installed here",
        (
            Advice(f"install the package that brings {provider} and restart the workers, then:"),
            Replay(situation.event.id, provider),
        ),
    )


def _own_block(situation: Situation, reason: str, mend: tuple[Remedy, ...]) -> Block:
    status = None if situation.own is None else situation.own.status
    return Block(situation.event, status, reason, with_warning(mend, situation))
