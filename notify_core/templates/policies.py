"""Which template may make a message, and which message may be sent: each refusal with its reason."""

from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.templates.model import (
    EmailMessage,
    Personalisation,
    SmsMessage,
    Template,
    TemplateType,
    placeholder_names,
)

LONGEST_SMS = 918  # characters: six fragments of 153
LONGEST_EMAIL = 2_000_000  # bytes of UTF-8
_WITH_SUBJECT = frozenset({TemplateType.EMAIL, TemplateType.LETTER})


def check_subject(kind: TemplateType, subject: str | None) -> None:
    """:raises InvalidValue: an email or a letter without a subject, or another kind with one."""
    if kind in _WITH_SUBJECT and subject is None:
        raise InvalidValue("is missing")
    if kind not in _WITH_SUBJECT and subject is not None:
        raise InvalidValue(f"a template of type {kind} has none")


def check_unsubscribe_link(kind: TemplateType, *, has_link: bool) -> None:
    """:raises NotAllowed: something else than an email is to end with a link to unsubscribe."""
    if has_link and kind is not TemplateType.EMAIL:
        raise NotAllowed(f"a template of type {kind} has no unsubscribe link")


def check_usable(template: Template, kind: TemplateType) -> None:
    """:raises NotAllowed: the template is for another channel, or deleted; in the published API's order."""
    if template.type is not kind:
        raise NotAllowed(f"{template.type} template is not suitable for {kind} notification")
    if template.archived:
        raise NotAllowed("Template has been deleted")


def check_complete(template: Template, values: Personalisation) -> None:
    """:raises NotAllowed: placeholders have no value; names them in the template's order."""
    if missing := [name for name in placeholder_names(template) if name not in values]:
        raise NotAllowed(f"Missing personalisation: {', '.join(missing)}")


def check_sms(message: SmsMessage) -> None:
    """The service's name before the text does not count.

    :raises NotAllowed: it is empty or too long.
    """
    _check_not_empty(message.body)
    if (length := len(message.body)) > LONGEST_SMS:
        raise NotAllowed(
            f"Your message is too long. Text messages cannot be longer than {LONGEST_SMS} characters. "
            f"Your message is {length} characters long."
        )


def check_email(message: EmailMessage) -> None:
    """:raises NotAllowed: it is empty or too long."""
    _check_not_empty(message.body)
    if (length := len(message.body.encode())) > LONGEST_EMAIL:
        raise NotAllowed(
            f"Your message is too long. Emails cannot be longer than {LONGEST_EMAIL} bytes. "
            f"Your message is {length} bytes."
        )


def _check_not_empty(body: str) -> None:
    if not body:
        raise NotAllowed("Your message is empty.")
