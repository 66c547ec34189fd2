"""The Celery tasks: one for each kind of background work, and the tick of the schedule."""

import logging
from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from celery import Task
from celery.exceptions import Reject

from notify_core.kernel.errors import TransientError
from notify_core.kernel.ids import LedgerEntryId
from notify_core.registry.execute import ExecutionOutcome
from notify_core.registry.redact import reason_of
from notify_entrypoints.celery_app.process import Parts, Process

logger = logging.getLogger(__name__)

# What leaves a row that may be due at once.
DUE_AGAIN = frozenset({ExecutionOutcome.RETRIED, ExecutionOutcome.PUT_OFF, ExecutionOutcome.GIVEN_BACK})


class _OnPlatform(Task[Any, Any]):
    """State lives in the process and on the request, never on the task, which all executions share."""

    abstract = True
    # By its name, for only workers need it.
    Request = "notify_entrypoints.celery_app.request:AnsweredRequest"
    # Given by whoever makes the app.
    process: ClassVar[Process]
    prefix: ClassVar[str]


class NotifyTask(_OnPlatform):
    """Carries out the rows of the ledger that the message names. What is measured, logged and tried again
    is the same for every way of running background work: see :class:`~notify_core.registry.execute.Execute`."""

    abstract = True
    # Whether its rows wait for each other: only so many with one limit key are under way at a time.
    limited: ClassVar[bool] = False

    def run(self, *entry_ids: str) -> None:
        rows = [LedgerEntryId(UUID(entry_id)) for entry_id in entry_ids]
        parts = self.process.parts()
        try:
            outcomes = parts.patience(lambda: self.carry_out(rows, parts))
        except TransientError as error:
            # Nothing was claimed. Back to the broker: sooner than when the row's lease has run out.
            logger.warning("Celery task %s goes back to its queue: %s", self.name, reason_of(error))
            raise Reject("the database is not available", requeue=True) from None
        if self.limited or DUE_AGAIN.intersection(outcomes):
            # New rows announce themselves at their commit. These are old ones, and those that have waited for room.
            parts.wake.announce()

    def carry_out(self, rows: Sequence[LedgerEntryId], parts: Parts) -> Sequence[ExecutionOutcome]:
        """How each row ended.

        :raises TransientError: the database is not there, and nothing was claimed.
        """
        return parts.execute.together(rows, parts.worker, task=self.name, queue=self.queue_of_message())

    def queue_of_message(self) -> str:
        """The queue that the message came by, without the deployment's prefix; ``none``: there is no message."""
        routing_key = (self.request.delivery_info or {}).get("routing_key")
        return routing_key.removeprefix(self.prefix) if routing_key else "none"


class TickTask(_OnPlatform):
    """Turns due entries of the schedule into rows of the ledger. Beat sends it; any number of beats may."""

    abstract = True

    def run(self) -> None:
        try:
            self.process.parts().tick()
        except TransientError as error:
            logger.warning("The schedule waits for the next tick: %s", reason_of(error))
