"""Stopping a message before it goes out."""

from dataclasses import dataclass

from notify_core.accounts.model import Caller
from notify_core.accounts.use_cases.idempotency import KeepAnswer, keep_no_answer
from notify_core.kernel.errors import Conflict, NotAllowed
from notify_core.kernel.ids import NotificationId
from notify_core.notifications.model import Channel
from notify_core.notifications.policies import check_cancellable
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.states import Event
from notify_core.notifications.tasks import DeliverEmail, DeliverSms
from notify_core.notifications.use_cases.read import NotificationView, view_of
from notify_core.ports.clock import Clock
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class CancelNotification:
    """A scheduled text or email, cancelled; its delivery is taken back in the same transaction. A worker that has
    begun it wins. ``keep`` is called in that transaction. The service is not called back: it has just said so itself.

    :raises NotFound: the service has no such message.
    :raises NotAllowed: it can no longer be cancelled, or never could.
    :raises Conflict: another request took this one's name.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock

    def __call__(
        self,
        caller: Caller,
        notification_id: NotificationId,
        keep: KeepAnswer[NotificationView] = keep_no_answer,
    ) -> NotificationView:
        try:
            return self._cancel(caller, notification_id, keep)
        except Conflict:
            # It moved on at this very moment; read again, it says what to.
            return self._cancel(caller, notification_id, keep)

    def _cancel(
        self, caller: Caller, notification_id: NotificationId, keep: KeepAnswer[NotificationView]
    ) -> NotificationView:
        with self.work() as work:
            now = self.clock.now()
            was = work.notifications.get(notification_id, caller.service.id)
            check_cancellable(was, now)
            becomes = was.after(Event.CANCELLED, now)
            view = view_of(work, becomes, caller.service)
            work.notifications.change(was, becomes)
            if not work.withdraw((DeliverSms if was.channel is Channel.SMS else DeliverEmail)(was.id)):
                raise NotAllowed("Notification cannot be cancelled: it is being sent")
            keep(work, view)
            work.commit()
        return view
