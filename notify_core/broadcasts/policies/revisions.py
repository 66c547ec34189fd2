"""What a live alert may become, and who decides. Source: broadcasts.md, section 2."""

from dataclasses import dataclass, replace
from datetime import datetime

from notify_core.accounts.model import Service
from notify_core.broadcasts.model import BroadcastEvent, BroadcastMessage, Polygon, Revision
from notify_core.broadcasts.policies.changes import (
    Person,
    check_areas,
    check_drawn,
    check_live,
    check_member,
    check_second_person,
    check_service_active,
)
from notify_core.broadcasts.policies.duration import check_duration, shortened
from notify_core.broadcasts.states import (
    REVISION,
    REVISION_EVENT_ASKED_FOR,
    MessageStatus,
    RevisionEvent,
    RevisionStatus,
)
from notify_core.kernel.errors import IllegalTransition, NotAllowed
from notify_core.kernel.ids import ApiKeyId, RevisionId, UserId


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be different on air; None: as it is. ``drawn_polygons``: areas that nobody has simplified yet,
    with empty ``simple_polygons``."""

    content: str | None = None
    areas: tuple[str, ...] | None = None
    simple_polygons: tuple[Polygon, ...] | None = None
    finishes_at: datetime | None = None
    drawn_polygons: tuple[Polygon, ...] | None = None

    @property
    def is_empty(self) -> bool:
        return self == Proposal()


def check_proposable(message: BroadcastMessage, proposal: Proposal) -> None:
    """Whether such a change of ``message`` can be proposed at all: all but its text, its end, and what waits.

    :raises NotAllowed: the first reason why not.
    """
    check_live(message)
    if proposal.is_empty:
        raise NotAllowed(f"Cannot update broadcast_message {message.id}, nothing is to be changed.")
    check_areas(message, proposal.areas, proposal.simple_polygons)


def resolved(
    message: BroadcastMessage,
    latest: BroadcastEvent,
    proposal: Proposal,
    *,
    revision_id: RevisionId,
    now: datetime,
    by: UserId | None = None,
    api_key_id: ApiKeyId | None = None,
) -> Revision:
    """What ``message`` would say in full. ``latest``: its latest event, which says what is on air.

    :raises NotAllowed: it would end earlier than now, or last longer than an alert may.
    """
    ends = message.finishes_at or latest.finishes_at
    finishes_at = proposal.finishes_at or ends
    if finishes_at < ends:
        raise NotAllowed(f"Cannot update broadcast_message {message.id}, its finishes_at can only become later.")
    check_duration(message.id, latest.starts_at, finishes_at, latest.channel, now=now)
    return Revision(
        id=revision_id,
        service_id=message.service_id,
        broadcast_message_id=message.id,
        content=message.content if proposal.content is None else proposal.content,
        areas=message.areas if proposal.areas is None else proposal.areas,
        simple_polygons=message.simple_polygons if proposal.simple_polygons is None else proposal.simple_polygons,
        finishes_at=finishes_at,
        created_at=now,
        created_by_id=by,
        api_key_id=api_key_id,
        drawn_polygons=proposal.drawn_polygons,
    )


def revised(message: BroadcastMessage, revision: Revision, now: datetime) -> BroadcastMessage:
    """What ``message`` becomes when ``revision`` goes on air ``now``."""
    return replace(
        message,
        content=revision.content,
        areas=revision.areas,
        simple_polygons=revision.simple_polygons,
        finishes_at=revision.finishes_at,
        updated_at=now,
    )


def check_none_pending(message: BroadcastMessage, pending: Revision | None) -> None:
    """:raises NotAllowed: another one has not been decided."""
    if pending is not None:
        raise NotAllowed(f"broadcast_message {message.id} has a revision awaiting approval already")


def later_end(message: BroadcastMessage, latest: BroadcastEvent, wanted: datetime | None) -> datetime:
    """``wanted`` within the limits, if the alert lasts longer by it; else it ends as it would."""
    ends = message.finishes_at or latest.finishes_at
    return ends if wanted is None else max(ends, shortened(wanted, latest.starts_at, latest.channel))


def check_decision(
    message: BroadcastMessage, revision: Revision, service: Service, person: Person, wanted: RevisionStatus
) -> RevisionEvent:
    """What happens to ``revision`` when ``person`` asks for ``wanted``: the rules of a message's status.

    :raises Forbidden: the service is suspended.
    :raises NotAllowed: the first of the other reasons, in the order of the rules.
    """
    check_service_active(service)
    check_member(message, person)
    event = _check_move(message, revision, wanted)
    if event is RevisionEvent.APPROVED:
        # What is really on air stays so whatever mode the service is in: its update can be replayed later.
        trying = service.restricted and message.stubbed is not None
        check_second_person(message, person, own=person.id == revision.created_by_id, trying=trying)
        check_drawn(message.id, revision)
    return event


def _check_move(message: BroadcastMessage, revision: Revision, wanted: RevisionStatus) -> RevisionEvent:
    event = REVISION_EVENT_ASKED_FOR.get(wanted)
    try:
        if event is not None and message.status is MessageStatus.BROADCASTING:
            REVISION.after(revision.status, event)
            return event
    except IllegalTransition:
        pass
    raise NotAllowed(f"Cannot move broadcast_message revision {revision.id} from {revision.status} to {wanted}")
