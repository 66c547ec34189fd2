"""Writing down what became of a message."""

from datetime import datetime

from notify_core.notifications.events import NotificationEnded
from notify_core.notifications.model import Notification
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.states import FINAL, Event


def store(work: NotificationsWork, was: Notification, becomes: Notification) -> None:
    """Keep ``becomes``, and say so where it is the end.

    :raises Conflict: the stored message is no longer in the status of ``was``.
    """
    if becomes is was:
        return
    work.notifications.change(was, becomes)
    if becomes.status in FINAL:
        work.record(NotificationEnded(becomes.id, becomes.service_id, becomes.status))


def move(work: NotificationsWork, was: Notification, event: Event, now: datetime) -> Notification:
    """Let ``event`` happen to the message; nothing is written where it is a declared ignore.

    :raises IllegalTransition: the event cannot happen to it.
    :raises Conflict: the stored message is no longer in the status of ``was``.
    """
    becomes = was.after(event, now)
    store(work, was, becomes)
    return becomes
