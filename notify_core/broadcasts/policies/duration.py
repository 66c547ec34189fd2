"""How long an alert may last. Source: broadcasts.md, section 2."""

from datetime import datetime, timedelta

from notify_core.accounts.model import BroadcastChannel
from notify_core.kernel.errors import NotAllowed
from notify_core.kernel.ids import BroadcastMessageId

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=22, minutes=30)
LONGEST_REHEARSAL = timedelta(hours=4)

# Channels that only phones set up for it receive; a forgotten alert there should end the same day.
REHEARSALS = frozenset({BroadcastChannel.TEST, BroadcastChannel.OPERATOR})


def longest(channel: BroadcastChannel) -> timedelta:
    """The most that an alert on this channel may last."""
    return LONGEST_REHEARSAL if channel in REHEARSALS else LONGEST


def shortened(finishes_at: datetime, starts_at: datetime, channel: BroadcastChannel) -> datetime:
    """``finishes_at``, or the latest moment allowed for an alert from ``starts_at`` if that is earlier."""
    return min(finishes_at, starts_at + longest(channel))


def end_of(
    finishes_at: datetime | None, starts_at: datetime, channel: BroadcastChannel, duration: timedelta
) -> datetime:
    """When an alert from ``starts_at`` ends: as somebody decided, else after ``duration``, where the channel allows
    that much."""
    return finishes_at or starts_at + min(duration, longest(channel))


def check_duration(
    message_id: BroadcastMessageId,
    starts_at: datetime,
    finishes_at: datetime,
    channel: BroadcastChannel,
    *,
    now: datetime | None = None,
) -> None:
    """The limits count from ``starts_at``; ``now`` is later than that where an alert is out already.

    :raises NotAllowed: an alert may not last from then until then; the message names the limit.
    """
    subject = f"broadcast_message {message_id} cannot be broadcasted"
    if finishes_at <= (now or starts_at):
        raise NotAllowed(f"{subject}: its finishes_at is in the past.")
    if finishes_at - starts_at < SHORTEST:
        raise NotAllowed(f"{subject}: it must last at least 5 minutes.")
    if finishes_at - starts_at > longest(channel):
        limit = "4 hours" if channel in REHEARSALS else "22 hours 30 minutes"
        raise NotAllowed(f"{subject}: it must last at most {limit} on the {channel} channel.")
