"""What is measured and logged of each execution: once, here, whichever way the work arrived."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from notify_core.kernel.ids import LedgerEntryId
from notify_core.ports.clock import Clock
from notify_core.ports.heartbeats import Beat, Heartbeats
from notify_core.ports.metrics import Metrics
from notify_core.ports.task_ledger import Claim
from notify_core.registry.redact import loggable

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Measured:
    """One execution's metrics, log lines and heartbeats.

    ``queue`` is the one the message came by (``none``: called directly); ``scheduled`` whether the
    task is an entry of the schedule, which alone has heartbeats.
    """

    metrics: Metrics
    heartbeats: Heartbeats
    clock: Clock
    entry_id: LedgerEntryId
    task: str
    queue: str
    scheduled: bool = False
    request_id: str | None = None

    def begun(self, claim: Claim) -> float:
        """Returns the reading of the monotonic clock that :meth:`succeeded` wants."""
        self.metrics.timing(f"celery.{self.queue}.{self.task}.wait", max(claim.waited, timedelta()).total_seconds())
        self._beat(Beat.RUN)
        return self.clock.monotonic()

    def succeeded(self, begun: float) -> None:
        took = self.clock.monotonic() - begun
        self.metrics.timing(f"celery.{self.queue}.{self.task}.success", took)
        logger.info("Celery task %s (queue: %s) took %.4f", self.task, self.queue, took, extra=self._ids())
        self._beat(Beat.COMPLETE)

    def failed(self, error: BaseException) -> None:
        self.metrics.count(f"celery.{self.queue}.{self.task}.failure")
        logger.error(
            "Celery task %s (queue: %s) failed", self.task, self.queue, exc_info=loggable(error), extra=self._ids()
        )
        self._beat(Beat.FAIL)

    def retried(self, reason: str, delay: timedelta) -> None:
        self.metrics.count(f"celery.{self.queue}.{self.task}.retry")
        logger.info(
            "Celery task %s (queue: %s) is tried again in %.0f seconds: %s",
            self.task,
            self.queue,
            delay.total_seconds(),
            reason,
            extra=self._ids(),
        )

    def put_off(self, reason: str, delay: timedelta) -> None:
        """Neither a success nor a try that failed."""
        logger.info(
            "Celery task %s (queue: %s) waits for %.0f seconds: %s",
            self.task,
            self.queue,
            delay.total_seconds(),
            reason,
            extra=self._ids(),
        )

    def abandoned(self, error: BaseException) -> None:
        """Not even the failure could be recorded; the claim's lease runs out and the row comes again."""
        self.metrics.count(f"celery.{self.queue}.{self.task}.retry")
        logger.warning(
            "Celery task %s (queue: %s) could not record its result",
            self.task,
            self.queue,
            exc_info=loggable(error),
            extra=self._ids(),
        )

    def duplicate(self) -> None:
        self.metrics.count(f"celery.{self.queue}.{self.task}.duplicate")
        logger.info("Celery task %s (queue: %s) is not ours to do", self.task, self.queue, extra=self._ids())

    def _beat(self, state: Beat) -> None:
        if self.scheduled:
            self.heartbeats.beat(self.task, state)

    def _ids(self) -> dict[str, str | None]:
        return {
            "request_id": self.request_id,
            "task_id": str(self.entry_id),
            "queue": self.queue,
            "task": self.task,
        }
