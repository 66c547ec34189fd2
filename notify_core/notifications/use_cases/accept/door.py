"""What accepting a text and accepting an email have in common."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from notify_core.accounts.model import Caller, KeyType, User
from notify_core.kernel.errors import InvalidValue, NotAllowed, RateLimited
from notify_core.kernel.ids import ServiceId
from notify_core.kernel.queues import PRIORITY, RESEARCH_MODE, Queue
from notify_core.notifications.model import Channel, Notification
from notify_core.notifications.policies import check_recipient, whose_recipients_are_limited
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.tasks import DeliverEmail, DeliverSms
from notify_core.ports.rate_limiter import RateLimiter
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.recipients.model import EmailAddress, PhoneNumber
from notify_core.templates.model import ProcessType, Template

RATE_WINDOW = timedelta(seconds=60)
_KEY_WORDS = {KeyType.NORMAL: "LIVE", KeyType.TEAM: "TEAM", KeyType.TEST: "TEST"}


def check_rate(limiter: RateLimiter, caller: Caller) -> None:
    """:raises RateLimited: too many requests of this service with keys of this type."""
    service, key_type = caller.service, caller.api_key.key_type
    wait = limiter.allow(f"{service.id}:{key_type}", limit=service.rate_limit, window=RATE_WINDOW)
    if wait is not None:
        raise RateLimited(
            f"Exceeded rate limit for key type {_KEY_WORDS[key_type]} of {service.rate_limit} requests "
            f"per {RATE_WINDOW.seconds} seconds",
            retry_after=wait,
        )


def check_known(work: NotificationsWork, caller: Caller, recipient: str) -> None:
    """:raises NotAllowed: only the team and the guest list may be written to, and ``recipient`` is neither."""
    service, key_type = caller.service, caller.api_key.key_type
    # Most messages go to anybody: then the team is not looked up.
    if whose_recipients_are_limited(service, key_type):
        check_recipient(service, key_type, is_known=is_known(work, service.id, recipient))


def is_known(work: NotificationsWork, service_id: ServiceId, recipient: str) -> bool:
    """Whether ``recipient`` (normalised) is of the service's team or on its guest list."""
    if work.guest_list.contains(service_id, recipient):
        return True
    return any(recipient in _addresses(member) for member in work.users.members(service_id))


def _addresses(member: User) -> set[str]:
    known = set()
    # What people once entered as theirs need not be a recipient we can write to.
    with suppress(InvalidValue, NotAllowed):
        known.add(str(EmailAddress.parse(member.email_address)))
    with suppress(InvalidValue, NotAllowed):
        known.add(str(PhoneNumber.parse(member.mobile_number or "")))
    return known


def let_in(
    open_work: UnitOfWorkFactory[NotificationsWork],
    notification: Notification,
    template: Template,
    now: datetime,
    keep: Callable[[NotificationsWork], None],
) -> None:
    """The row and its delivery, in one transaction, with what ``keep`` keeps; scheduled ones wait in the ledger. A
    unit of work of its own, since on an embedded database the one that writes makes others wait."""
    task = (DeliverSms if notification.channel is Channel.SMS else DeliverEmail)(notification.id)
    wait = notification.scheduled_for - now if notification.scheduled_for else timedelta()
    with open_work() as work:
        keep(work)
        work.notifications.add_many([notification])
        work.enqueue(task, delay=wait, queue=queue_for(notification, template), fair=str(notification.service_id))
        work.commit()


def queue_for(notification: Notification, template: Template) -> Queue | None:
    """None: the task's own."""
    if notification.key_type is KeyType.TEST:
        return RESEARCH_MODE
    return PRIORITY if template.process_type is ProcessType.PRIORITY else None
