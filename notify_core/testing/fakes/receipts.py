"""Receipts of the in-memory suppliers: JSON, signed by a shared word in a header."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from notify_core.notifications.model import ComplaintReport, Outcome, Receipt
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest, ReceiptUnreadable

SIGNATURE_HEADER = "x-memory-signature"


@dataclass(frozen=True)
class MemoryReceiptTranslator:
    """Reads what :meth:`request` writes. The status ``complaint`` is one; an outcome it does not know becomes
    ``UNKNOWN``."""

    supplier: str = "memory"
    word: str = "open sesame"

    def request(self, *receipts: tuple[str, str]) -> ReceiptRequest:
        """A request with these (reference, status) pairs, as the supplier would send it."""
        body = [{"reference": reference, "status": status} for reference, status in receipts]
        return ReceiptRequest(json.dumps(body).encode(), {SIGNATURE_HEADER: self.word})

    def translate(self, request: ReceiptRequest) -> Sequence[Receipt | ComplaintReport]:
        if request.headers.get(SIGNATURE_HEADER) != self.word:
            raise ReceiptForged(f"not signed by {self.supplier}")
        try:
            return [self._receipt(item["reference"], item["status"]) for item in json.loads(request.body)]
        except (ValueError, TypeError, KeyError):
            raise ReceiptUnreadable(f"not a receipt of {self.supplier}") from None

    def _receipt(self, reference: str, status: str) -> Receipt | ComplaintReport:
        if status == "complaint":
            return ComplaintReport(self.supplier, reference, f"complaint-{reference}")
        known = set(Outcome)
        return Receipt(self.supplier, reference, Outcome(status) if status in known else Outcome.UNKNOWN, status)
