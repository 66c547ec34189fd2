"""The message that a template's version and personalisation make."""

from collections.abc import Mapping

from notify_core.accounts.model import Service
from notify_core.notifications.model import Notification
from notify_core.templates.model import (
    EmailMessage,
    Personalisation,
    SmsMessage,
    Template,
    prepare,
    render_email,
    render_sms,
)


def text_message(template: Template, values: Personalisation, service: Service) -> SmsMessage:
    prefix = service.name if service.prefix_sms else None
    return render_sms(prepare(template.content), values, prefix=prefix)


def email(template: Template, values: Personalisation, unsubscribe_url: str | None = None) -> EmailMessage:
    subject, content = prepare(template.subject or ""), prepare(template.content)
    return render_email(subject, content, values, unsubscribe_url=unsubscribe_url)


def values_of(notification: Notification) -> Personalisation:
    """The sender's values as they were kept."""
    kept: Mapping[str, object] = notification.personalisation
    return Personalisation.parse(kept)
