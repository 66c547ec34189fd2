"""One instruction to one network. Source: broadcasts.md, section 4; the numbers are its table's rows."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notify_core.broadcasts.model import (
    Attempt,
    AttemptOutcome,
    BroadcastEvent,
    Instruction,
    ProviderMessage,
    Route,
    instruction_for,
    message_number,
)
from notify_core.broadcasts.policies.network_view import ENDED_UNHEARD, NetworkView, acknowledged_late
from notify_core.broadcasts.policies.sequencing import BroadcastIntegrityError, Refusal, Situation, Verdict, verdict_on
from notify_core.broadcasts.ports import BroadcastsWork, NetworkFailed, NetworkProfile, Networks
from notify_core.broadcasts.states import ProviderMessageEvent
from notify_core.broadcasts.tasks import SendBroadcastProviderMessage
from notify_core.kernel.errors import AlreadyExists, ClaimLost, Conflict, TransientError
from notify_core.kernel.ids import ProviderMessageId
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.random_source import RandomSource
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Handover:
    """What is kept before the network is called: its own copy, and what it will be told."""

    own: ProviderMessage
    instruction: Instruction


@dataclass(frozen=True)
class SendToNetwork:
    """The task ``send-broadcast-provider-message``, safe to run any number of times: the identifier and
    the number are kept before the network is called, and every try says the same.

    :raises TransientError: neither route acknowledged, or another worker was first.
    :raises BroadcastIntegrityError: it may not be sent; an operator decides.
    :raises NotFound: the event, its message, its service or the network is unknown.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    random: RandomSource
    metrics: Metrics
    networks: Networks

    def __call__(self, task: SendBroadcastProviderMessage, claim: Claim) -> None:
        if not self.networks.is_connected(task.provider):  # 1
            logger.info("Broadcast not sent: the network is not connected", extra=_ids(task))
            self._finish(claim)
            return
        try:
            handover = self._prepare(task, claim)
        except BroadcastIntegrityError as error:
            self.metrics.count(f"broadcast.{task.provider}.integrity-error")
            logger.error("Broadcast not sent: %s", error, extra=_ids(task))  # noqa: TRY400 - a refusal, not a fault
            raise
        if handover is None:
            self._finish(claim)
        else:
            self._hand_over(handover, claim)

    def _prepare(self, task: SendBroadcastProviderMessage, claim: Claim) -> _Handover | None:
        """Check, and keep what will be said before it is said. None: there is nothing to say."""
        profile, enabled = self.networks.profile(task.provider), self.networks.enabled()
        with self.work() as work:
            now = self.clock.now()
            event = work.broadcast_events.get(task.broadcast_event_id)
            message = work.broadcast_messages.get(event.broadcast_message_id)
            copies = work.provider_messages.of_message(message.id, profile.name)
            situation = Situation(
                event=event,
                message=message,
                service=work.services.get(event.service_id),
                view=NetworkView(
                    profile.name, work.broadcast_events.of_message(message.id), copies, _late(work, copies)
                ),
                enabled=enabled,
                now=now,
            )
            verdict = _checked(work, situation)
            if verdict is not Verdict.SEND:
                self._report(task, verdict)
                return None
            kept = self._kept(work, situation, profile)
            work.provider_messages.add_attempts([_attempt(kept, now, Route.FIRST, AttemptOutcome.STARTED)])
            work.require(claim)  # 6
            _commit(work)
        return _Handover(kept, instruction_for(event, kept, situation.view.references(event)))

    def _kept(self, work: BroadcastsWork, situation: Situation, profile: NetworkProfile) -> ProviderMessage:
        """The copy that this try is about. It is touched at each try: an operator who gives it up at this very
        moment must see that a call is in the air, or be seen."""
        if situation.own is None:
            return self._new_copy(work, situation.event, profile, situation.now)
        touched = replace(situation.own, updated_at=situation.now)
        work.provider_messages.change(situation.own, touched)
        return touched

    def _new_copy(
        self, work: BroadcastsWork, event: BroadcastEvent, profile: NetworkProfile, now: datetime
    ) -> ProviderMessage:
        copy = ProviderMessage(
            id=ProviderMessageId(self.random.uuid()),
            broadcast_event_id=event.id,
            broadcast_message_id=event.broadcast_message_id,
            provider=profile.name,
            created_at=now,
            message_number=message_number(work.provider_messages.next_number()) if profile.needs_number else None,
        )
        work.provider_messages.add(copy)
        return copy

    def _report(self, task: SendBroadcastProviderMessage, verdict: Verdict) -> None:
        self.metrics.count(f"broadcast.{task.provider}.{verdict.value}")
        logger.info("Broadcast not sent: %s", verdict.value, extra=_ids(task))

    def _hand_over(self, handover: _Handover, claim: Claim) -> None:
        """First one route, then the other; the row stays until one of them has acknowledged."""
        first = self._try(handover, Route.FIRST)
        if first is None:
            self._acknowledged(handover.own, Route.FIRST, claim)
            return
        now = self.clock.now()
        failed = _attempt(handover.own, now, Route.FIRST, AttemptOutcome.FAILED, first)
        self._add_attempts(failed, _attempt(handover.own, now, Route.SECOND, AttemptOutcome.STARTED), claim=claim)
        second = self._try(handover, Route.SECOND)
        if second is None:
            self._acknowledged(handover.own, Route.SECOND, claim)
            return
        self._add_attempts(_attempt(handover.own, self.clock.now(), Route.SECOND, AttemptOutcome.FAILED, second))
        raise TransientError(f"{handover.own.provider} acknowledged on neither route: {first}; {second}")  # 8

    def _try(self, handover: _Handover, route: Route) -> str | None:
        """None: acknowledged; else what happened."""
        provider = handover.own.provider
        try:
            self.networks.send(provider, route, handover.instruction)
        except NetworkFailed as error:
            self.metrics.count(f"broadcast.{provider}.{route.value}.{AttemptOutcome.FAILED}")
            return str(error)
        self.metrics.count(f"broadcast.{provider}.{route.value}.{AttemptOutcome.ACKNOWLEDGED}")
        return None

    def _acknowledged(self, own: ProviderMessage, route: Route, claim: Claim) -> None:  # 7
        now = self.clock.now()
        attempt = _attempt(own, now, route, AttemptOutcome.ACKNOWLEDGED)
        try:
            with self.work() as work:
                work.provider_messages.add_attempts([attempt])
                work.provider_messages.change(own, own.after(ProviderMessageEvent.ACKNOWLEDGED, now))
                work.finish(claim)
                work.commit()
        except (Conflict, ClaimLost):
            # It is somebody else's to end by now, but that the network has it must not be forgotten.
            self._add_attempts(attempt)
            raise

    def _add_attempts(self, *attempts: Attempt, claim: Claim | None = None) -> None:
        with self.work() as work:
            work.provider_messages.add_attempts(attempts)
            if claim is not None:
                work.require(claim)
            work.commit()

    def _finish(self, claim: Claim) -> None:
        with self.work() as work:
            work.finish(claim)
            work.commit()


