"""Who may change a broadcast message, and to what: the checks in their order, each with its reason.

Source: broadcasts.md, section 2.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from notify_core.accounts.model import BroadcastSettings, Service
from notify_core.broadcasts.model import BroadcastMessage, Polygon, Revision
from notify_core.broadcasts.states import EDITABLE, EVENT_ASKED_FOR, MESSAGE, MessageEvent, MessageStatus
from notify_core.kernel.errors import Forbidden, IllegalTransition, NotAllowed
from notify_core.kernel.ids import BroadcastMessageId, UserId


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, as far as it matters here."""

    id: UserId
    member: bool
    platform_admin: bool


def check_service_active(service: Service) -> None:
    """:raises Forbidden: it is suspended."""
    if not service.active:
        raise Forbidden("Updating broadcast message is not allowed: service is inactive")


def check_member(message: BroadcastMessage, person: Person) -> None:
    """:raises NotAllowed: somebody of another team, or who only runs the platform."""
    if not person.member:
        raise NotAllowed(f"User {person.id} cannot update broadcast_message {message.id} from other service")


def check_status_change(
    message: BroadcastMessage, service: Service, person: Person, wanted: MessageStatus
) -> MessageEvent:
    """What happens to ``message`` when ``person`` asks for ``wanted``.

    :raises Forbidden: the service is suspended.
    :raises NotAllowed: the first of the other reasons, in the order of the rules.
    """
    check_service_active(service)
    # People who run the platform can stop an alert, but never start one for a team that is not theirs.
    if not (person.platform_admin and wanted is MessageStatus.CANCELLED):
        check_member(message, person)
    event = check_move(message, wanted)
    if event is MessageEvent.APPROVED:
        own = person.id == message.created_by_id or person.id in message.edited_by
        # Training mode exists so that one person can try the whole way.
        check_second_person(message, person, own=own, trying=service.restricted)
        check_drawn(message.id, message)
    return event


def check_move(message: BroadcastMessage, wanted: MessageStatus) -> MessageEvent:
    """The event that brings ``message`` to ``wanted``.

    :raises NotAllowed: there is none that anybody may ask for.
    """
    event = EVENT_ASKED_FOR.get(wanted)
    try:
        if event is not None:
            MESSAGE.after(message.status, event)
            return event
    except IllegalTransition:
        pass
    raise NotAllowed(f"Cannot move broadcast_message {message.id} from {message.status} to {wanted}")


def check_second_person(message: BroadcastMessage, person: Person, *, own: bool, trying: bool) -> None:
    """:raises NotAllowed: what ``person`` approves is their ``own``, and they are not only ``trying``."""
    if own and not trying:
        raise NotAllowed(f"User {person.id} cannot approve their own broadcast_message {message.id}")


def check_drawn(message_id: BroadcastMessageId, areas: BroadcastMessage | Revision) -> None:
    """:raises NotAllowed: there is no area to send it to, or none yet."""
    if areas.drawn_polygons is not None:
        raise NotAllowed(
            f"broadcast_message {message_id} cannot be broadcasted yet: its areas are still being simplified."
        )
    if not areas.simple_polygons:
        raise NotAllowed(f"broadcast_message {message_id} has no selected areas and so cannot be broadcasted.")


def needed_settings(service: Service, settings: BroadcastSettings | None) -> BroadcastSettings:
    """:raises NotAllowed: nobody has said on which channel the service broadcasts."""
    if settings is None:
        raise NotAllowed(f"Service {service.id} has no broadcast channel")
    return settings


def alert_targets(settings: BroadcastSettings, enabled: Sequence[str]) -> tuple[str, ...]:
    """The networks an alert goes to: the service's one if it is restricted, else every enabled one.

    :raises NotAllowed: there would be none.
    """
    if settings.provider is not None and settings.provider not in enabled:
        raise NotAllowed(f"The network {settings.provider}, to which this service is restricted, is disabled")
    if not enabled:
        raise NotAllowed("No network is enabled, so nothing can be broadcasted")
    return tuple(enabled) if settings.provider is None else (settings.provider,)


def check_editable(message: BroadcastMessage) -> None:
    """:raises NotAllowed: its status no longer lets anybody edit it."""
    _check_status(message, EDITABLE)


def check_live(message: BroadcastMessage) -> None:
    """:raises NotAllowed: it is not on air, so there is nothing to revise."""
    _check_status(message, {MessageStatus.BROADCASTING})


def _check_status(message: BroadcastMessage, allowed: Collection[MessageStatus]) -> None:
    if message.status not in allowed:
        raise NotAllowed(f"Cannot update broadcast_message {message.id} while it has status {message.status}")


def check_areas(message: BroadcastMessage, areas: tuple[str, ...] | None, polygons: tuple[Polygon, ...] | None) -> None:
    """:raises NotAllowed: only one of the two is given; they say the same thing and would disagree."""
    if (areas is None) != (polygons is None):
        raise NotAllowed(f"Cannot update broadcast_message {message.id}, areas or polygons are missing.")
