"""Looking after messages that got stuck. Each execution takes a batch and, when there may be more,
writes the task for the next in the same transaction."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from notify_core.kernel.errors import Conflict
from notify_core.notifications.model import Channel, Notification
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.states import Event
from notify_core.notifications.tasks import DeliverEmail, DeliverSms, ReplayCreated, TimeOutSending
from notify_core.notifications.use_cases.accept.door import queue_for
from notify_core.notifications.use_cases.recording import move
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

TIME_OUT: Final = timedelta(days=3)
EARLY_RECEIPTS_KEPT: Final = timedelta(days=4)
REPLAY_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True)
class TimeOutSendingNotifications:
    """The task ``timeout-sending-notifications``: no receipt came in three days."""

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    batch: int = 500

    def __call__(self, task: TimeOutSending, claim: Claim) -> None:
        now = self.clock.now()
        with self.work() as work:
            stuck = work.notifications.sent_before(now - TIME_OUT, self.batch)
            for notification in stuck:
                self._time_out(work, notification)
            work.early_receipts.forget_before(now - EARLY_RECEIPTS_KEPT)
            if len(stuck) == self.batch:
                work.enqueue(task)
            work.finish(claim)
            work.commit()
        if stuck:
            _log.info("timed out %d notifications", len(stuck))

    def _time_out(self, work: NotificationsWork, notification: Notification) -> None:
        try:
            move(work, notification, Event.TIMED_OUT, self.clock.now())
        except Conflict:
            # Its receipt came at this very moment, and is worth more. (Were it the database that gave up, the
            # unit of work would be lost: its commit raises the same again, and the sweep is repeated.)
            _log.info("not timed out: it moved on", extra={"notification_id": str(notification.id)})


@dataclass(frozen=True)
class ReplayCreatedNotifications:
    """The task ``replay-created-notifications``: what is still to be sent after an hour and has no
    delivery under way gets one."""

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    batch: int = 500

    def __call__(self, task: ReplayCreated, claim: Claim) -> None:
        with self.work() as work:
            stuck = work.notifications.created_without_task(self.clock.now() - REPLAY_AFTER, self.batch)
            for notification in stuck:
                _deliver_again(work, notification)
            if len(stuck) == self.batch:
                work.enqueue(task)
            work.finish(claim)
            work.commit()
        if stuck:
            _log.warning("started the delivery of %d notifications again", len(stuck))


def _deliver_again(work: NotificationsWork, notification: Notification) -> None:
    kind = DeliverSms if notification.channel is Channel.SMS else DeliverEmail
    service_id = notification.service_id
    template = work.templates.get(service_id, notification.template_id, notification.template_version)
    work.enqueue(kind(notification.id), queue=queue_for(notification, template), fair=str(service_id))
