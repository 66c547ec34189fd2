"""Deleting texts that have been kept long enough."""

import logging
from dataclasses import dataclass

from notify_core.accounts.policies import kept_since
from notify_core.inbound.ports import InboundWork
from notify_core.inbound.tasks import DeleteInboundTexts
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DeleteOldInboundTexts:
    """The task ``delete-inbound-sms``: a batch an execution, service after service."""

    work: UnitOfWorkFactory[InboundWork]
    clock: Clock
    batch: int = 1000

    def __call__(self, task: DeleteInboundTexts, claim: Claim) -> None:
        now, left = self.clock.now(), self.batch
        with self.work() as work:
            for service in work.services.all():
                since = kept_since(work.settings.retentions(service.id), "sms", now)
                left -= work.inbound_texts.delete_before(service.id, since, left)
                if not left:
                    work.enqueue(task)
                    break
            work.finish(claim)
            work.commit()
        _log.info("deleted %d received texts", self.batch - left)
