"""Broadcasts as JSON values, shared by every way in.

Source: broadcasts.md, section 1 (the message) and section 4 (what ``notify broadcasts show`` prints).
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from notify_core.broadcasts.model import Attempt, BroadcastEvent, BroadcastMessage, Polygon, ProviderMessage, Revision
from notify_core.broadcasts.policies.remedies import Advice, Remedy
from notify_core.broadcasts.use_cases.list_broadcasts import ListedBroadcast
from notify_core.broadcasts.use_cases.network_states import Block, NetworkState
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import ProviderMessageId

Json = dict[str, Any]


def message_view(message: BroadcastMessage) -> Json:
    """A message with the keys of its wire form; ids are text, dates have microseconds and a Z."""
    personalisation = message.personalisation
    return {
        "id": str(message.id),
        "reference": message.reference,
        "service_id": str(message.service_id),
        "template_id": _text(message.template_id),
        "template_version": message.template_version,
        "template_name": message.template_name,
        "personalisation": None if message.template_id is None else dict(personalisation or {}),
        "content": message.content,
        "areas": list(message.areas),
        "simple_polygons": _polygons(message.simple_polygons),
        "status": message.status.value,
        "starts_at": format_datetime(message.starts_at),
        "finishes_at": format_datetime(message.finishes_at),
        "created_at": format_datetime(message.created_at),
        "approved_at": format_datetime(message.approved_at),
        "cancelled_at": format_datetime(message.cancelled_at),
        "updated_at": format_datetime(message.updated_at),
        "created_by_id": _text(message.created_by_id),
        "approved_by_id": _text(message.approved_by_id),
        "cancelled_by_id": _text(message.cancelled_by_id),
    }


def revision_view(revision: Revision) -> Json:
    """A proposed change of a live message, as it was resolved: everything that would be on air, in full."""
    return {
        "id": str(revision.id),
        "broadcast_message_id": str(revision.broadcast_message_id),
        "service_id": str(revision.service_id),
        "content": revision.content,
        "areas": list(revision.areas),
        "simple_polygons": _polygons(revision.simple_polygons),
        "finishes_at": format_datetime(revision.finishes_at),
        "status": revision.status.value,
        "created_at": format_datetime(revision.created_at),
        "created_by_id": _text(revision.created_by_id),
        "decided_at": format_datetime(revision.decided_at),
        "decided_by_id": _text(revision.decided_by_id),
    }


def listed_view(listed: ListedBroadcast) -> Json:
    """A message, why it will never go out (``stubbed``, or null), and at how many of its targets each is."""
    return {
        **message_view(listed.message),
        "stubbed": listed.message.stubbed,
        "acknowledged": listed.acknowledged,
        "targets": listed.targets,
        "blocked": listed.blocked,
    }


def event_view(
    event: BroadcastEvent,
    copies: Sequence[ProviderMessage],
    attempts: Mapping[ProviderMessageId, Sequence[Attempt]],
    states: Sequence[NetworkState],
) -> Json:
    """An event with its copies among these, each with its history, and per network what stands in its way."""
    return {
        "id": str(event.id),
        "message_type": event.type.value,
        "sent_at": format_datetime(event.sent_at),
        "channel": event.channel.value,
        "providers": list(event.providers),
        "provider_messages": [
            _copy_view(copy, attempts[copy.id]) for copy in copies if copy.broadcast_event_id == event.id
        ],
        "blocked_by": [_block_view(state.provider, block) for state in states for block in state.blocks],
    }


def remedy_line(remedy: Remedy) -> str:
    """A sentence, or the command that an operator enters."""
    if isinstance(remedy, Advice):
        return remedy.text
    assumed = "" if remedy.assume is None else f" --assume {remedy.assume}"
    return f"notify broadcasts replay {remedy.event_id} {remedy.provider}{assumed}"


def remedy_lines(mends: Sequence[Sequence[Remedy]]) -> list[str]:
    """The lines for several networks of which the same is said: what all of them begin with once, and then the rest
    of each as a whole, since a command belongs to the sentence before it."""
    each = [[remedy_line(one) for one in mend] for mend in mends]
    same = sum(1 for _ in takewhile(lambda lines: len(set(lines)) == 1, zip(*each, strict=False)))
    return [*each[0][:same], *(line for lines in each for line in lines[same:])]


def _copy_view(copy: ProviderMessage, attempts: Sequence[Attempt]) -> Json:
    return {
        "id": str(copy.id),
        "provider": copy.provider,
        "status": copy.status.value,
        "message_number": copy.message_number,
        "assumed": None if copy.assumed is None else copy.assumed.value,
        "created_at": format_datetime(copy.created_at),
        "updated_at": format_datetime(copy.updated_at),
        "attempts": [_attempt_view(one) for one in attempts],
    }


def _attempt_view(attempt: Attempt) -> Json:
    return {
        "at": format_datetime(attempt.at),
        "route": attempt.route.value,
        "outcome": attempt.outcome.value,
        "detail": attempt.detail,
    }


def _block_view(provider: str, block: Block) -> Json:
    """``status`` is null where that event was never handed to the network; ``mend`` are lines in the order in
    which they are done: sentences, and commands that begin with ``notify``."""
    return {
        "provider": provider,
        "broadcast_event_id": str(block.event.id),
        "message_type": block.event.type.value,
        "status": None if block.status is None else block.status.value,
        "reason": block.reason,
        "mend": [remedy_line(one) for one in block.mend],
    }


def _text(identity: object | None) -> str | None:
    return None if identity is None else str(identity)


def _polygons(polygons: Sequence[Polygon]) -> list[list[list[float]]]:
    return [[list(pair) for pair in polygon] for polygon in polygons]
