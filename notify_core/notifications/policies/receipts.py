"""What a supplier's receipt does to a message."""

from typing import Final

from notify_core.kernel.errors import InvalidValue
from notify_core.kernel.texts import is_storable
from notify_core.notifications.model import ComplaintReport, Outcome, Receipt
from notify_core.notifications.states import Event, Status

# References are ours or a supplier's of some 60 characters, details are codes.
LONGEST_TEXT: Final = 255

_EVENTS: Final = {
    Outcome.DELIVERED: Event.RECEIPT_DELIVERED,
    Outcome.PERMANENT: Event.RECEIPT_PERMANENT,
    Outcome.PERMANENT_UNDETAILED: Event.RECEIPT_PERMANENT,
    Outcome.TEMPORARY: Event.RECEIPT_TEMPORARY,
    Outcome.PENDING: Event.RECEIPT_PENDING,
    Outcome.UNKNOWN: Event.RECEIPT_UNKNOWN,
}


def caused_by(outcome: Outcome, status: Status) -> Event:
    """The event for a message in ``status``. A failure without a reason after the supplier said
    *pending* means that it stopped trying: the phone may be on again tomorrow."""
    if outcome is Outcome.PERMANENT_UNDETAILED and status is Status.PENDING:
        return Event.RECEIPT_TEMPORARY
    return _EVENTS[outcome]


def check_receipt(receipt: Receipt | ComplaintReport) -> None:
    """:raises InvalidValue: it says what no supplier says, and no database keeps."""
    texts = [("reference", receipt.reference), ("status", receipt.detail or "")]
    if isinstance(receipt, ComplaintReport):
        texts.append(("complaint", receipt.complaint_reference))
    for name, text in texts:
        if len(text) > LONGEST_TEXT:
            raise InvalidValue(f"{name} is longer than {LONGEST_TEXT} characters")
        if not is_storable(text):
            raise InvalidValue(f"{name} contains characters that cannot be kept")
