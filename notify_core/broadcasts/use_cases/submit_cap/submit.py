"""What a posted document does, by its type."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from notify_core.accounts.model import Service
from notify_core.alarms.use_cases import RaiseTicket
from notify_core.broadcasts.model import BroadcastMessage, CapDocument, CapMessageType
from notify_core.broadcasts.policies.changes import check_service_active
from notify_core.broadcasts.policies.duration import shortened
from notify_core.broadcasts.policies.revisions import Proposal, later_end, resolved
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.broadcasts.ports import BroadcastsWork, CapReader, PolygonSmoother
from notify_core.broadcasts.states import MessageEvent, MessageStatus
from notify_core.broadcasts.tasks import SimplifyBroadcastAreas
from notify_core.broadcasts.use_cases.create_message import TRAINING
from notify_core.broadcasts.use_cases.instructing import Instructor
from notify_core.broadcasts.use_cases.revise import commit_proposed, keep_proposed, lapse_pending
from notify_core.broadcasts.use_cases.submit_cap.documents import (
    CapPosted,
    Said,
    answered_before,
    check_may_broadcast,
    keep,
    read,
    referred_to,
    said,
)
from notify_core.kernel.errors import AlreadyExists, Conflict, NotAllowed
from notify_core.kernel.ids import BroadcastMessageId, RevisionId
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory

# What a document asks of a message that is on air, as the status that would follow.
_WANTED: Mapping[str, MessageStatus] = {
    CapMessageType.CANCEL: MessageStatus.CANCELLED,
    CapMessageType.UPDATE: MessageStatus.BROADCASTING,
}


@dataclass(frozen=True)
class SubmitCap:
    """The message that the document made, or acted on. The same document again changes nothing more.

    :raises NotFound: no such service; a message that it refers to is unknown.
    :raises Forbidden: the service is suspended.
    :raises NotAllowed: the service may not broadcast; the document is not valid CAP; its references
        name several messages, or one that has ended, or that has a revision already.
    :raises InvalidValue: what it says cannot be an alert; the message says why.
    :raises Conflict: somebody changed the message just now.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    random: RandomSource
    cap_reader: CapReader
    smoother: PolygonSmoother
    broadcast_rules: BroadcastRules
    raise_ticket: RaiseTicket

    def __call__(self, posted: CapPosted) -> BroadcastMessage:
        with self.work(read_only=True) as work:
            check_may_broadcast(work.services.get(posted.service_id))
        document = read(self.cap_reader, posted.document)
        act = {
            CapMessageType.ALERT: self._create,
            CapMessageType.UPDATE: self._update,
            CapMessageType.CANCEL: self._cancel,
        }[CapMessageType(document.message_type)]
        with self.work(read_only=True) as work:
            if known := answered_before(work, posted.service_id, document):
                return known
        try:
            return act(posted, document)
        except (AlreadyExists, Conflict, NotAllowed):
            # Perhaps the same document was posted twice at once, and the other one was first: then what it may
            # not do any more has been done.
            with self.work() as work:
                if (known := answered_before(work, posted.service_id, document)) is None:
                    raise
                posted.keep_answer(work, known)
                work.commit()
            return known

    def _create(self, posted: CapPosted, document: CapDocument) -> BroadcastMessage:
        says = said(document, self.smoother)
        with self.work() as work:
            now = self.clock.now()
            service = work.services.get(posted.service_id)
            message = BroadcastMessage(
                id=BroadcastMessageId(self.random.uuid()),
                service_id=service.id,
                content=says.content,
                status=MessageStatus.PENDING_APPROVAL,
                created_at=now,
                areas=says.areas,
                simple_polygons=says.simple_polygons,
                drawn_polygons=says.drawn_polygons,
                reference=document.identifier,
                finishes_at=_finishes_at(work, service, document, now),
                api_key_id=posted.api_key_id,
                stubbed=_stubbed(service, document),
            )
            work.broadcast_messages.add(message)
            _simplify_later(work, message, says)
            keep(work, posted, document, message, what="broadcast message created from CAP", now=now)
            work.commit()
        return message

    def _cancel(self, posted: CapPosted, document: CapDocument) -> BroadcastMessage:
        with self.work() as work:
            service, message = _acted_on(work, posted, document)
            now = self.clock.now()
            if message.status is MessageStatus.PENDING_APPROVAL:
                return _reject(work, posted, document, message, now)
            becomes = replace(message.after(MessageEvent.CANCELLED, now), cancelled_at=now)
            work.broadcast_messages.change(message, becomes)
            lapse_pending(work, message.id, now)
            Instructor(self.random, self.broadcast_rules, self.raise_ticket).cancel(work, becomes, service, now)
            keep(work, posted, document, becomes, what="broadcast message cancelled by CAP", now=now)
            work.commit()
        return becomes

    def _update(self, posted: CapPosted, document: CapDocument) -> BroadcastMessage:
        with self.work(read_only=True) as work:
            # First: what refers to nothing has no text that could be too long.
            _acted_on(work, posted, document)
        says = said(document, self.smoother)
        with self.work() as work:
            _, message = _acted_on(work, posted, document)
            now = self.clock.now()
            if message.status is MessageStatus.PENDING_APPROVAL:
                return _reject(work, posted, document, message, now)
            return self._propose(work, posted, document, message, says=says, now=now)

    def _propose(
        self,
        work: BroadcastsWork,
        posted: CapPosted,
        document: CapDocument,
        message: BroadcastMessage,
        *,
        says: Said,
        now: datetime,
    ) -> BroadcastMessage:
        latest = work.broadcast_events.of_message(message.id)[-1]
        end = later_end(message, latest, document.expires)
        proposal = Proposal(says.content, says.areas, says.simple_polygons, end, says.drawn_polygons)
        revision_id = RevisionId(self.random.uuid())
        revision = resolved(message, latest, proposal, revision_id=revision_id, now=now, api_key_id=posted.api_key_id)
        becomes = keep_proposed(work, message, revision)
        _simplify_later(work, message, says, revision_id)
        keep(work, posted, document, becomes, what=f"broadcast revision {revision_id} proposed by CAP", now=now)
        commit_proposed(work)
        return becomes