def _late(work: BroadcastsWork, copies: Sequence[ProviderMessage]) -> frozenset[ProviderMessageId]:
    ended = [copy.id for copy in copies if copy.status in ENDED_UNHEARD]
    return acknowledged_late(copies, work.provider_messages.attempts_of(ended)) if ended else frozenset()


def _checked(work: BroadcastsWork, situation: Situation) -> Verdict:
    """Rows 2 to 5; a copy that nobody acknowledged in time ends here."""
    try:
        return verdict_on(situation)
    except BroadcastIntegrityError as error:
        if error.refusal is Refusal.EXPIRED and situation.own is not None:
            work.provider_messages.change(
                situation.own, situation.own.after(ProviderMessageEvent.EXPIRED, situation.now)
            )
            work.commit()
        raise


def _commit(work: BroadcastsWork) -> None:
    try:
        work.commit()
    except AlreadyExists as error:
        # Another worker, whose lease ran out, was first: its copy is the one that counts.
        raise Conflict(str(error)) from error


def _attempt(
    own: ProviderMessage, at: datetime, route: Route, outcome: AttemptOutcome, detail: str | None = None
) -> Attempt:
    return Attempt(own.id, at, route, outcome, detail)


def _ids(task: SendBroadcastProviderMessage) -> dict[str, str]:
    return {"broadcast_event_id": str(task.broadcast_event_id), "provider": task.provider}
