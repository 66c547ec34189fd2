"""Deleting files whose time is over, and those whose email was never accepted."""

import logging
from dataclasses import dataclass

from notify_core.documents.ports import DocumentStore, DocumentsWork
from notify_core.documents.tasks import DeleteExpiredDocuments
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeleteExpired:
    """The task ``delete-expired-documents``. Each execution takes a batch and, when there may be more, writes
    the task for the next in the same transaction.

    The bytes go first: a row without them is deleted in the next run, bytes without a row would stay for ever.
    """

    work: UnitOfWorkFactory[DocumentsWork]
    clock: Clock
    documents: DocumentStore
    batch: int = 500

    def __call__(self, task: DeleteExpiredDocuments, claim: Claim) -> None:
        with self.work(read_only=True) as work:
            expired = work.documents.expired(self.clock.now(), self.batch)
        self.documents.delete(expired)
        with self.work() as work:
            work.documents.remove([place.document_id for place in expired])
            if len(expired) == self.batch:
                work.enqueue(task)
            work.finish(claim)
            work.commit()
        if expired:
            _log.info("deleted %d files whose time was over", len(expired))
