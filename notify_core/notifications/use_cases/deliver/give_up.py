"""The end of a message that no supplier took in time."""

from dataclasses import dataclass

from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.states import Event, Status
from notify_core.notifications.tasks import GiveUpNotification
from notify_core.notifications.use_cases.recording import move
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class GiveUpOnNotification:
    """The task ``give-up-notification``.

    :raises NotFound: the notification has been deleted.
    :raises Conflict: it moved on at this very moment.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock

    def __call__(self, task: GiveUpNotification, claim: Claim) -> None:
        with self.work() as work:
            notification = work.notifications.get(task.notification_id)
            # A time-out, or an operator's replay, may have been faster.
            if notification.status is Status.CREATED:
                move(work, notification, Event.EXHAUSTED, self.clock.now())
            work.finish(claim)
            work.commit()
