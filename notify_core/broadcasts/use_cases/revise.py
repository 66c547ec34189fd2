"""Changing an alert that is on air: proposed by one person, or by CAP, and approved by another."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from notify_core.accounts.model import Service
from notify_core.alarms.use_cases import RaiseTicket
from notify_core.broadcasts.model import BroadcastMessage, Revision
from notify_core.broadcasts.policies.changes import check_member, check_service_active
from notify_core.broadcasts.policies.content import accepted_content
from notify_core.broadcasts.policies.duration import check_duration
from notify_core.broadcasts.policies.revisions import (
    Proposal,
    check_decision,
    check_none_pending,
    check_proposable,
    resolved,
    revised,
)
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.broadcasts.ports import BroadcastsWork, PolygonSmoother
from notify_core.broadcasts.states import RevisionEvent, RevisionStatus
from notify_core.broadcasts.use_cases.auditing import note
from notify_core.broadcasts.use_cases.drawing import fault_in
from notify_core.broadcasts.use_cases.instructing import Instructor
from notify_core.broadcasts.use_cases.people import person_of
from notify_core.kernel.errors import AlreadyExists, Conflict
from notify_core.kernel.ids import BroadcastMessageId, RevisionId, ServiceId, UserId
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class RevisionProposed:
    """What a person proposes, its text as they wrote it. ``where``: the way in, for the audit log."""

    service_id: ServiceId
    message_id: BroadcastMessageId
    created_by: UserId
    proposal: Proposal = field(default_factory=Proposal)
    where: str = "http"


@dataclass(frozen=True)
class ProposeRevision:
    """The proposed change, which waits for a second person's approval; the message stays as it is.

    :raises NotFound: the service has no such message.
    :raises Forbidden: the service is suspended.
    :raises NotAllowed: not a member; the message is not on air; nothing, or only one of areas and polygons, is
        given; its end is outside the limits; another revision awaits approval.
    :raises InvalidValue: the text is empty or too long.
    :raises PolygonRefused: a polygon can be no area.
    :raises Conflict: somebody else changed the message just now.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    random: RandomSource
    smoother: PolygonSmoother

    def __call__(self, proposed: RevisionProposed) -> Revision:
        proposal = proposed.proposal
        fault = fault_in(proposal.simple_polygons, self.smoother)
        with self.work() as work:
            message = work.broadcast_messages.get(proposed.message_id, proposed.service_id)
            check_service_active(work.services.get(proposed.service_id))
            person = person_of(work, proposed.created_by, proposed.service_id)
            check_member(message, person)
            check_proposable(message, proposal)
            if proposal.content is not None:
                proposal = replace(proposal, content=accepted_content(proposal.content, called="Content"))
            if fault:
                raise fault
            now = self.clock.now()
            latest = work.broadcast_events.of_message(message.id)[-1]
            revision = resolved(
                message, latest, proposal, revision_id=RevisionId(self.random.uuid()), now=now, by=person.id
            )
            keep_proposed(work, message, revision)
            what = f"broadcast revision {revision.id} proposed"
            note(work, what, about=message.id, who=person.id, at=now, where=proposed.where)
            commit_proposed(work)
        return revision


def keep_proposed(work: BroadcastsWork, message: BroadcastMessage, revision: Revision) -> BroadcastMessage:
    """Add ``revision``, unless ``message`` changes at this very moment: none may be left behind by its end.
    Returns the message, touched.

    :raises NotAllowed: another one awaits approval.
    :raises Conflict: somebody else changed the message just now.
    """
    check_none_pending(message, work.broadcast_revisions.pending(message.id))
    becomes = replace(message, updated_at=revision.created_at)
    work.broadcast_messages.change(message, becomes)
    work.broadcast_revisions.add(revision)
    return becomes


def commit_proposed(work: BroadcastsWork) -> None:
    """Commit what :func:`keep_proposed` added.

    :raises Conflict: somebody else proposed another just now.
    """
    try:
        work.commit()
    except AlreadyExists as error:
        raise Conflict(str(error)) from error


@dataclass(frozen=True, slots=True)
class RevisionDecision:
    """What a person decides. ``where``: the way in, for the audit log."""

    service_id: ServiceId
    message_id: BroadcastMessageId
    revision_id: RevisionId
    status: RevisionStatus
    created_by: UserId
    where: str = "http"


@dataclass(frozen=True)
class DecideRevision:
    """The decided revision. Approval, the message's new values, its event, the task that sends it and the audit
    line are one transaction.

    :raises NotFound: the service has no such message, or the message no such revision.
    :raises Forbidden: the service is suspended.
    :raises NotAllowed: any other rule of broadcasts.md, section 2, in the order of those on a status change.
    :raises Conflict: somebody else decided it, or changed the message, just now.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    random: RandomSource
    broadcast_rules: BroadcastRules
    raise_ticket: RaiseTicket

    def __call__(self, decision: RevisionDecision) -> Revision:
        with self.work() as work:
            now = self.clock.now()
            message = work.broadcast_messages.get(decision.message_id, decision.service_id)
            revision = work.broadcast_revisions.get(decision.revision_id, message.id)
            service = work.services.get(decision.service_id)
            person = person_of(work, decision.created_by, decision.service_id)
            event = check_decision(message, revision, service, person, decision.status)
            becomes = revision.after(event, now, by=person.id)
            if event is RevisionEvent.APPROVED:
                self._put_on_air(work, message, becomes, service, now)
            work.broadcast_revisions.change(revision, becomes)
            what = f"broadcast revision {revision.id} {becomes.status}"
            note(work, what, about=message.id, who=person.id, at=now, where=decision.where)
            work.commit()
        return becomes

    def _put_on_air(
        self, work: BroadcastsWork, message: BroadcastMessage, revision: Revision, service: Service, now: datetime
    ) -> None:
        latest = work.broadcast_events.of_message(message.id)[-1]
        check_duration(message.id, latest.starts_at, revision.finishes_at, latest.channel, now=now)
        becomes = revised(message, revision, now)
        # The message first, as everywhere: whoever else changes it waits here, and has nothing that we wait for.
        work.broadcast_messages.change(message, becomes)
        Instructor(self.random, self.broadcast_rules, self.raise_ticket).update(work, becomes, service, now)


def lapse_pending(work: BroadcastsWork, message_id: BroadcastMessageId, now: datetime) -> None:
    """What nobody decided before the message ended comes to nothing. Call it when the message has been changed in
    this transaction: then no other can follow, and none be approved."""
    if pending := work.broadcast_revisions.pending(message_id):
        # Rejected at this very moment: then it has come to nothing, and nobody must wait for it.
        with suppress(Conflict):
            work.broadcast_revisions.change(pending, pending.after(RevisionEvent.MESSAGE_ENDED, now))
