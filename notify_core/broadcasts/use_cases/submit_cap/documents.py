"""What a posted document says, and what became of those before it."""

from dataclasses import dataclass
from datetime import datetime

from notify_core.accounts.model import Permission, Service
from notify_core.accounts.use_cases.idempotency import KeepAnswer, keep_no_answer
from notify_core.broadcasts.model import BroadcastMessage, CapDocument, CapMessageType, CapSubmission, Polygon
from notify_core.broadcasts.policies.content import accepted_content, check_reference
from notify_core.broadcasts.policies.polygons import are_large
from notify_core.broadcasts.ports import BroadcastsWork, CapReader, CapUnreadable, PolygonSmoother
from notify_core.broadcasts.use_cases.auditing import note
from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound
from notify_core.kernel.ids import ApiKeyId, ServiceId


@dataclass(frozen=True, slots=True)
class CapPosted:
    """The raw ``document``, and whose key it came with. ``where``: the way in, for the audit log. ``keep_answer`` is
    called in the transaction that changes something."""

    service_id: ServiceId
    api_key_id: ApiKeyId
    document: bytes
    where: str = "http"
    keep_answer: KeepAnswer[BroadcastMessage] = keep_no_answer


@dataclass(frozen=True, slots=True)
class Said:
    """A document's text and areas as they are kept; ``drawn_polygons``: those that are still to be simplified."""

    content: str
    areas: tuple[str, ...]
    simple_polygons: tuple[Polygon, ...]
    drawn_polygons: tuple[Polygon, ...] | None


def check_may_broadcast(service: Service) -> None:
    """:raises NotAllowed: the service has no ``broadcast`` permission."""
    if Permission.BROADCAST not in service.permissions:
        raise NotAllowed("Service is not allowed to send broadcast messages")


def read(reader: CapReader, raw: bytes) -> CapDocument:
    """:raises NotAllowed: it is not valid CAP.
    :raises InvalidValue: it is of a type that we do nothing with, or cannot be told from others later.
    """
    try:
        document = reader.read(raw)
    except CapUnreadable as error:
        raise NotAllowed("Request data is not valid CAP XML") from error
    if document.message_type not in tuple(CapMessageType):
        raise InvalidValue(f"msgType {document.message_type} is not one of [{', '.join(sorted(CapMessageType))}]")
    check_reference(document.identifier)
    check_reference(document.sender, called="sender")
    return document


def said(document: CapDocument, smoother: PolygonSmoother) -> Said:
    """What takes a while, so outside of a transaction; where it would take long, a task does it later.

    :raises InvalidValue: it cannot be an alert; the message says why.
    """
    if document.content is None:
        raise InvalidValue("description is missing")
    content = accepted_content(document.content, called="description")
    drawn = tuple(polygon for area in document.areas for polygon in area.polygons)
    if not drawn:
        raise InvalidValue("area with a polygon is missing")
    areas = tuple(area.name for area in document.areas)
    if are_large(drawn):
        smoother.check(drawn)
        return Said(content, areas, (), drawn)
    return Said(content, areas, smoother.smooth(drawn), None)


def answered_before(work: BroadcastsWork, service_id: ServiceId, document: CapDocument) -> BroadcastMessage | None:
    """The message that the same document made or acted on, when it was posted first."""
    submission = work.cap_submissions.find(service_id, document.identifier, document.sender, document.sent)
    return None if submission is None else work.broadcast_messages.get(submission.broadcast_message_id, service_id)


def referred_to(work: BroadcastsWork, service_id: ServiceId, document: CapDocument) -> BroadcastMessage:
    """The one message that all references of the document lead to, directly or over what acted on it.

    :raises InvalidValue: there are none.
    :raises NotFound: one of them is unknown.
    :raises NotAllowed: they lead to several messages.
    """
    if not document.references:
        raise InvalidValue("references is missing")
    found = set()
    for sender, identifier, sent in document.references:
        submission = work.cap_submissions.find(service_id, identifier, sender, sent)
        if submission is None:
            raise NotFound("Broadcast message not found")
        found.add(submission.broadcast_message_id)
    if len(found) > 1:
        raise NotAllowed("References name more than one broadcast message")
    return work.broadcast_messages.get(found.pop(), service_id)


def keep(
    work: BroadcastsWork,
    posted: CapPosted,
    document: CapDocument,
    message: BroadcastMessage,
    *,
    what: str,
    now: datetime,
) -> None:
    """Remember that the document was posted, and what it did: ``message`` is what will be answered."""
    posted.keep_answer(work, message)
    submission = CapSubmission(
        message.service_id, document.identifier, document.sender, document.sent, message.id, received_at=now
    )
    work.cap_submissions.add(submission)
    note(work, what, about=message.id, who=posted.api_key_id, at=now, where=posted.where)
