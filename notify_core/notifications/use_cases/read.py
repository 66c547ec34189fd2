"""Showing messages to the service that sent them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from notify_core.accounts.model import Caller, Service
from notify_core.kernel.ids import NotificationId, TemplateId
from notify_core.notifications.model import Channel, Cost, Notification, SmsRate
from notify_core.notifications.policies import statuses_named
from notify_core.notifications.policies.costs import cost_of
from notify_core.notifications.policies.rendering import email, text_message, values_of
from notify_core.notifications.ports import NotificationFilter, NotificationsWork
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.templates.model import Template

PAGE_LENGTH = 250


@dataclass(frozen=True, slots=True)
class NotificationView:
    """``body`` and ``subject`` are rendered again, as they were sent; a text's without its prefix. ``cost`` is None
    until it is known."""

    notification: Notification
    body: str
    subject: str | None
    cost: Cost | None


@dataclass(frozen=True, slots=True)
class NotificationPage:
    """Newest first; ``next_older_than`` is where the next page begins, None on an empty page."""

    notifications: Sequence[NotificationView]

    @property
    def next_older_than(self) -> NotificationId | None:
        return self.notifications[-1].notification.id if self.notifications else None


@dataclass(frozen=True)
class GetNotification:
    """One message of the service, whichever of its keys sent it.

    :raises NotFound: it has no such message.
    """

    work: UnitOfWorkFactory[NotificationsWork]

    def __call__(self, caller: Caller, notification_id: NotificationId) -> NotificationView:
        with self.work(read_only=True) as work:
            notification = work.notifications.get(notification_id, caller.service.id)
            return view_of(work, notification, caller.service)


def view_of(work: NotificationsWork, notification: Notification, service: Service) -> NotificationView:
    """The message as its service sees it."""
    return _view(notification, _template(work, notification), service, work.sms_rates.all())


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a listing shows; empty fields filter nothing. ``statuses`` are the API's words."""

    statuses: tuple[str, ...] = ()
    channels: frozenset[Channel] = frozenset()
    reference: str | None = None
    older_than: NotificationId | None = None


@dataclass(frozen=True)
class ListNotifications:
    """A page of the service's messages; keys see those of keys of their own type.

    :raises InvalidValue: an unknown status.
    """

    work: UnitOfWorkFactory[NotificationsWork]

    def __call__(self, caller: Caller, request: ListRequest) -> NotificationPage:
        statuses = statuses_named(request.statuses)
        if request.statuses and not statuses:
            return NotificationPage(())
        wanted = NotificationFilter(
            key_types=frozenset({caller.api_key.key_type}),
            statuses=statuses,
            channels=request.channels,
            reference=request.reference,
            older_than=request.older_than,
        )
        with self.work(read_only=True) as work:
            found = work.notifications.page(caller.service.id, wanted, PAGE_LENGTH)
            templates = _templates(work, found)
            rates = work.sms_rates.all()
        return NotificationPage(
            tuple(_view(one, templates[one.template_id, one.template_version], caller.service, rates) for one in found)
        )


def _templates(
    work: NotificationsWork, notifications: Iterable[Notification]
) -> dict[tuple[TemplateId, int], Template]:
    """Each version once: a page has 250 messages and few templates."""
    first = {(one.template_id, one.template_version): one for one in notifications}
    return {version: _template(work, one) for version, one in first.items()}


def _template(work: NotificationsWork, notification: Notification) -> Template:
    return work.templates.get(notification.service_id, notification.template_id, notification.template_version)


def _view(
    notification: Notification, template: Template, service: Service, rates: Iterable[SmsRate]
) -> NotificationView:
    values, cost = values_of(notification), cost_of(notification, rates)
    if notification.channel is Channel.EMAIL:
        message = email(template, values)
        return NotificationView(notification, message.body, message.subject, cost)
    return NotificationView(notification, text_message(template, values, service).body, None, cost)
