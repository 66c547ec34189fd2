"""Where an instruction is at a network, in a line for people. Times are UTC."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from notify_core.broadcasts.model import Attempt, AttemptOutcome, Route
from notify_core.broadcasts.use_cases.known import Known
from notify_core.broadcasts.use_cases.network_states import NetworkState, Where
from notify_core.ports.task_ledger import EntryState, LedgerEntry


def words_on(state: NetworkState, known: Known, now: datetime) -> str:
    """Such as ``next try at 2026-01-05 12:04:16; tried 9 times, last: time-out``."""
    parts = [_where(state, known, now), *_tries(state), *_afterwards(state)]
    return "; ".join(part for part in parts if part)


def clock_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


_PLAIN = {
    Where.GIVEN_UP: "an operator has given it up",
    Where.NOTHING_TO_CANCEL: "the network never had anything that could be cancelled",
    Where.NOT_CONNECTED: "this platform is connected to no network: nothing is sent",
}


def _where(state: NetworkState, known: Known, now: datetime) -> str:
    match state.where:
        case Where.ACKNOWLEDGED:
            return _acknowledgement(state.attempts)
        case Where.SENDING | Where.WAITING:
            return "" if state.row is None else _work(state.row, now)
        case Where.EXPIRED:
            return "it has expired" if state.own is not None else "it expired before it was ever handed over"
        case Where.NOT_QUEUED:
            return _practice(known)
        case _:
            return _PLAIN.get(state.where) or "; ".join(block.reason for block in state.blocks)


def _acknowledgement(attempts: Sequence[Attempt]) -> str:
    acknowledged = [one for one in attempts if one.outcome is AttemptOutcome.ACKNOWLEDGED]
    return f"on route {acknowledged[-1].route} at {clock_time(acknowledged[-1].at)}" if acknowledged else ""


def _work(row: LedgerEntry, now: datetime) -> str:
    match row.state:
        case EntryState.DUE if row.due_at > now:
            return f"next try at {clock_time(row.due_at)}"
        case EntryState.CLAIMED if row.leased_until is not None and row.leased_until > now:
            return f"{row.worker} is at it; no other worker gets it before {clock_time(row.leased_until)}"
        case EntryState.CLAIMED:
            return f"{row.worker} has died or hangs; another worker gets it now"
        case EntryState.PUBLISHED:
            return "it lies in its queue: no worker has taken it yet"
        case _:
            return f"due since {clock_time(row.due_at)}; it waits for its turn at this network"


def _practice(known: Known) -> str:
    if known.message.stubbed is not None:
        return f"practice: the message is stubbed ({known.message.stubbed})"
    if known.service.restricted:
        return "practice: the service is in training mode"
    return "it was never queued, or its work was purged before any network had it: to tell people, write a new alert"


def _tries(state: NetworkState) -> Sequence[str]:
    tries = sum(one.outcome is AttemptOutcome.STARTED and one.route is Route.FIRST for one in state.attempts)
    if not tries or (state.where is Where.ACKNOWLEDGED and tries == 1):
        return ()
    said = [f"tried {'once' if tries == 1 else f'{tries} times'}"]
    failures = [one for one in state.attempts if one.outcome is AttemptOutcome.FAILED]
    if failures and state.where is not Where.ACKNOWLEDGED:
        said.append(f"last failure: {failures[-1].detail}")
    if ends := _without_end(state):
        said.append(f"{ends} of them without an end: a worker died in the middle of it")
    return (", ".join(said),)


def _without_end(state: NetworkState) -> int:
    started = AttemptOutcome.STARTED
    died = sum(one.outcome is started and following.outcome is started for one, following in pairwise(state.attempts))
    in_the_air = state.where is Where.SENDING
    return died + (state.attempts[-1].outcome is started and not in_the_air)


def _afterwards(state: NetworkState) -> Sequence[str]:
    said = []
    if state.own is not None and state.own.assumed is not None:
        said.append(f"an operator takes it for {state.own.assumed}")
    if state.late:
        said.append(f"acknowledged after it was given up, {_acknowledgement(state.attempts)}")
    return said
