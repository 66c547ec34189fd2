"""Emails made of a template: a subject, a plain-text part and an HTML part that say the same."""

from dataclasses import dataclass

from notify_core.templates.model.bullets import protected_with_bullets, with_bullets
from notify_core.templates.model.email_html import html_document
from notify_core.templates.model.email_plain import plain_text
from notify_core.templates.model.markdown import parse
from notify_core.templates.model.placeholders import PreparedText
from notify_core.templates.model.values import Personalisation, as_text
from notify_core.templates.model.white_space import one_line, tidy


@dataclass(frozen=True, slots=True)
class EmailMessage:
    """``body`` is the rendered template with its marks, which limits count and the API shows; ``plain``
    and ``html`` are what is sent."""

    subject: str
    body: str
    plain: str
    html: str


def render_email(
    subject: PreparedText, text: PreparedText, values: Personalisation, *, unsubscribe_url: str | None = None
) -> EmailMessage:
    """The message for one recipient; ``unsubscribe_url`` (https) is linked at its foot."""
    headline = one_line(subject.fill(values, as_text))
    body = tidy(text.fill(values, with_bullets))
    blocks = parse(tidy(text.fill(values, protected_with_bullets)))
    return EmailMessage(
        headline, body, plain_text(blocks, unsubscribe_url), html_document(headline, blocks, unsubscribe_url)
    )
