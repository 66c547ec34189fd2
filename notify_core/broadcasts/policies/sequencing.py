"""What may go to a network when: the checks before each try, in their order.

Source: broadcasts.md, section 4. Everything here looks at one message and one network.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from notify_core.accounts.model import Service
from notify_core.broadcasts.model import (
    BroadcastEvent,
    BroadcastMessage,
    EventType,
    ProviderMessage,
)
from notify_core.broadcasts.policies.network_view import LATE, NetworkView
from notify_core.broadcasts.states import ProviderMessageStatus
from notify_core.kernel.errors import PermanentError
from notify_core.kernel.ids import ProviderMessageId


class Refusal(StrEnum):
    """Why an instruction may not go out now; each has remedies of its own."""

    SUSPENDED = "suspended"
    TRAINING = "training"
    STUBBED = "stubbed"
    ENDED = "ended"
    EXPIRED = "expired"
    DISABLED = "disabled"
    ORDER = "order"


class BroadcastIntegrityError(PermanentError):
    """Sending would break the order or the meaning of a broadcast: not retried, an operator decides."""

    def __init__(self, message: str, refusal: Refusal) -> None:
        super().__init__(message)
        self.refusal = refusal


class Verdict(Enum):
    SEND = "send"
    # The network has it already.
    DUPLICATE = "duplicate"
    # The network never had anything that could be cancelled.
    NOTHING_TO_CANCEL = "nothing-to-cancel"


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides whether ``event`` may go to the network of ``view`` at this moment;
    ``enabled`` are the networks that alerts go to."""

    event: BroadcastEvent
    message: BroadcastMessage
    service: Service
    view: NetworkView
    enabled: Sequence[str]
    now: datetime

    @property
    def own(self) -> ProviderMessage | None:
        """The event's copy at this network."""
        return self.view.copy_of(self.event.id)


def verdict_on(situation: Situation) -> Verdict:
    """Rows 2 to 5 of the table, in its order.

    :raises BroadcastIntegrityError: it may not go out.
    """
    check_may_go_live(situation.service, situation.message)  # 2
    verdict = check_own(situation.own, situation.view.late)  # 3
    if verdict is not None:
        return verdict
    check_in_time(situation.event, situation.message, situation.now)  # 4
    check_enabled(situation.view.provider, situation.enabled)
    return check_order(situation.view, situation.event, situation.now)  # 5


def check_not_over(situation: Situation) -> None:
    """What no remedy can change, whatever else may be in the way.

    :raises BroadcastIntegrityError: its copy ended otherwise than by an acknowledgement, or it is too late.
    """
    if check_own(situation.own, situation.view.late) is None:
        check_in_time(situation.event, situation.message, situation.now)


def check_may_go_live(service: Service, message: BroadcastMessage) -> None:
    """:raises BroadcastIntegrityError: an instruction exists that should never have been queued."""
    if not service.active:
        raise BroadcastIntegrityError("the service is suspended", Refusal.SUSPENDED)
    if service.restricted:
        raise BroadcastIntegrityError("the service is in training mode", Refusal.TRAINING)
    if message.stubbed is not None:
        raise BroadcastIntegrityError(f"the message is stubbed: {message.stubbed}", Refusal.STUBBED)


def expires_at(event: BroadcastEvent, message: BroadcastMessage) -> datetime:
    """When it is too late to send ``event``: a cancellation lasts as long as its message."""
    if event.type is EventType.CANCEL and message.finishes_at is not None:
        return message.finishes_at
    return event.finishes_at


def is_too_late(event: BroadcastEvent, message: BroadcastMessage, now: datetime) -> bool:
    return expires_at(event, message) <= now


def check_in_time(event: BroadcastEvent, message: BroadcastMessage, now: datetime) -> None:
    """:raises BroadcastIntegrityError: it is too late."""
    if is_too_late(event, message, now):
        raise BroadcastIntegrityError(f"it expired at {spoken(expires_at(event, message))}", Refusal.EXPIRED)


def check_own(own: ProviderMessage | None, late: Collection[ProviderMessageId] = ()) -> Verdict | None:
    """The verdict when this event's copy settles it; None: go on. ``late`` as in :class:`NetworkView`.

    :raises BroadcastIntegrityError: it ended otherwise than by an acknowledgement.
    """
    if own is None or own.status is ProviderMessageStatus.SENDING:
        return None
    if own.status is ProviderMessageStatus.RETURNED_ACK:
        return Verdict.DUPLICATE
    raise BroadcastIntegrityError(
        f"its provider message {own.id} is {own.status}{LATE if own.id in late else ''}", Refusal.ENDED
    )


def check_enabled(provider: str, enabled: Sequence[str]) -> None:
    """:raises BroadcastIntegrityError: the network was a target when the event was made, and is none now."""
    if provider not in enabled:
        raise BroadcastIntegrityError("the network has been disabled", Refusal.DISABLED)


def check_order(view: NetworkView, event: BroadcastEvent, now: datetime) -> Verdict:
    """Whether the turn of ``event`` has come.

    :raises BroadcastIntegrityError: not yet; names what is before it.
    """
    if blockers := view.blockers(event, now):
        raise BroadcastIntegrityError("; ".join(map(str, blockers)), Refusal.ORDER)
    if event.type is EventType.CANCEL and not view.references(event):
        return Verdict.NOTHING_TO_CANCEL
    return Verdict.SEND


def spoken(at: datetime) -> str:
    """An instant for operators, such as ``16:00:00 UTC on 5 January 2026``: a form in which it survives what
    takes long numbers out of logs."""
    return f"{at:%H:%M:%S} UTC on {at.day} {at:%B} {at.year}"
