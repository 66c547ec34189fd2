"""Looking after accepted messages that nobody is at work on."""

from dataclasses import dataclass

from notify_core.housekeeping.ports import HousekeepingWork
from notify_core.letters.tasks.rendering import ReplayLetters
from notify_core.notifications.tasks import ReplayCreated
from notify_core.notifications.use_cases import ReplayCreatedNotifications
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class ReplayCreatedMessages:
    """The task ``replay-created-notifications``, of all channels: letters have a task of their own, which is begun
    here; it is written first, and once."""

    work: UnitOfWorkFactory[HousekeepingWork]
    clock: Clock

    def __call__(self, task: ReplayCreated, claim: Claim) -> None:
        with self.work() as work:
            work.enqueue(ReplayLetters())
            work.commit()
        ReplayCreatedNotifications(self.work, self.clock)(task, claim)
