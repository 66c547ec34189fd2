"""What suppliers report about messages they took."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from notify_core.alarms.use_cases import RaiseTicket
from notify_core.kernel.errors import InvalidValue, NotFound
from notify_core.kernel.tasks import Task
from notify_core.notifications.model import Channel, ComplaintReport, EarlyReceipt, Notification, Outcome, Receipt
from notify_core.notifications.policies import check_receipt
from notify_core.notifications.ports import (
    NotificationsWork,
    ReceiptRequest,
    ReceiptsWork,
    ReceiptTranslator,
    ReceiptUnreadable,
)
from notify_core.notifications.tasks import ProcessComplaint, ProcessEmailReceipt, ProcessSmsReceipt
from notify_core.notifications.use_cases.recording import after_receipts, store
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.task_ledger import Claim
from notify_core.ports.tickets import TicketPriority
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

# A receipt and the record of its message may be written at the same moment, so that neither sees the
# other; by then both are there.
SECOND_LOOK: Final = timedelta(minutes=1)
# A supplier that changed its codes sends thousands of unknown ones: one ticket tells as much.
ONE_TICKET_PER: Final = timedelta(hours=1)


@dataclass(frozen=True)
class AcceptReceipts:
    """What a receipt endpoint calls; returns how many receipts were in the request. They are applied
    by tasks, so that a supplier never waits for us.

    :raises NotFound: there is no such supplier.
    :raises ReceiptUnreadable: the request is not understood.
    :raises ReceiptForged: it is not from whom it claims.
    :raises TransientError: that cannot be found out now; the supplier comes again.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    sms_receipt_translators: Mapping[str, ReceiptTranslator]
    email_receipt_translators: Mapping[str, ReceiptTranslator]

    def __call__(self, channel: Channel, supplier: str, request: ReceiptRequest) -> int:
        sms = channel is Channel.SMS
        translators = self.sms_receipt_translators if sms else self.email_receipt_translators
        if supplier not in translators:
            raise NotFound(f"no {channel} supplier {supplier} sends receipts")
        receipts = translators[supplier].translate(request)
        try:
            for receipt in receipts:
                check_receipt(receipt)
        except InvalidValue as error:
            raise ReceiptUnreadable(f"{supplier} callback failed: {error}") from None
        if receipts:
            with self.work() as work:
                for receipt in receipts:
                    work.enqueue(_task_for(receipt, ProcessSmsReceipt if sms else ProcessEmailReceipt))
                work.commit()
        return len(receipts)


def _task_for(receipt: Receipt | ComplaintReport, kind: type[ProcessSmsReceipt] | type[ProcessEmailReceipt]) -> Task:
    if isinstance(receipt, Receipt):
        return kind(receipt.supplier, receipt.reference, receipt.outcome.value, receipt.detail)
    at = None if receipt.complained_at is None else receipt.complained_at.isoformat()
    return ProcessComplaint(receipt.supplier, receipt.reference, receipt.complaint_reference, at, receipt.detail)


@dataclass(frozen=True)
class _ProcessReceipt:
    """Apply one receipt. Late and repeated ones change nothing; one that overtook our own record is
    kept, and applied when the record is written."""

    work: UnitOfWorkFactory[ReceiptsWork]
    clock: Clock
    metrics: Metrics
    raise_ticket: RaiseTicket

    def _process(self, task: ProcessSmsReceipt | ProcessEmailReceipt, claim: Claim) -> None:
        receipt = Receipt(task.supplier, task.reference, _outcome(task.outcome), task.detail)
        with self.work() as work:
            was = work.notifications.by_supplier_reference(task.supplier, task.reference)
            becomes = was and self._applied(work, was, () if task.second_look else (receipt,))
            if was is None and not task.second_look:
                self._keep(work, task, receipt)
            if receipt.outcome is Outcome.UNKNOWN and not task.second_look:
                self._alarm(work, receipt)
            work.finish(claim)
            work.commit()
        if was is not None and becomes is not None and becomes is not was:
            self._measure(becomes)

    def _applied(self, work: ReceiptsWork, was: Notification, receipts: tuple[Receipt, ...]) -> Notification:
        early = work.early_receipts.take(was.sent_by or "", was.supplier_reference or "")
        becomes = after_receipts(work, was, (*early, *receipts), self.clock.now())
        store(work, was, becomes)
        return becomes

    def _keep(self, work: ReceiptsWork, task: ProcessSmsReceipt | ProcessEmailReceipt, receipt: Receipt) -> None:
        work.early_receipts.keep(EarlyReceipt(receipt, self.clock.now()))
        again = type(task)(task.supplier, task.reference, task.outcome, task.detail, second_look=True)
        work.enqueue(again, delay=SECOND_LOOK)

    def _alarm(self, work: ReceiptsWork, receipt: Receipt) -> None:
        _log.error("unknown status in a receipt of %s: %s", receipt.supplier, receipt.detail)
        subject = f"Unknown status in a receipt of {receipt.supplier}"
        since = self.clock.now() - ONE_TICKET_PER
        if any(ticket.subject == subject and ticket.created_at > since for ticket in work.tickets.newest()):
            return
        body = (
            f"{receipt.supplier} reported a status that we do not know: {receipt.detail}. The message has been "
            "given up as a technical failure. Compare the supplier's codes with those of the adapter."
        )
        self.raise_ticket(work, subject=subject, body=body, priority=TicketPriority.NORMAL)

    def _measure(self, notification: Notification) -> None:
        self.metrics.count(f"callback.{notification.sent_by}.{notification.status}")
        if notification.sent_at is not None:
            elapsed = self.clock.now() - notification.sent_at
            self.metrics.timing(f"callback.{notification.sent_by}.elapsed-time", elapsed.total_seconds())


@dataclass(frozen=True)
class ProcessSmsReceiptFromSupplier(_ProcessReceipt):
    """The task ``process-sms-client-response``."""

    def __call__(self, task: ProcessSmsReceipt, claim: Claim) -> None:
        self._process(task, claim)


@dataclass(frozen=True)
class ProcessEmailReceiptFromSupplier(_ProcessReceipt):
    """The task ``process-ses-result``."""

    def __call__(self, task: ProcessEmailReceipt, claim: Claim) -> None:
        self._process(task, claim)


def _outcome(word: str) -> Outcome:
    # A row written by a later release may say something this one has no word for.
    return Outcome(word) if word in set(Outcome) else Outcome.UNKNOWN
