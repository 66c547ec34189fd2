"""Writing down what became of a message."""

from collections.abc import Iterable
from datetime import datetime

from notify_core.notifications.events import NotificationEnded
from notify_core.notifications.model import Notification, Receipt
from notify_core.notifications.policies import caused_by
from notify_core.notifications.policies.costs import sends_receipts
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


def after_receipts(
    work: NotificationsWork, was: Notification, receipts: Iterable[Receipt], now: datetime
) -> Notification:
    """The message after these receipts, in their order. Those of a text to a country that sends none are ignored:
    what comes all the same was made up on the way.

    :raises IllegalTransition: it has not been handed over.
    """
    if was.international and not sends_receipts(was.recipient, was.created_at, work.sms_rates.all()):
        return was
    becomes = was
    for receipt in receipts:
        becomes = becomes.after(caused_by(receipt.outcome, becomes.status), now)
    return becomes


def move(work: NotificationsWork, was: Notification, event: Event, now: datetime) -> Notification:
    """Let ``event`` happen to the message; nothing is written where it is a declared ignore.

    :raises IllegalTransition: the event cannot happen to it.
    :raises Conflict: the stored message is no longer in the status of ``was``.
    """
    becomes = was.after(event, now)
    store(work, was, becomes)
    return becomes
