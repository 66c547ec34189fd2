"""The instructions that follow from a message, and each network's copy with its history."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Self

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model.messages import Polygon
from notify_core.broadcasts.states import PROVIDER_MESSAGE, ProviderMessageEvent, ProviderMessageStatus
from notify_core.kernel.calendar import cap_date
from notify_core.kernel.ids import BroadcastEventId, BroadcastMessageId, ProviderMessageId, ServiceId


class EventType(StrEnum):
    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class BroadcastEvent:
    """One instruction to send, update or cancel; everything a network needs is frozen in it.

    ``number`` counts the events of one message from 1. ``providers`` are its target networks.
    """

    id: BroadcastEventId
    service_id: ServiceId
    broadcast_message_id: BroadcastMessageId
    number: int
    type: EventType
    sent_at: datetime
    content: str
    areas: tuple[str, ...]
    simple_polygons: tuple[Polygon, ...]
    sender: str
    headline: str
    starts_at: datetime
    finishes_at: datetime
    channel: BroadcastChannel
    providers: tuple[str, ...]

    @property
    def reference(self) -> str:
        """What the event is called outside: sender, id and sending time, as CAP joins them. The domain is the
        sender's, which may be an address in it."""
        domain = self.sender.rpartition("@")[2]
        return f"https://www.{domain}/,{self.id},{cap_date(self.sent_at)}"


class Assumption(StrEnum):
    """What an operator takes for true of a provider message that nobody knows the end of."""

    SENT = "sent"
    NOT_SENT = "not-sent"


@dataclass(frozen=True, slots=True)
class ProviderMessage:
    """One event to one network. Its id is the CAP identifier, the same for every try. ``assumed`` is what
    an operator said of it, if anything."""

    id: ProviderMessageId
    broadcast_event_id: BroadcastEventId
    broadcast_message_id: BroadcastMessageId
    provider: str
    created_at: datetime
    status: ProviderMessageStatus = ProviderMessageStatus.SENDING
    message_number: str | None = None
    updated_at: datetime | None = None
    assumed: Assumption | None = None

    def after(self, event: ProviderMessageEvent, now: datetime) -> Self:
        """The provider message after ``event``; itself where the event is a declared ignore.

        :raises IllegalTransition: the event cannot happen to it.
        """
        if PROVIDER_MESSAGE.ignores_event(self.status, event):
            return self
        return replace(self, status=PROVIDER_MESSAGE.after(self.status, event), updated_at=now)

    def taken_for(self, assumption: Assumption, now: datetime) -> Self:
        """The provider message of which an operator says what became of it; what was still being sent is given
        up by that.

        :raises IllegalTransition: the network has acknowledged it.
        """
        over = self.status in {ProviderMessageStatus.RETURNED_ERROR, ProviderMessageStatus.TECHNICAL_FAILURE}
        ended = self if over else self.after(ProviderMessageEvent.GIVEN_UP, now)
        return replace(ended, assumed=assumption, updated_at=now)


def message_number(number: int) -> str:
    """A number from the sequence as IBAG writes it: 8 lower-case hex digits (78 is ``0000004e``)."""
    return f"{number:08x}"


class Route(IntEnum):
    """A network's two proxies; the second is tried when the first fails."""

    FIRST = 1
    SECOND = 2


class AttemptOutcome(StrEnum):
    STARTED = "started"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A line of a provider message's history, only ever added: a try began, or how it ended."""

    provider_message_id: ProviderMessageId
    at: datetime
    route: Route
    outcome: AttemptOutcome
    detail: str | None = None
