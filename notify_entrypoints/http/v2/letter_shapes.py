"""What the public API answers about letters, from the core's objects."""

from collections.abc import Mapping
from typing import Any, Final

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import JobId
from notify_core.letters.model import Letter
from notify_core.letters.policies.statuses import shown_status
from notify_core.letters.use_cases.accepting import AcceptedLetter
from notify_core.letters.use_cases.reading import LetterView
from notify_core.recipients.model.postal_address import normalised_postcode
from notify_entrypoints.http.v2.templates_named import version_read, version_sent

# The seventh line of an address has no name but that of its postcode.
_LINES: Final = 6
# The messages of programs are nobody's in particular.
NOBODY: Final[Mapping[JobId, str]] = {}


def accepted(answer: AcceptedLetter, root: str) -> dict[str, Any]:
    """The answer to a letter that was taken."""
    letter = answer.letter
    return {
        "id": str(letter.id),
        "reference": letter.reference,
        "content": {"body": answer.body, "subject": answer.subject},
        "uri": f"{root}/v2/notifications/{letter.id}",
        "template": version_sent(letter.service_id, letter.template_id, letter.template_version, root),
        "scheduled_for": None,
    }


def accepted_upload(answer: AcceptedLetter) -> dict[str, Any]:
    """The answer to a PDF that was taken."""
    return {
        "id": str(answer.letter.id),
        "reference": answer.letter.reference,
        "postage": answer.letter.postage.value,
    }


def letter(view: LetterView, root: str, authors: Mapping[JobId, str] = NOBODY) -> dict[str, Any]:
    """A letter as it is read; ``authors`` are those who submitted jobs."""
    found = view.letter
    return {
        "id": str(found.id),
        "reference": found.reference,
        "email_address": None,
        "phone_number": None,
        **_address(found),
        "type": "letter",
        "status": shown_status(found.status),
        "template": version_read(found.template_id, found.template_version, root),
        "body": view.body,
        "subject": view.subject,
        "created_at": format_datetime(found.created_at),
        "created_by_name": None if found.job_id is None else authors.get(found.job_id),
        "sent_at": format_datetime(found.sent_at),
        "completed_at": format_datetime(found.completed_at),
        "scheduled_for": None,
        "postage": found.postage.value,
        "one_click_unsubscribe_url": None,
        "is_cost_data_ready": view.cost is not None,
        "cost_in_pounds": None if view.cost is None else float(view.cost.pounds),
        "cost_details": _cost_details(view),
        "estimated_delivery": format_datetime(view.estimated_delivery),
    }


def _address(found: Letter) -> dict[str, str | None]:
    """Its lines; the last is the postcode where it is one, and where there are seven."""
    lines: list[str | None] = [*found.to.split("\n")]
    has_postcode = len(lines) > _LINES or normalised_postcode(str(lines[-1])) is not None
    postcode = lines.pop() if has_postcode else None
    lines += [None] * (_LINES - len(lines))
    return {**{f"line_{number}": line for number, line in enumerate(lines, 1)}, "postcode": postcode}


def _cost_details(view: LetterView) -> dict[str, Any]:
    if not view.cost or not view.cost.pounds:
        return {}
    return {"billable_sheets_of_paper": view.letter.sheets, "postage": view.letter.postage.value}
