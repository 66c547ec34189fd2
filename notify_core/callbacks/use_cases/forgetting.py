"""Deleting what became of deliveries long ago."""

from dataclasses import dataclass

from notify_core.accounts.policies import kept_since
from notify_core.callbacks.ports import CallbacksWork
from notify_core.callbacks.tasks import DeleteCallbackAttempts
from notify_core.notifications.model import Channel
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class ForgetOldAttempts:
    """The task ``delete-callback-attempts``: they are kept as long as the service keeps anything. Each execution takes
    a batch and, when there may be more, writes the task for the next in the same transaction."""

    work: UnitOfWorkFactory[CallbacksWork]
    clock: Clock
    batch: int = 5000

    def __call__(self, task: DeleteCallbackAttempts, claim: Claim) -> None:
        now, left = self.clock.now(), self.batch
        with self.work() as work:
            for service in work.services.all():
                retentions = work.settings.retentions(service.id)
                oldest = min(kept_since(retentions, channel.value, now) for channel in Channel)
                left -= work.callback_attempts.delete_before(service.id, oldest, left)
                if not left:
                    work.enqueue(task)
                    break
            work.finish(claim)
            work.commit()
