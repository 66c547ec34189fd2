"""What suppliers tell of messages that they took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from notify_core.kernel.errors import NotifyError
from notify_core.kernel.ids import ComplaintId, ServiceId
from notify_core.notifications.model import Complaint, ComplaintReport, EarlyReceipt, Receipt


class ReceiptUnreadable(NotifyError):
    """A request at a receipt endpoint is not what the supplier sends; the message says why."""


class ReceiptForged(NotifyError):
    """A request at a receipt endpoint is not signed by whom it claims to come from."""


@dataclass(frozen=True, slots=True)
class ReceiptRequest:
    """What arrived at a receipt endpoint: header names in lower case, the raw body."""

    body: bytes
    headers: Mapping[str, str]


class ReceiptTranslator(Protocol):
    """Turns a supplier's receipts into ours; lives beside the sending code of that supplier."""

    @property
    def supplier(self) -> str:
        """The last part of the endpoint's path, and the supplier its receipts name."""
        ...

    def translate(self, request: ReceiptRequest) -> Sequence[Receipt | ComplaintReport]:
        """The receipts, and the complaints, in one request; may be none (a subscription's confirmation).

        :raises ReceiptUnreadable: it is not understood.
        :raises ReceiptForged: its signature is missing or wrong.
        :raises TransientError: what is needed to check the signature cannot be had now; the supplier
            comes again.
        """
        ...


class EarlyReceipts(Protocol):
    def keep(self, early: EarlyReceipt) -> None: ...

    def take(self, supplier: str, reference: str) -> Sequence[Receipt]:
        """Those kept for this message, oldest first; they are kept no longer."""
        ...

    def forget_before(self, moment: datetime) -> int:
        """Drop those received before ``moment``; returns how many."""
        ...


class Complaints(Protocol):
    def add(self, complaint: Complaint) -> bool:
        """Keep it; false: its id, or its reference at the supplier, is there already, and nothing happens."""
        ...

    def get(self, complaint_id: ComplaintId) -> Complaint:
        """:raises NotFound: no such complaint."""
        ...

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        """Delete up to ``limit`` of the service's that were received before ``moment``; returns how many."""
        ...
