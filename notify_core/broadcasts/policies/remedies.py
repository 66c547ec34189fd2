"""What an operator can do about an instruction that does not go out: each refusal has its remedies.

Source: broadcasts.md, section 4. Remedies come in the order in which they are done.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from notify_core.broadcasts.model import Assumption, BroadcastEvent, EventType
from notify_core.broadcasts.policies.network_view import Blocker
from notify_core.broadcasts.policies.sequencing import Refusal, Situation
from notify_core.broadcasts.states import ProviderMessageStatus
from notify_core.kernel.ids import BroadcastEventId
from notify_core.ports.task_ledger import EntryState, LedgerEntry


@dataclass(frozen=True, slots=True)
class Replay:
    """The event is to be replayed at this network, perhaps with what is to be taken for true."""

    event_id: BroadcastEventId
    provider: str
    assume: Assumption | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """What no command of ours can do, in a sentence."""

    text: str


Remedy = Replay | Advice

_NEW_ALERT = "nothing can be sent under this identifier any more: if people must still be told, write a new alert"
_EXPIRED = "nothing to do: it has expired. If people must still be told, write a new alert"
_OWN: dict[Refusal, str] = {
    Refusal.SUSPENDED: "make the service active again (active = true in its provisioning file), then:",
    Refusal.TRAINING: "put the service back into live mode (mode = 'live' in its provisioning file), then:",
    Refusal.DISABLED: "name {provider} in NOTIFY_CBC_ENABLED again and restart the workers, then:",
}
_FINAL: dict[Refusal, str] = {
    Refusal.STUBBED: "nothing to do: what is stubbed never goes out. If people must be told, write a new alert",
    Refusal.EXPIRED: _EXPIRED,
}


def with_warning(mend: tuple[Remedy, ...], situation: Situation) -> tuple[Remedy, ...]:
    """What has been cancelled can be sent all the same, and seldom should."""
    cancelled = any(
        later.type is EventType.CANCEL and later.number > situation.event.number for later in situation.view.events
    )
    if cancelled and any(isinstance(one, Replay) for one in mend):
        return Advice(
            f"it has been cancelled since: rather see to the cancellation at {situation.view.provider}. Or:"
        ), *mend
    return mend


def own_remedies(refusal: Refusal, situation: Situation) -> tuple[Remedy, ...]:
    """For a refusal that lies in the event, its service or its network, not in what came before."""
    event, provider = situation.event, situation.view.provider
    if refusal in _OWN:
        return Advice(_OWN[refusal].format(provider=provider)), Replay(event.id, provider)
    if refusal in _FINAL:
        return (Advice(_FINAL[refusal]),)
    return (Advice(_ended(situation)),)


def _ended(situation: Situation) -> str:
    own = situation.own
    if own is not None and own.id in situation.view.late:
        return f"nothing to send: {situation.view.provider} has it, whatever was taken for true meanwhile"
    if own is not None and own.status is ProviderMessageStatus.TECHNICAL_FAILURE:
        return _EXPIRED
    return _NEW_ALERT


def order_remedies(
    blocker: Blocker, row: LedgerEntry | None, situation: Situation, *, is_practice: bool
) -> tuple[Remedy, ...]:
    """For an earlier event that must be settled first; ``row`` is its own work at this network, if any is left.
    What ``is_practice`` is never replayed."""
    event, provider = situation.event, situation.view.provider
    this = Replay(event.id, provider)
    if blocker.late:
        return (
            Advice(f"{provider} acknowledged the {blocker.event.type} after it was given up, so people have it:"),
            Replay(event.id, provider, Assumption.SENT),
        )
    if is_practice:
        return (
            Advice(f"the {blocker.event.type} was only practice, and never goes out. To go on without it:"),
            Replay(event.id, provider, Assumption.NOT_SENT),
        )
    if blocker.copy is None:
        return (*_withdrawal(blocker, event, provider), *_first(blocker, row, provider), this)
    decision = _decision(blocker.event, event, provider)
    if blocker.copy.status is ProviderMessageStatus.SENDING and blocker.event.finishes_at > situation.now:
        return (*_first(blocker, row, provider), this, Advice("or, if that takes too long:"), *decision)
    return decision


def _first(blocker: Blocker, row: LedgerEntry | None, provider: str) -> Sequence[Remedy]:
    earlier = blocker.event
    if row is not None and row.state is not EntryState.FAILED:
        return (Advice(f"wait until {provider} has acknowledged the {earlier.type}: it is tried by itself. Then:"),)
    return Replay(earlier.id, provider), Advice(f"when {provider} has acknowledged the {earlier.type}:")


def _withdrawal(blocker: Blocker, event: BroadcastEvent, provider: str) -> Sequence[Remedy]:
    """What is cancelled should not go out first: that comes before the other way."""
    if event.type is not EventType.CANCEL:
        return ()
    return (
        Advice(f"{provider} never had the {blocker.event.type}. So that it never goes out there:"),
        Replay(event.id, provider, Assumption.NOT_SENT),
        Advice(f"or, to have the {blocker.event.type} sent there after all and cancelled then:"),
    )


def _decision(earlier: BroadcastEvent, event: BroadcastEvent, provider: str) -> tuple[Remedy, ...]:
    return (
        Advice(f"ask {provider} what became of the {earlier.type} {earlier.id}. If people may have received it:"),
        Replay(event.id, provider, Assumption.SENT),
        Advice("if certainly nobody did:"),
        Replay(event.id, provider, Assumption.NOT_SENT),
    )
