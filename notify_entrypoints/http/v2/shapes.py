"""What the public API answers, from the core's objects."""

from collections.abc import Mapping
from typing import Any

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import JobId
from notify_core.letters.use_cases.reading import LetterView, MessageView
from notify_core.notifications.model import Channel, Cost
from notify_core.notifications.use_cases import Accepted, NotificationView
from notify_core.templates.model import EmailMessage, LetterMessage, Template, placeholder_names
from notify_core.templates.use_cases import Preview
from notify_entrypoints.http.v2 import letter_shapes
from notify_entrypoints.http.v2.templates_named import version_read, version_sent


def accepted(answer: Accepted, root: str) -> dict[str, Any]:
    """The answer to a message that was taken."""
    if answer.from_email is None:
        content = {"body": answer.body, "from_number": answer.from_number}
    else:
        content = {
            "body": answer.body,
            "subject": answer.subject,
            "from_email": answer.from_email,
            "one_click_unsubscribe_url": answer.one_click_unsubscribe_url,
        }
    document: dict[str, Any] = {
        "id": str(answer.id),
        "reference": answer.reference,
        "content": content,
        "uri": f"{root}/v2/notifications/{answer.id}",
        "template": version_sent(answer.service_id, answer.template_id, answer.template_version, root),
        "scheduled_for": format_datetime(answer.scheduled_for),
    }
    if answer.from_email is not None:
        document["sanitised_content"] = {
            key: {"unsanitised": value.unsanitised, "sanitised": value.sanitised}
            for key, value in answer.sanitised_content.items()
        }
    return document


def message(view: MessageView, root: str, authors: Mapping[JobId, str] = letter_shapes.NOBODY) -> dict[str, Any]:
    """A message of whichever kind as it is read; ``authors`` are those who submitted jobs."""
    return (
        letter_shapes.letter(view, root, authors) if isinstance(view, LetterView) else notification(view, root, authors)
    )


def job_of(view: MessageView) -> JobId | None:
    return view.letter.job_id if isinstance(view, LetterView) else view.notification.job_id


def notification(rendered: NotificationView, root: str, authors: Mapping[JobId, str]) -> dict[str, Any]:
    """A text or an email as it is read. Address lines and postage belong to letters."""
    found = rendered.notification
    by_sms = found.channel is Channel.SMS
    return {
        "id": str(found.id),
        "reference": found.reference,
        "email_address": None if by_sms else found.to,
        "phone_number": found.to if by_sms else None,
        **{f"line_{number}": None for number in range(1, 7)},
        "postcode": None,
        "type": found.channel.value,
        "status": found.status.value,
        "template": version_read(found.template_id, found.template_version, root),
        "body": rendered.body,
        "subject": rendered.subject,
        "created_at": format_datetime(found.created_at),
        "created_by_name": None if found.job_id is None else authors.get(found.job_id),
        "sent_at": format_datetime(found.sent_at),
        "completed_at": format_datetime(found.completed_at),
        "scheduled_for": format_datetime(found.scheduled_for),
        "postage": None,
        "one_click_unsubscribe_url": found.one_click_unsubscribe_url,
        "is_cost_data_ready": rendered.cost is not None,
        "cost_in_pounds": None if rendered.cost is None else float(rendered.cost.pounds),
        "cost_details": _cost_details(rendered.cost),
    }


def _cost_details(cost: Cost | None) -> dict[str, Any]:
    if cost is None or cost.bill is None:
        return {}
    return {
        "billable_sms_fragments": cost.bill.fragments,
        "international_rate_multiplier": cost.bill.multiplier,
        "sms_rate": float(cost.bill.rate),
    }


def template(found: Template) -> dict[str, Any]:
    """A version of a template."""
    return {
        "id": str(found.id),
        "type": found.type.value,
        "created_at": format_datetime(found.created_at),
        "updated_at": format_datetime(found.updated_at),
        "created_by": found.created_by,
        "version": found.version,
        "body": found.content,
        "subject": found.subject,
        "name": found.name,
        "personalisation": {name: {"required": True} for name in placeholder_names(found)},
        "postage": found.postage,
        "letter_contact_block": found.letter_contact_block,
    }


def preview(found: Preview) -> dict[str, Any]:
    """The message that a template makes of some personalisation."""
    document: dict[str, Any] = {
        "id": str(found.template.id),
        "type": found.template.type.value,
        "version": found.template.version,
        "body": found.message.body,
        "subject": found.message.subject if isinstance(found.message, EmailMessage | LetterMessage) else None,
        "postage": found.template.postage,
    }
    if isinstance(found.message, EmailMessage):
        document["html"] = found.message.html
    return document
