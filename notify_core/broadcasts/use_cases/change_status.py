"""Submitting, rejecting, approving and cancelling a broadcast message."""

from dataclasses import dataclass, replace
from datetime import datetime

from notify_core.accounts.model import Service
from notify_core.alarms.use_cases import RaiseTicket
from notify_core.broadcasts.model import BroadcastMessage
from notify_core.broadcasts.policies.changes import alert_targets, check_status_change, needed_settings
from notify_core.broadcasts.policies.duration import check_duration, end_of
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.broadcasts.ports import BroadcastsWork, Networks
from notify_core.broadcasts.states import MessageEvent, MessageStatus
from notify_core.broadcasts.use_cases.auditing import note
from notify_core.broadcasts.use_cases.instructing import Instructor
from notify_core.broadcasts.use_cases.people import person_of
from notify_core.broadcasts.use_cases.revise import lapse_pending
from notify_core.kernel.ids import BroadcastMessageId, ServiceId, UserId
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What a person asks for. ``where``: the way in, for the audit log."""

    service_id: ServiceId
    message_id: BroadcastMessageId
    status: MessageStatus
    created_by: UserId
    where: str = "http"


@dataclass(frozen=True)
class ChangeBroadcastStatus:
    """The change, its event, the task that sends it and its audit line, all or none of them.

    :raises NotFound: the service has no such message.
    :raises Forbidden: the service is suspended.
    :raises NotAllowed: any other rule of broadcasts.md, section 2, in its order.
    :raises Conflict: somebody else changed the message just now.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    random: RandomSource
    networks: Networks
    broadcast_rules: BroadcastRules
    raise_ticket: RaiseTicket

    def __call__(self, change: StatusChange) -> BroadcastMessage:
        enabled = self.networks.enabled()
        with self.work() as work:
            now = self.clock.now()
            message = work.broadcast_messages.get(change.message_id, change.service_id)
            service = work.services.get(change.service_id)
            person = person_of(work, change.created_by, change.service_id)
            event = check_status_change(message, service, person, change.status)
            if event is MessageEvent.APPROVED:
                becomes = self._approve(work, message, service, by=person.id, now=now, enabled=enabled)
            elif event is MessageEvent.CANCELLED:
                becomes = self._cancel(work, message, service, by=person.id, now=now)
            else:
                becomes = message.after(event, now)
                work.broadcast_messages.change(message, becomes)
            what = f"broadcast message moved from {message.status} to {becomes.status}"
            note(work, what, about=message.id, who=person.id, at=now, where=change.where)
            work.commit()
        return becomes

    @property
    def _instructor(self) -> Instructor:
        return Instructor(self.random, self.broadcast_rules, self.raise_ticket)

    def _approve(
        self,
        work: BroadcastsWork,
        message: BroadcastMessage,
        service: Service,
        *,
        by: UserId,
        now: datetime,
        enabled: tuple[str, ...],
    ) -> BroadcastMessage:
        settings = needed_settings(service, work.settings.broadcast(service.id))
        providers = alert_targets(settings, enabled)
        finishes_at = end_of(message.finishes_at, now, settings.channel, self.broadcast_rules.duration)
        check_duration(message.id, now, finishes_at, settings.channel)
        becomes = replace(
            message.after(MessageEvent.APPROVED, now),
            approved_at=now,
            approved_by_id=by,
            starts_at=now,
            finishes_at=finishes_at,
        )
        # The message first: of two who approve it at once, the second waits here, and is told of a conflict.
        work.broadcast_messages.change(message, becomes)
        self._instructor.alert(work, becomes, service, settings=settings, providers=providers, now=now)
        return becomes

    def _cancel(
        self, work: BroadcastsWork, message: BroadcastMessage, service: Service, *, by: UserId, now: datetime
    ) -> BroadcastMessage:
        becomes = replace(message.after(MessageEvent.CANCELLED, now), cancelled_at=now, cancelled_by_id=by)
        work.broadcast_messages.change(message, becomes)
        lapse_pending(work, message.id, now)
        self._instructor.cancel(work, becomes, service, now)
        return becomes
