"""What may still be stopped."""

from datetime import datetime

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.errors import NotAllowed
from notify_core.notifications.model import Notification
from notify_core.notifications.states import Status


def check_cancellable(notification: Notification, now: datetime) -> None:
    """For texts and emails, which go out when they are due.

    :raises NotAllowed: it was not scheduled, its time has come, or it has ended.
    """
    due = notification.scheduled_for
    if notification.status is not Status.CREATED:
        raise NotAllowed(f"Notification cannot be cancelled: it is {notification.status}")
    if due is None:
        raise NotAllowed("Notification cannot be cancelled: it was not scheduled")
    if due <= now:
        raise NotAllowed(f"Notification cannot be cancelled: it was due at {format_datetime(due)}")