def _acted_on(work: BroadcastsWork, posted: CapPosted, document: CapDocument) -> tuple[Service, BroadcastMessage]:
    """The service and the message that it refers to, if the document may act on it: it is pending, or on air."""
    service = work.services.get(posted.service_id)
    check_service_active(service)
    message = referred_to(work, service.id, document)
    acts = {MessageStatus.PENDING_APPROVAL, MessageStatus.BROADCASTING}
    if message.status not in acts:
        wanted = _WANTED[document.message_type]
        raise NotAllowed(f"Cannot move broadcast_message {message.id} from {message.status} to {wanted}")
    if not document.actual and message.stubbed is None:
        raise NotAllowed(f"A document with status {document.status} cannot change an actual broadcast message")
    return service, message


def _reject(
    work: BroadcastsWork, posted: CapPosted, document: CapDocument, message: BroadcastMessage, now: datetime
) -> BroadcastMessage:
    """Nobody has approved it yet: whatever the document wants of it, it does not go out any more."""
    becomes = message.after(MessageEvent.REJECTED, now)
    work.broadcast_messages.change(message, becomes)
    keep(work, posted, document, becomes, what="broadcast message rejected by CAP", now=now)
    work.commit()
    return becomes


def _simplify_later(
    work: BroadcastsWork, message: BroadcastMessage, says: Said, revision_id: RevisionId | None = None
) -> None:
    if says.drawn_polygons is not None:
        work.enqueue(SimplifyBroadcastAreas(message.id, revision_id), fair=str(message.service_id))


def _finishes_at(work: BroadcastsWork, service: Service, document: CapDocument, now: datetime) -> datetime | None:
    """When the author says it ends, within the limits; a moment that has passed is not taken over."""
    if document.expires is None or document.expires <= now:
        return None
    settings = work.settings.broadcast(service.id)
    return document.expires if settings is None else shortened(document.expires, now, settings.channel)


def _stubbed(service: Service, document: CapDocument) -> str | None:
    if service.restricted:
        return TRAINING
    return None if document.actual else f"its CAP status is {document.status}"
