"""What follows from domain events: each writes its tasks into the transaction that recorded it."""

from collections.abc import Callable, Mapping
from typing import Any

from notify_core.broadcasts.events import BroadcastInstructed
from notify_core.broadcasts.tasks import SendBroadcastEvent
from notify_core.callbacks.ports import CallbacksWork
from notify_core.callbacks.tasks import (
    SendComplaint,
    SendDeliveryStatus,
    SendInboundSms,
    SendReturnedLetter,
    TellService,
)
from notify_core.inbound.events import InboundTextReceived
from notify_core.kernel.events import DomainEvent
from notify_core.kernel.ids import ServiceId
from notify_core.letters.events import LetterReturned
from notify_core.notifications.events import ComplaintReceived, NotificationEnded
from notify_core.ports.unit_of_work import UnitOfWork

# A reaction takes its own kind of event and the unit of work narrowed to what it looks at.
Reaction = Callable[[Any, Any], None]


def tell_the_service(event: NotificationEnded, work: CallbacksWork) -> None:
    _tell(work, event.service_id, SendDeliveryStatus(event.notification_id, service_id=event.service_id))


def tell_the_service_of_a_complaint(event: ComplaintReceived, work: CallbacksWork) -> None:
    _tell(work, event.service_id, SendComplaint(event.complaint_id, service_id=event.service_id))


def bring_the_service_a_text(event: InboundTextReceived, work: CallbacksWork) -> None:
    _tell(work, event.service_id, SendInboundSms(event.inbound_text_id, service_id=event.service_id))


def tell_the_service_of_a_returned_letter(event: LetterReturned, work: CallbacksWork) -> None:
    _tell(work, event.service_id, SendReturnedLetter(event.notification_id, service_id=event.service_id))


def send_to_the_networks(event: BroadcastInstructed, work: UnitOfWork) -> None:
    fair = None if event.service_id is None else str(event.service_id)
    work.enqueue(SendBroadcastEvent(event.broadcast_event_id), fair=fair)


# An event that nobody reacts to is declared with an empty tuple.
REACTIONS: Mapping[type[DomainEvent], tuple[Reaction, ...]] = {
    NotificationEnded: (tell_the_service,),
    ComplaintReceived: (tell_the_service_of_a_complaint,),
    InboundTextReceived: (bring_the_service_a_text,),
    BroadcastInstructed: (send_to_the_networks,),
    LetterReturned: (tell_the_service_of_a_returned_letter,),
}


class UndeclaredEvent(TypeError):
    """An event was recorded of which this table says nothing: a mistake in the program."""


def react(event: DomainEvent, work: UnitOfWork) -> None:
    """Let follow what follows from ``event``.

    :raises UndeclaredEvent: the table does not name this kind of event.
    """
    try:
        reactions = REACTIONS[type(event)]
    except KeyError:
        raise UndeclaredEvent(f"reactions.py does not say what follows from {type(event).__name__}") from None
    for reaction in reactions:
        reaction(event, work)


def _tell(work: CallbacksWork, service_id: ServiceId, task: TellService) -> None:
    """Looked up here and not in the task: most services have no callback and should cost no row."""
    if work.callbacks.find(service_id, task.type):
        work.enqueue(task)
