"""Handing due rows of the task ledger to the broker."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from notify_core.kernel.errors import TransientError
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import OVERTAKING, Queue
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.task_ledger import EntryState, RelayLimits, TaskLedger
from notify_core.ports.task_queue import Publication, TaskQueue
from notify_core.registry.redact import reason_of

logger = logging.getLogger(__name__)

# Counting rows costs the database more than a pass of the relay; dashboards don't look more often.
SECONDS_BETWEEN_MEASUREMENTS = 10.0

# What a relay that died had published and not handed over comes again after this time, long before what
# merely waits in a queue would. A queue inside the process dies with it, and the next start recovers what it held.
HAND_OVER = timedelta(seconds=30)

# What is not handed over by then is put back, before another relay takes it too.
LONGEST_PASS = timedelta(seconds=20)

# So many rows are handed over and confirmed at a time.
SLICE = 200


@dataclass
class Relay:
    """One pass publishes what is due. Any number of relays may run; one instance belongs to one thread."""

    ledger: TaskLedger
    queue: TaskQueue
    metrics: Metrics
    clock: Clock
    worker: str
    limits: RelayLimits = RelayLimits()  # noqa: RUF009 - immutable
    # How many rows one message may name, by task; one, where nothing is said.
    together: Mapping[str, int] = field(default_factory=dict)
    # How long rows are left alone until they are confirmed; with the limits' own lease nothing needs to be.
    hand_over: timedelta = HAND_OVER
    _measure_at: float | None = field(default=None, init=False, repr=False)

    def __call__(self) -> int:
        """How many rows were handed over.

        :raises TransientError: the broker, or one of its queues, or the database is not there; what could
            not be handed over is due again.
        """
        self._measure()
        unsure = replace(self.limits, lease=min(self.hand_over, self.limits.lease))
        publications = [_routed(row) for row in self.ledger.publish_due(unsure, self.worker)]
        end = self.clock.monotonic() + LONGEST_PASS.total_seconds()
        failures: dict[Queue, TransientError] = {}
        left: list[LedgerEntryId] = []
        for queue, rows in _slices(publications):
            entry_ids = [row.entry_id for row in rows]
            if queue in failures or self.clock.monotonic() >= end:
                left += entry_ids
                continue
            try:
                self.queue.publish([replace(row, together=self._together(row)) for row in rows])
            except TransientError as error:
                failures[queue] = error
                left += entry_ids
                self.metrics.count("ledger.broker-failure")
                logger.warning("%d rows wait for queue %s: %s", len(rows), queue, reason_of(error))
                continue
            if unsure.lease < self.limits.lease:
                self.ledger.handed_over(entry_ids, self.worker, self.limits.lease)
        if left:
            # What the broker took all the same is harmless: a message for a row that is due is dropped.
            self.ledger.put_back(left, self.worker)
        if failures:
            raise next(iter(failures.values()))
        return len(publications) - len(left)

    def _together(self, row: Publication) -> int:
        # Alone, if its worker died: what kills its process takes its companions with it, and with as many of their
        # claims lost they would be given up as it is.
        return 1 if row.lost else self.together.get(row.task, 1)

    def _measure(self) -> None:
        now = self.clock.monotonic()
        if self._measure_at is not None and now < self._measure_at:
            return
        self._measure_at = now + SECONDS_BETWEEN_MEASUREMENTS
        depth = self.ledger.depth()
        unfinished = sum(rows for (_, state), rows in depth.items() if state is not EntryState.FAILED)
        self.metrics.gauge("ledger.depth", unfinished)
        self.metrics.gauge("ledger.lag", self.ledger.lag().total_seconds())


def _routed(row: Publication) -> Publication:
    """A row that may overtake goes by a queue in which it does; in the ledger it stays where it is."""
    return replace(row, queue=OVERTAKING.get(row.queue, row.queue)) if row.ahead else row


def _slices(publications: Sequence[Publication]) -> Iterator[tuple[Queue, Sequence[Publication]]]:
    by_queue: dict[Queue, list[Publication]] = {}
    for publication in publications:
        by_queue.setdefault(publication.queue, []).append(publication)
    for queue, rows in by_queue.items():
        for start in range(0, len(rows), SLICE):
            yield queue, rows[start : start + SLICE]
