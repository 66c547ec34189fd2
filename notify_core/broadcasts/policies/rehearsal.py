"""What a network will be told when its turn comes, as far as that can be known before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from notify_core.broadcasts.model import BroadcastEvent, ProviderMessage, message_number
from notify_core.broadcasts.policies.network_view import NetworkView
from notify_core.broadcasts.states import ProviderMessageEvent, ProviderMessageStatus
from notify_core.kernel.ids import BroadcastEventId, ProviderMessageId


def provisional_event_id(number: int) -> BroadcastEventId:
    """The id of an event that is not there yet: its number, so that nobody takes it for a real one."""
    return BroadcastEventId(UUID(int=number))


def provisional_copy(event: BroadcastEvent, provider: str, now: datetime, *, needs_number: bool) -> ProviderMessage:
    """The copy that a network would be given ``now``. Its identifier is the event's number and its message number
    zero: the real ones are taken when it is handed over."""
    return ProviderMessage(
        id=ProviderMessageId(UUID(int=event.number)),
        broadcast_event_id=event.id,
        broadcast_message_id=event.broadcast_message_id,
        provider=provider,
        created_at=now,
        message_number=message_number(0) if needs_number else None,
    )


def presumed(view: NetworkView, now: datetime, *, needs_number: bool) -> NetworkView:
    """``view`` when the turn of its last event has come: what can still be acknowledged, was."""
    return replace(view, provider_messages=tuple(_presumed(view, now, needs_number=needs_number)))


def _presumed(view: NetworkView, now: datetime, *, needs_number: bool) -> Iterator[ProviderMessage]:
    for event in view.events:
        copy = view.copy_of(event.id)
        is_open = event.finishes_at > now
        if copy is None and is_open:
            copy = provisional_copy(event, view.provider, now, needs_number=needs_number)
        if copy is not None and is_open and copy.status is ProviderMessageStatus.SENDING:
            copy = copy.after(ProviderMessageEvent.ACKNOWLEDGED, now)
        if copy is not None:
            yield copy
