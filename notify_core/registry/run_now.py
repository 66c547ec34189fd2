"""Running one task here and now, for operators."""

from dataclasses import dataclass

from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.tasks import Task
from notify_core.ports.task_ledger import LEASE, TaskLedger
from notify_core.registry.execute import Execute, ExecutionOutcome


@dataclass(frozen=True)
class RunNow:
    """The same path as any other execution, without broker and relay: the row is claimed from its
    beginning. A retry that follows is done by whoever runs background work."""

    ledger: TaskLedger
    execute: Execute

    def __call__(self, task: Task, worker: str = "operator") -> tuple[LedgerEntryId, ExecutionOutcome]:
        """The row (gone, if the work is done) and what became of it.

        :raises AlreadyExists: the same work is waiting or under way already.
        :raises TransientError: the database is not there.
        """
        claim = self.ledger.begin(task, worker, LEASE)
        return claim.entry.id, self.execute.carry_out(claim)
