"""Receipts of Amazon SES, which come wrapped by SNS."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notify_adapters import sns
from notify_adapters.options import known
from notify_core.kernel.calendar import parse_datetime
from notify_core.notifications.model import ComplaintReport, Outcome, Receipt
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptTranslator, ReceiptUnreadable

OPTIONS: Mapping[str, str] = sns.OPTIONS

NAME = "ses"


@dataclass(frozen=True)
class SesReceipts:
    """``inbox`` says what to believe."""

    inbox: sns.SnsInbox
    supplier: str = NAME

    def translate(self, request: ReceiptRequest) -> Sequence[Receipt | ComplaintReport]:
        """:raises TransientError: the certificate cannot be had now; SNS will come again."""
        try:
            message = self.inbox.take(request.body)
            return [] if message is None else _receipts(message)
        except (ReceiptForged, ReceiptUnreadable) as error:
            raise type(error)(f"SES callback failed: {error}") from None


def _receipts(message: str) -> Sequence[Receipt | ComplaintReport]:
    try:
        event: Any = json.loads(message)
        # Notifications of an identity and events of a configuration set differ in this name.
        kind = event.get("notificationType") or event.get("eventType")
        if kind == "Delivery":
            return [Receipt(NAME, str(event["mail"]["messageId"]), Outcome.DELIVERED)]
        if kind == "Bounce":
            return [_bounce(str(event["mail"]["messageId"]), event["bounce"])]
        if kind == "Complaint":
            return [_complaint(str(event["mail"]["messageId"]), event["complaint"])]
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        raise ReceiptUnreadable("no SES event inside") from None
    # What SES tells besides (opened, clicked, topic connected).
    return []


def _bounce(reference: str, bounce: Mapping[str, Any]) -> Receipt:
    kind = str(bounce["bounceType"])
    outcome = Outcome.PERMANENT if kind == "Permanent" else Outcome.TEMPORARY
    return Receipt(NAME, reference, outcome, f"{kind}/{bounce.get('bounceSubType', '')}")


def _complaint(reference: str, complaint: Mapping[str, Any]) -> ComplaintReport:
    # Whoever complained is not said for certain, and not needed: a message has one recipient.
    said = [str(complaint[name]) for name in ("complaintFeedbackType", "complaintSubType") if complaint.get(name)]
    at = complaint.get("timestamp")
    return ComplaintReport(
        NAME,
        reference,
        str(complaint.get("feedbackId") or reference),
        None if at is None else parse_datetime(str(at)),
        "/".join(said) or None,
    )


def build(options: Mapping[str, str]) -> ReceiptTranslator:
    """Options ``topic_arns`` (a list; recommended), ``timeout`` in seconds (5)."""
    known(options, *OPTIONS)
    return SesReceipts(sns.amazon_inbox(options))
