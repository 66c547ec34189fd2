"""Carrying out one piece of work that a message announced."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cached_property

from notify_core.kernel import trace
from notify_core.kernel.errors import (
    ClaimLost,
    Conflict,
    InvalidValue,
    NotFound,
    PermanentError,
    PutOff,
    TransientError,
)
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.tasks import Task
from notify_core.ports.clock import Clock
from notify_core.ports.heartbeats import Heartbeats
from notify_core.ports.metrics import Metrics
from notify_core.ports.task_ledger import LEASE, Claim, LedgerEntry, TaskLedger
from notify_core.ports.unit_of_work import UnitOfWork, UnitOfWorkFactory
from notify_core.registry.assemble import Handler, LooksAhead
from notify_core.registry.measured import Measured
from notify_core.registry.redact import reason_of
from notify_core.registry.under_way import UnderWay

logger = logging.getLogger(__name__)

# Another party's Retry-After is a wish: nobody outside may put our work off for days.
LONGEST_RETRY_AFTER = timedelta(hours=1)

# Rows that one message names are begun within this time: slow work leaves its companions to others, and
# a process that ends has not much left to finish.
BEGIN_WITHIN = timedelta(seconds=20)


class ExecutionOutcome(StrEnum):
    DONE = "done"
    DUPLICATE = "duplicate"  # gone, or another worker's
    RETRIED = "retried"  # the row is due again later
    PUT_OFF = "put off"  # the row is due again later, with as many retries as before
    FAILED = "failed"  # the row is kept with its reason
    FOLLOWED = "followed"  # given up; the task that follows has been written
    GIVEN_BACK = "given back"  # not begun; the row is due again


@dataclass(frozen=True)
class Execute:
    """Claim a row, do its work, record how it ended. Any number may run at once, in any process.

    ``scheduled`` are the names of the tasks in the schedule: those report to the heartbeats.
    """

    ledger: TaskLedger
    handlers: Mapping[type[Task], Handler]
    work: UnitOfWorkFactory[UnitOfWork]
    metrics: Metrics
    heartbeats: Heartbeats
    clock: Clock
    under_way: UnderWay
    scheduled: frozenset[str] = field(default=frozenset())

    def __call__(
        self, entry_id: LedgerEntryId, worker: str, *, task: str = "unknown", queue: str = "none"
    ) -> ExecutionOutcome:
        """``task`` and ``queue`` are what the message says of itself: the routing key without the
        deployment's prefix, or ``none`` without a message.

        :raises TransientError: the database is not there, and nothing was claimed.
        """
        (outcome,) = self.together([entry_id], worker, task=task, queue=queue)
        return outcome

    def together(
        self, entry_ids: Sequence[LedgerEntryId], worker: str, *, task: str = "unknown", queue: str = "none"
    ) -> Sequence[ExecutionOutcome]:
        """The same for a message that names several rows, one after the other in their order, each with its own
        outcome. What has not begun after :data:`BEGIN_WITHIN` is given back for others to do.

        :raises TransientError: the database is not there, and nothing was claimed.
        """
        claims = {claim.entry.id: claim for claim in self.ledger.claim(entry_ids, worker, LEASE)}
        end = self.clock.monotonic() + BEGIN_WITHIN.total_seconds()
        outcomes: list[ExecutionOutcome] = []
        ahead = self._look_ahead(list(claims.values()))
        with self.under_way.holding(*claims.values()):
            try:
                for entry_id in entry_ids:
                    if entry_id not in claims:
                        self._measured(entry_id, task, queue).duplicate()
                        outcomes.append(ExecutionOutcome.DUPLICATE)
                    elif outcomes and self.clock.monotonic() >= end:
                        outcomes.append(ExecutionOutcome.GIVEN_BACK)
                    else:
                        outcomes.append(self._carry_out(claims.pop(entry_id), queue, ahead))
            finally:
                # Also when the process is told to end.
                self._give_back(list(claims.values()))
        return outcomes

    def carry_out(self, claim: Claim) -> ExecutionOutcome:
        """The same for a row that is claimed already. Whatever happens is recorded, and nothing raised."""
        with self.under_way.holding(claim):
            return self._carry_out(claim, "none", {})

    def _give_back(self, claims: Sequence[Claim]) -> None:
        if not claims:
            return
        try:
            self.ledger.give_back(claims)
        except TransientError as error:
            logger.warning("%d rows wait until their claims have run out: %s", len(claims), reason_of(error))

    def _look_ahead(self, claims: Sequence[Claim]) -> Mapping[type[Task], Handler]:
        """The handler that has seen all of several rows, where there is one (see :class:`LooksAhead`)."""
        kinds = {self._kinds.get(claim.entry.task) for claim in claims}
        kind = kinds.pop() if len(claims) > 1 and len(kinds) == 1 else None
        if kind is None:
            return {}
        try:
            use_case: object = self.handlers[kind]
            if isinstance(use_case, LooksAhead):
                return {kind: use_case.ahead([kind.from_arguments(claim.entry.arguments) for claim in claims])}
        except Exception:  # noqa: BLE001, S110 - whatever it is, each row meets it by itself, where it is recorded
            pass
        return {}

    def _carry_out(self, claim: Claim, queue: str, ahead: Mapping[type[Task], Handler]) -> ExecutionOutcome:
        entry = claim.entry
        measured = self._measured(entry.id, entry.task, queue, entry.request_id)
        token = trace.request_id.set(entry.request_id)
        try:
            return self._attempt(claim, measured, ahead)
        except ClaimLost:
            measured.duplicate()
            return ExecutionOutcome.DUPLICATE
        except TransientError as error:
            measured.abandoned(error)
            return ExecutionOutcome.RETRIED
        finally:
            trace.request_id.reset(token)

    def _attempt(self, claim: Claim, measured: Measured, ahead: Mapping[type[Task], Handler]) -> ExecutionOutcome:
        begun = measured.begun(claim)
        try:
            task = self._task(claim.entry)
        except (NotFound, InvalidValue) as error:
            return self._fail(claim, error, measured)
        try:
            if task.most_losses is not None and claim.entry.lost >= task.most_losses:
                losses = PermanentError(f"{claim.entry.lost} processes ended in the middle of it")
                return self._give_up(task, claim, task.when_exhausted, losses, measured)
            handler = ahead.get(type(task)) or self.handlers[type(task)]
            handler(task, claim)
            if not claim.finished:
                self._finish(claim)
        except ClaimLost:
            raise
        except TransientError as error:
            return self._try_later(task, claim, error, measured)
        except PermanentError as error:
            return self._give_up(task, claim, task.when_refused, error, measured)
        except Exception as error:  # noqa: BLE001 - the last resort: a mistake of ours must not stop the worker
            return self._fail(claim, error, measured)
        measured.succeeded(begun)
        return ExecutionOutcome.DONE

    def _task(self, entry: LedgerEntry) -> Task:
        kind = self._kinds.get(entry.task)
        if kind is None:
            raise NotFound(f"there is no task {entry.task}")
        return kind.from_arguments(entry.arguments)

    @cached_property
    def _kinds(self) -> Mapping[str, type[Task]]:
        return {kind.name: kind for kind in self.handlers}

    def _finish(self, claim: Claim) -> None:
        with self.work() as work:
            work.finish(claim)
            work.commit()

    def _try_later(self, task: Task, claim: Claim, error: TransientError, measured: Measured) -> ExecutionOutcome:
        if isinstance(error, PutOff):
            return self._put_off(claim, error, measured)
        attempt = claim.entry.attempt
        if not task.retry.allows(attempt):
            return self._give_up(task, claim, task.when_exhausted, error, measured)
        delay = _delay(task, attempt, error)
        reason = reason_of(error)
        self.ledger.retry(claim, delay=delay, queue=task.retry.queue, reason=reason)
        measured.retried(reason, delay)
        return ExecutionOutcome.RETRIED

    def _put_off(self, claim: Claim, error: PutOff, measured: Measured) -> ExecutionOutcome:
        self.ledger.put_off(claim, delay=error.delay, reason=reason_of(error))
        measured.put_off(reason_of(error), error.delay)
        return ExecutionOutcome.PUT_OFF

    def _give_up(
        self, task: Task, claim: Claim, following: type[Task] | None, error: Exception, measured: Measured
    ) -> ExecutionOutcome:
        if following is None:
            return self._fail(claim, error, measured)
        measured.failed(error)
        with self.work() as work:
            work.finish(claim)
            work.enqueue(following.carrying_on(task), fair=claim.entry.fair)
            work.commit()
        return ExecutionOutcome.FOLLOWED

    def _fail(self, claim: Claim, error: Exception, measured: Measured) -> ExecutionOutcome:
        measured.failed(error)
        self.ledger.fail(claim, reason_of(error))
        return ExecutionOutcome.FAILED

    def _measured(self, entry_id: LedgerEntryId, task: str, queue: str, request_id: str | None = None) -> Measured:
        return Measured(
            self.metrics,
            self.heartbeats,
            self.clock,
            entry_id,
            task,
            queue,
            scheduled=task in self.scheduled,
            request_id=request_id,
        )


def _delay(task: Task, attempt: int, error: TransientError) -> timedelta:
    if isinstance(error, Conflict):
        # Nobody is away: somebody was first, and what they did can be read now.
        return timedelta()
    return max(task.retry.delay(attempt), min(error.retry_after or timedelta(), LONGEST_RETRY_AFTER))
