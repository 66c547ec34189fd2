"""Units of work on the database in memory."""

from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Self

from notify_core.kernel.errors import NotifyError
from notify_core.kernel.events import DomainEvent
from notify_core.kernel.queues import Queue
from notify_core.kernel.tasks import Task
from notify_core.ports.task_ledger import Claim, LedgerEntry
from notify_core.ports.unit_of_work import React, UnitOfWork
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories import MemoryRepositories
from notify_core.testing.fakes.schedule_marks import MemoryScheduleMarks
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger, new_entry


class MemoryUnitOfWork(MemoryRepositories):
    """Holds the database's lock from enter to commit or exit."""

    def __init__(self, storage: "MemoryStorage", *, read_only: bool = False) -> None:
        self.database = storage.database
        self.schedule_marks = MemoryScheduleMarks(self.database)
        self._storage = storage
        self._ledger = MemoryTaskLedger(self.database)
        self._read_only = read_only
        self._committed = False
        self._enqueued: list[LedgerEntry] = []
        self._required: list[Claim] = []
        self._finished: list[Claim] = []

    def __enter__(self) -> Self:
        self.database.begin(read_only=self._read_only)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.database.end(keep=False)

    def commit(self) -> None:
        if self._committed:
            raise RuntimeError("this unit of work is committed already")
        self._storage.raise_if_scripted()
        self.database.raise_if_refused()
        for claim in self._required:
            self._ledger.must_be_of(claim)
        for claim in self._finished:
            self._ledger.remove(claim)
        for entry in self._enqueued:
            self._ledger.add(entry)
        self._committed = True
        self.database.end(keep=True)
        try:
            for claim in self._finished:
                claim.finished = True
            if self._enqueued:
                self._storage.on_enqueued()
        finally:
            # What is left of the block may look, but no longer change anything.
            self.database.begin(read_only=True)

    def enqueue(
        self,
        task: Task,
        *,
        delay: timedelta = timedelta(),
        queue: Queue | None = None,
        fair: str | None = None,
    ) -> None:
        self._must_write()
        self._enqueued.append(new_entry(task, self.database.now(), delay=delay, queue=queue, fair=fair))

    def withdraw(self, task: Task) -> bool:
        self._must_write()
        return self._ledger.withdraw(task.dedupe_key())

    def record(self, event: DomainEvent) -> None:
        self._must_write()
        self._storage.react(event, self)

    def require(self, claim: Claim) -> None:
        self._must_write()
        self._required.append(claim)

    def finish(self, claim: Claim) -> None:
        self._must_write()
        self._finished.append(claim)

    def _must_write(self) -> None:
        if self._read_only or self._committed:
            raise RuntimeError("this unit of work is read only, or committed already: open one that writes")


def _nothing_follows(_event: DomainEvent, _work: UnitOfWork) -> None:
    """No reactions."""


def _nobody_waits() -> None:
    """No wake-up."""


class MemoryStorage:
    """The factory of units of work; use cases get it as ``work``.

    ``react`` says which tasks follow from an event; ``on_enqueued`` is called after a commit that wrote tasks.
    """

    def __init__(
        self,
        database: MemoryDatabase | None = None,
        react: React = _nothing_follows,
        on_enqueued: Callable[[], None] = _nobody_waits,
    ) -> None:
        self.database = database or MemoryDatabase()
        self.react = react
        self.on_enqueued = on_enqueued
        self._failures: list[NotifyError] = []

    def __call__(self, *, read_only: bool = False) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self, read_only=read_only)

    def fail_next_commit(self, error: NotifyError) -> None:
        """The next commit (called twice: the next two) undoes everything and raises ``error``."""
        self._failures.append(error)

    def raise_if_scripted(self) -> None:
        if self._failures:
            raise self._failures.pop(0)
