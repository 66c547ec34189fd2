"""What the suites of the task ledger, units of work and leases ask of a storage under test."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar, Protocol

from notify_core.kernel.events import DomainEvent
from notify_core.kernel.queues import INTERNAL, PRIORITY, RETRY, Queue
from notify_core.kernel.tasks import Json, Task
from notify_core.ports.leases import Leases
from notify_core.ports.schedule_marks import ScheduleMarks
from notify_core.ports.task_ledger import Claim, EntryState, RelayLimits, TaskLedger
from notify_core.ports.unit_of_work import React, UnitOfWork, UnitOfWorkFactory
from notify_core.testing.builders import claim_row
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.leases import MemoryLeases
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger
from notify_core.testing.fakes.unit_of_work import MemoryStorage

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Chore(Task):
    """A task that means nothing, with every key a task may have."""

    name: ClassVar[str] = "chore"
    queue: ClassVar[Queue] = INTERNAL
    other_queues: ClassVar[tuple[Queue, ...]] = (PRIORITY, RETRY)

    number: int = 0
    fair: str | None = None
    limit: str | None = None
    dedupe: str | None = None

    def fair_key(self) -> str | None:
        return self.fair

    def limit_key(self) -> str | None:
        return self.limit

    def dedupe_key(self) -> str | None:
        return self.dedupe


@dataclass(frozen=True)
class SomethingHappened(DomainEvent):
    number: int


class WorkUnderTest(UnitOfWork, Protocol):
    @property
    def schedule_marks(self) -> ScheduleMarks: ...


class StorageUnderTest(Protocol):
    """One empty database."""

    @property
    def ledger(self) -> TaskLedger: ...

    @property
    def leases(self) -> Leases: ...

    def work(
        self, *, react: React | None = None, on_enqueued: Callable[[], None] | None = None
    ) -> UnitOfWorkFactory[WorkUnderTest]:
        """A factory of units of work on this database."""
        ...

    def pass_time(self, by: timedelta) -> None:
        """Database time goes on by this much."""
        ...

    def rewrite_arguments(self, arguments: Mapping[str, Json]) -> None:
        """All ledger rows have these arguments now, as if another release had written them."""
        ...


def enqueue(storage: StorageUnderTest, *tasks: Task, delay: timedelta = timedelta()) -> None:
    """Write ledger rows in one unit of work."""
    with storage.work()() as work:
        for task in tasks:
            work.enqueue(task, delay=delay)
        work.commit()


def finish(storage: StorageUnderTest, claim: Claim) -> None:
    """Record a result that changes nothing else."""
    with storage.work()() as work:
        work.finish(claim)
        work.commit()


def publish(storage: StorageUnderTest, limits: RelayLimits | None = None, worker: str = "relay") -> list[int]:
    """The numbers of the chores that the relay would hand over now, in their order."""
    publications = storage.ledger.publish_due(limits or RelayLimits(lease=LEASE), worker)
    numbers = {entry.id: entry.arguments["number"] for entry in storage.ledger.entries(limit=10_000)}
    return [int(str(numbers[publication.entry_id])) for publication in publications]


def claim_one(storage: StorageUnderTest, *, worker: str = "worker") -> Claim:
    """Publish and claim the only row there is."""
    storage.ledger.publish_due(RelayLimits(lease=LEASE), "relay")
    (entry,) = storage.ledger.entries(state=EntryState.PUBLISHED)
    claim = claim_row(storage.ledger, entry.id, worker, LEASE)
    assert claim is not None
    return claim


class MemoryStorageUnderTest:
    def __init__(self) -> None:
        self.database = MemoryDatabase()
        self.ledger = MemoryTaskLedger(self.database)
        self.leases = MemoryLeases(self.database)

    def work(self, *, react: React | None = None, on_enqueued: Callable[[], None] | None = None) -> MemoryStorage:
        return MemoryStorage(self.database, react or _nothing_follows, on_enqueued or _nobody_waits)

    def pass_time(self, by: timedelta) -> None:
        self.database.advance(by)

    def rewrite_arguments(self, arguments: Mapping[str, Json]) -> None:
        rows = self.database.table("task_ledger")
        for entry_id, row in list(rows.items()):
            rows[entry_id] = replace(row, entry=replace(row.entry, arguments=dict(arguments)))


def _nothing_follows(_event: DomainEvent, _work: UnitOfWork) -> None:
    """No reactions."""


def _nobody_waits() -> None:
    """No wake-up."""
