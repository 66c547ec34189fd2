"""What services are told: names and order as published; recipients as the service gave them. Of a message that has
moved to the history the recipient is not known any more: None."""

from collections.abc import Mapping

from notify_core.inbound.model import InboundText
from notify_core.kernel.calendar import format_datetime
from notify_core.letters.model import Letter, PastMessage
from notify_core.notifications.model import Complaint, Notification

Body = Mapping[str, str | int | None]

# Rows of a job count from 0 beneath the headings; those of a spreadsheet from 1, headings included.
ROWS_ABOVE = 2


def delivery_status(notification: Notification | PastMessage) -> Body:
    """What became of a message."""
    return {
        "id": str(notification.id),
        "reference": notification.reference,
        "to": _recipient(notification),
        "status": str(notification.status),
        "created_at": format_datetime(notification.created_at),
        "completed_at": format_datetime(notification.completed_at),
        "sent_at": format_datetime(notification.sent_at),
        "notification_type": notification.channel.value,
        "template_id": str(notification.template_id),
        "template_version": notification.template_version,
    }


def complaint(complaint: Complaint, notification: Notification | PastMessage) -> Body:
    """Somebody marked an email of the service as spam."""
    return {
        "notification_id": str(notification.id),
        "complaint_id": str(complaint.id),
        "reference": notification.reference,
        "to": _recipient(notification),
        "complaint_date": format_datetime(complaint.complained_at),
    }


def inbound_sms(text: InboundText) -> Body:
    """A text that somebody sent to the service's number."""
    return {
        "id": str(text.id),
        "source_number": text.user_number,
        "destination_number": text.notify_number,
        "message": text.content,
        "date_received": format_datetime(text.sent_at or text.created_at),
    }


def returned_letter(letter: Letter | PastMessage, template_name: str | None, file_name: str | None) -> Body:
    """The post brought a letter back. ``file_name`` is that of the list it was a row of."""
    return {
        "notification_id": str(letter.id),
        "reference": letter.reference,
        "date_sent": format_datetime(letter.sent_at),
        "sent_by": letter.sent_by,
        "template_name": template_name,
        "template_id": str(letter.template_id),
        "template_version": letter.template_version,
        "spreadsheet_file_name": file_name,
        "spreadsheet_row_number": None if letter.job_row is None else letter.job_row + ROWS_ABOVE,
        "upload_letter_file_name": letter.upload_file_name,
    }


def _recipient(notification: Notification | PastMessage) -> str | None:
    return notification.to if isinstance(notification, Notification) else None
