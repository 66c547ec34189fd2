"""Which instruction follows from a message: everything a network needs, frozen. Source: broadcasts.md, section 1."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from notify_core.accounts.model import BroadcastSettings
from notify_core.broadcasts.model import BroadcastEvent, BroadcastMessage, EventType
from notify_core.broadcasts.policies.duration import end_of
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.kernel.ids import BroadcastEventId


def alert_event(
    message: BroadcastMessage,
    settings: BroadcastSettings,
    providers: Sequence[str],
    rules: BroadcastRules,
    *,
    event_id: BroadcastEventId,
    now: datetime,
) -> BroadcastEvent:
    """The first event of ``message``, if it goes out ``now`` to these networks."""
    return BroadcastEvent(
        id=event_id,
        service_id=message.service_id,
        broadcast_message_id=message.id,
        number=1,
        type=EventType.ALERT,
        sent_at=now,
        content=message.content,
        areas=message.areas,
        simple_polygons=message.simple_polygons,
        sender=rules.sender,
        headline=rules.headline,
        starts_at=now,
        finishes_at=end_of(message.finishes_at, now, settings.channel, rules.duration),
        channel=settings.channel,
        providers=tuple(providers),
    )


def update_event(
    message: BroadcastMessage, earlier: Sequence[BroadcastEvent], event_id: BroadcastEventId, now: datetime
) -> BroadcastEvent:
    """The event that says what ``message`` has become, to every network that an earlier one targeted, on the
    alert's channel. ``earlier`` are all of the message's events, in the order of their numbers: at least one."""
    following = _following(earlier, EventType.UPDATE, event_id, now)
    return replace(
        following,
        content=message.content,
        areas=message.areas,
        simple_polygons=message.simple_polygons,
        finishes_at=message.finishes_at or following.finishes_at,
    )


def cancel_event(earlier: Sequence[BroadcastEvent], event_id: BroadcastEventId, now: datetime) -> BroadcastEvent:
    """The last event of a message, to every network that an earlier one targeted, on the alert's channel.
    ``earlier`` as for :func:`update_event`."""
    return _following(earlier, EventType.CANCEL, event_id, now)


def _following(
    earlier: Sequence[BroadcastEvent], kind: EventType, event_id: BroadcastEventId, now: datetime
) -> BroadcastEvent:
    latest = earlier[-1]
    targets = dict.fromkeys(provider for event in earlier for provider in event.providers)
    return replace(latest, id=event_id, number=latest.number + 1, type=kind, sent_at=now, providers=tuple(targets))
