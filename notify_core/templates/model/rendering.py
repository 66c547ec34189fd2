"""Any template as the message it makes."""

from dataclasses import dataclass

from notify_core.templates.model.broadcast import render_broadcast
from notify_core.templates.model.email import EmailMessage, render_email
from notify_core.templates.model.letter import LetterMessage, render_letter
from notify_core.templates.model.placeholders import prepare
from notify_core.templates.model.sms import SmsMessage, render_sms
from notify_core.templates.model.template import Template, TemplateType
from notify_core.templates.model.values import Personalisation, placeholder_key


@dataclass(frozen=True, slots=True)
class TextMessage:
    """What is a text and nothing else: a broadcast."""

    body: str


Message = SmsMessage | EmailMessage | LetterMessage | TextMessage


def placeholder_names(template: Template) -> tuple[str, ...]:
    """What personalisation ``template`` needs: its subject's placeholders, then its content's, each
    once and as first spelt."""
    names = (*prepare(template.subject or "").names, *prepare(template.content).names)
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(placeholder_key(name), name)
    return tuple(first.values())


def render(
    template: Template, values: Personalisation, *, prefix: str | None = None, unsubscribe_url: str | None = None
) -> Message:
    """The message for one recipient. ``prefix`` is for text messages, ``unsubscribe_url`` for emails."""
    subject, content = prepare(template.subject or ""), prepare(template.content)
    match template.type:
        case TemplateType.SMS:
            return render_sms(content, values, prefix=prefix)
        case TemplateType.EMAIL:
            return render_email(subject, content, values, unsubscribe_url=unsubscribe_url)
        case TemplateType.BROADCAST:
            return TextMessage(render_broadcast(content, values))
    return render_letter(subject, content, values)
