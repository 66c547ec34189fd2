"""Templates, their versions, and the messages made of them."""

from notify_core.templates.model.broadcast import render_broadcast
from notify_core.templates.model.email import EmailMessage, render_email
from notify_core.templates.model.letter import LetterMessage, render_letter
from notify_core.templates.model.placeholders import PreparedText, prepare
from notify_core.templates.model.rendering import Message, TextMessage, placeholder_names, render
from notify_core.templates.model.sms import SmsMessage, render_sms
from notify_core.templates.model.template import CONTENT, ProcessType, Template, TemplateType
from notify_core.templates.model.values import Personalisation, Value, placeholder_key

__all__ = [
    "CONTENT",
    "EmailMessage",
    "LetterMessage",
    "Message",
    "Personalisation",
    "PreparedText",
    "ProcessType",
    "SmsMessage",
    "Template",
    "TemplateType",
    "TextMessage",
    "Value",
    "placeholder_key",
    "placeholder_names",
    "prepare",
    "render",
    "render_broadcast",
    "render_email",
    "render_letter",
    "render_sms",
]
