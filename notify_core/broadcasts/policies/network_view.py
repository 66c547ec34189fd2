"""What one network has heard of a message, and what it has yet to hear before it may be told more.

Source: broadcasts.md, section 4, row 5.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from notify_core.broadcasts.model import Assumption, Attempt, AttemptOutcome, BroadcastEvent, ProviderMessage
from notify_core.broadcasts.states import ProviderMessageStatus
from notify_core.kernel.ids import BroadcastEventId, ProviderMessageId

# The ends of a provider message that no network's answer brought about.
ENDED_UNHEARD = frozenset({ProviderMessageStatus.RETURNED_ERROR, ProviderMessageStatus.TECHNICAL_FAILURE})
LATE = ", and was acknowledged after it was given up"


def acknowledged_late(
    copies: Sequence[ProviderMessage], attempts: Mapping[ProviderMessageId, Sequence[Attempt]]
) -> frozenset[ProviderMessageId]:
    """Those that a network acknowledged after they had been given up or had expired."""
    return frozenset(
        copy.id
        for copy in copies
        if copy.status in ENDED_UNHEARD
        and any(one.outcome is AttemptOutcome.ACKNOWLEDGED for one in attempts.get(copy.id, ()))
    )


@dataclass(frozen=True, slots=True)
class Blocker:
    """An earlier event of which nobody has said, for this network, whether it was heard. No ``copy``: it was
    never handed to it. ``late``: the network acknowledged it all the same, after it had been given up."""

    event: BroadcastEvent
    copy: ProviderMessage | None
    late: bool = False

    @property
    def status(self) -> ProviderMessageStatus | None:
        return None if self.copy is None else self.copy.status

    def __str__(self) -> str:
        text = f"the earlier {self.event.type} {self.event.id} is {self.status or 'not yet handed to this network'}"
        return f"{text}{LATE}" if self.late else text


@dataclass(frozen=True, slots=True)
class NetworkView:
    """A message at one network: ``events`` and ``provider_messages`` are all of the message's, in
    their order, the latter for this network only; ``late`` are those of :func:`acknowledged_late`.

    What was *heard* was acknowledged, or an operator takes it for sent; what was *unheard* an operator
    takes for not sent, or it expired before it was ever handed over. Anything else blocks what follows.
    """

    provider: str
    events: Sequence[BroadcastEvent]
    provider_messages: Sequence[ProviderMessage]
    late: Collection[ProviderMessageId] = frozenset()

    @classmethod
    def of(
        cls,
        provider: str,
        events: Sequence[BroadcastEvent],
        provider_messages: Sequence[ProviderMessage],
        late: Collection[ProviderMessageId] = frozenset(),
    ) -> Self:
        """From the provider messages of all networks."""
        return cls(provider, events, [one for one in provider_messages if one.provider == provider], late)

    def copy_of(self, event_id: BroadcastEventId) -> ProviderMessage | None:
        """The provider message of an event, if it was ever handed to this network."""
        return next((one for one in self.provider_messages if one.broadcast_event_id == event_id), None)

    def references(self, event: BroadcastEvent) -> tuple[ProviderMessage, ...]:
        """Every earlier provider message that this network has heard, oldest first."""
        copies = (self.copy_of(earlier.id) for earlier in self._before(event))
        return tuple(copy for copy in copies if copy is not None and _is_heard(copy))

    def blockers(self, event: BroadcastEvent, now: datetime) -> tuple[Blocker, ...]:
        """The earlier events that must be settled before ``event`` may go out.

        One that expired without ever having been handed to this network doesn't block: nobody can
        have heard it, and nobody will. One that was tried does: people may have heard it.
        """
        found = (self._blocker(earlier, event, now) for earlier in self._before(event))
        return tuple(blocker for blocker in found if blocker is not None)

    def _before(self, event: BroadcastEvent) -> Sequence[BroadcastEvent]:
        return [earlier for earlier in self.events if earlier.number < event.number]

    def _blocker(self, earlier: BroadcastEvent, event: BroadcastEvent, now: datetime) -> Blocker | None:
        copy = self.copy_of(earlier.id)
        if copy is None:
            return None if earlier.finishes_at <= now else Blocker(earlier, None)
        late = copy.id in self.late
        if copy.assumed is Assumption.NOT_SENT:
            # The network contradicts the operator. Once a later event was tried it is too late to say so:
            # every try must say the same.
            return Blocker(earlier, copy, late) if late and self.copy_of(event.id) is None else None
        return None if _is_heard(copy) else Blocker(earlier, copy, late)


def _is_heard(copy: ProviderMessage) -> bool:
    return copy.status is ProviderMessageStatus.RETURNED_ACK or copy.assumed is Assumption.SENT
