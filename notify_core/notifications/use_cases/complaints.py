"""Recipients who told the supplier that an email of ours is spam."""

import logging
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from notify_core.kernel.calendar import parse_datetime
from notify_core.kernel.errors import TransientError
from notify_core.kernel.ids import ComplaintId
from notify_core.notifications.events import ComplaintReceived
from notify_core.notifications.model import Complaint
from notify_core.notifications.ports import NotificationsWork
from notify_core.notifications.tasks import ProcessComplaint
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ProcessComplaintFromSupplier:
    """The task ``process-complaint``. A repeated one is kept once. The message stays as it is: it was delivered, and it
    may be so long ago that it is in the history.

    :raises TransientError: there is no such message, which may be because our own record of it is still to come.
    """

    work: UnitOfWorkFactory[NotificationsWork]
    clock: Clock
    metrics: Metrics

    def __call__(self, task: ProcessComplaint, claim: Claim) -> None:
        with self.work() as work:
            whose = work.notifications.whose(task.supplier, task.reference)
            if whose is None:
                self._wait(task, claim)
            else:
                complaint = Complaint(
                    id=_id_of(task),
                    notification_id=whose.notification_id,
                    service_id=whose.service_id,
                    supplier=task.supplier,
                    supplier_reference=task.complaint_reference,
                    complained_at=parse_datetime(task.complained_at) if task.complained_at else self.clock.now(),
                    received_at=self.clock.now(),
                    detail=task.detail,
                )
                if work.complaints.add(complaint):
                    work.record(ComplaintReceived(complaint.id, complaint.service_id))
            work.finish(claim)
            work.commit()
        if whose is not None:
            self.metrics.count(f"complaint.{task.supplier}")

    def _wait(self, task: ProcessComplaint, claim: Claim) -> None:
        if task.retry.allows(claim.entry.attempt):
            raise TransientError("there is no message with this reference yet")
        # It was sent with a test key, or with another platform, or before the history knew references.
        _log.warning("%s reported a complaint about a message that is not known", task.supplier)
        self.metrics.count(f"complaint.{task.supplier}.unknown-message")


def _id_of(task: ProcessComplaint) -> ComplaintId:
    """The same whenever the supplier repeats it."""
    return ComplaintId(uuid5(NAMESPACE_URL, f"complaint:{task.supplier}:{task.complaint_reference}"))
