"""Texts and emails as the service that sent them sees them."""

from collections.abc import Iterable
from dataclasses import dataclass

from notify_core.accounts.model import Service
from notify_core.notifications.model import Channel, Cost, Notification, SmsRate
from notify_core.notifications.policies.costs import cost_of
from notify_core.notifications.policies.rendering import email, text_message, values_of
from notify_core.notifications.ports import NotificationsWork
from notify_core.templates.model import Template


@dataclass(frozen=True, slots=True)
class NotificationView:
    """``body`` and ``subject`` are rendered again, as they were sent; a text's without its prefix. ``cost`` is None
    until it is known."""

    notification: Notification
    body: str
    subject: str | None
    cost: Cost | None


def view_of(work: NotificationsWork, notification: Notification, service: Service) -> NotificationView:
    """The message as its service sees it."""
    version = notification.template_version
    template = work.templates.get(notification.service_id, notification.template_id, version)
    return notification_view(notification, template, service, work.sms_rates.all())


def notification_view(
    notification: Notification, template: Template, service: Service, rates: Iterable[SmsRate]
) -> NotificationView:
    """The message with what is made of it and what is known; ``template`` is its version."""
    values, cost = values_of(notification), cost_of(notification, rates)
    if notification.channel is Channel.EMAIL:
        message = email(template, values)
        return NotificationView(notification, message.body, message.subject, cost)
    return NotificationView(notification, text_message(template, values, service).body, None, cost)
