"""What delivering a text and delivering an email have in common.

A supplier is called with no unit of work open. If we die between its answer and our record, the row of
the task ledger brings the message again, under the same reference: our own id of it.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from notify_core.accounts.model import KeyType, Service
from notify_core.kernel.errors import Conflict
from notify_core.kernel.ids import NotificationId
from notify_core.kernel.queues import RESEARCH_MODE
from notify_core.notifications.model import Channel, Notification
from notify_core.notifications.policies import simulated_outcome
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.states import Event, Status
from notify_core.notifications.tasks import ProcessEmailReceipt, ProcessSmsReceipt
from notify_core.notifications.use_cases.recording import after_receipts, move, store
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import Template

_log = logging.getLogger(__name__)

# Who took a message of a test key.
SIMULATOR: Final = "simulator"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message and what it is made of."""

    notification: Notification
    service: Service
    template: Template

    @property
    def reference(self) -> str:
        """The same for every try."""
        return str(self.notification.id)

    @property
    def is_test(self) -> bool:
        return self.notification.key_type is KeyType.TEST


@dataclass(frozen=True, slots=True)
class HandedOver:
    """``reference`` is what receipts will carry, if there will be ``receipts``; ``units`` are SMS fragments."""

    supplier: str
    reference: str
    units: int = 0
    receipts: bool = True


Known = Mapping[NotificationId, Notification]


def read_ahead(recent: UnitOfWorkFactory[NotificationsWork], ids: Sequence[NotificationId]) -> Known:
    """The messages of several rows at once. Who holds their rows may rely on it: nobody else delivers them.

    :raises TransientError: the database is not there.
    """
    with recent(read_only=True) as work:
        return {notification.id: notification for notification in work.notifications.those(ids)}


@dataclass(frozen=True)
class Delivery:
    """``recent`` may read services and templates as they were a moment ago; ``known`` are messages read ahead."""

    work: UnitOfWorkFactory[NotificationsWork]
    recent: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    metrics: Metrics
    known: Known = field(default_factory=dict)

    def outgoing(self, notification_id: NotificationId, claim: Claim) -> Outgoing | None:
        """What is to be handed over; None: nothing is, and that is recorded already."""
        with self.recent(read_only=True) as work:
            notification = self.known.get(notification_id) or work.notifications.get(notification_id)
            service = work.services.get(notification.service_id)
            template = work.templates.get(service.id, notification.template_id, notification.template_version)
        if notification.status is Status.CREATED and service.active:
            return Outgoing(notification, service, template)
        self._end(notification, Event.SERVICE_INACTIVE, claim)
        return None

    @contextmanager
    def asking(self, supplier: str) -> Iterator[None]:
        """Around the call that hands a message over: how long the supplier takes, and whether it takes it."""
        begun, outcome = self.clock.monotonic(), "error"
        try:
            yield
            outcome = "success"
        finally:
            self.metrics.timing(f"clients.{supplier}.request-time", self.clock.monotonic() - begun)
            self.metrics.count(f"clients.{supplier}.{outcome}")

    def refused(self, outgoing: Outgoing, supplier: str, claim: Claim) -> None:
        """``supplier`` will never take it."""
        # The supplier's words may repeat the address, so they are not logged.
        _log.warning("%s refused the message for good", supplier, extra=_ids(outgoing.notification))
        self._end(outgoing.notification, Event.REFUSED, claim)

    def handed_over(self, outgoing: Outgoing, taken: HandedOver, claim: Claim) -> None:
        """Record who took it, with what receipts that came before this have to say."""
        now = self.clock.now()
        if outgoing.is_test or not self._recorded_at_once(outgoing, taken, claim, now):
            self._record(outgoing, taken, claim, now)
        self._measure(outgoing.notification, now)

    def _recorded_at_once(self, outgoing: Outgoing, taken: HandedOver, claim: Claim, now: datetime) -> bool:
        """Nearly always nothing has happened to it meanwhile, and no receipt was faster; otherwise nothing is
        recorded."""
        was = outgoing.notification
        try:
            with self.work() as work:
                work.notifications.hand_over(was, _handed_over(was, taken, now))
                work.finish(claim)
                work.commit()
        except Conflict:
            return False
        return True

    def _record(self, outgoing: Outgoing, taken: HandedOver, claim: Claim, now: datetime) -> None:
        with self.work() as work:
            # Read again: meanwhile a time-out may have ended it.
            was = work.notifications.get(outgoing.notification.id)
            early = work.early_receipts.take(taken.supplier, taken.reference)
            becomes = after_receipts(work, _handed_over(was, taken, now), early, now)
            store(work, was, becomes)
            if outgoing.is_test:
                work.enqueue(_simulated_receipt(was), queue=RESEARCH_MODE, fair=str(was.service_id))
            work.finish(claim)
            work.commit()

    def _end(self, notification: Notification, event: Event, claim: Claim) -> None:
        with self.work() as work:
            was = work.notifications.get(notification.id)
            if was.status is Status.CREATED:
                move(work, was, event, self.clock.now())
            work.finish(claim)
            work.commit()

    def _measure(self, notification: Notification, now: datetime) -> None:
        begun = max(notification.created_at, notification.scheduled_for or notification.created_at)
        seconds = (now - begun).total_seconds()
        key = "test-key" if notification.key_type is KeyType.TEST else "live-key"
        self.metrics.timing(f"{notification.channel}.total-time", seconds)
        self.metrics.timing(f"{notification.channel}.{key}.total-time", seconds)


def _handed_over(was: Notification, taken: HandedOver, now: datetime) -> Notification:
    return was.handed_over(
        supplier=taken.supplier,
        supplier_reference=taken.reference,
        billable_units=taken.units,
        now=now,
        receipts=taken.receipts,
    )


def _simulated_receipt(notification: Notification) -> ProcessSmsReceipt | ProcessEmailReceipt:
    kind = ProcessSmsReceipt if notification.channel is Channel.SMS else ProcessEmailReceipt
    outcome = simulated_outcome(notification.channel, notification.recipient)
    return kind(SIMULATOR, str(notification.id), outcome.value)


def _ids(notification: Notification) -> dict[str, str]:
    return {"notification_id": str(notification.id), "service_id": str(notification.service_id)}
