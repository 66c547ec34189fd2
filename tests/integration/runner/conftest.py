from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock

import pytest

from notify_adapters.clock.system import SystemClock
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.migrate import upgrade
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_adapters.task_queue.embedded import EmbeddedQueue
from notify_core.registry.execute import Execute
from notify_core.registry.reactions import react
from notify_core.registry.relay import Relay
from notify_core.registry.schedule import ScheduleEntry
from notify_core.registry.tick import RunDueSchedule
from notify_core.registry.under_way import UnderWay
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.heartbeats import MemoryHeartbeats
from notify_core.testing.fakes.metrics import MemoryMetrics
from notify_core.testing.fakes.secrets import MemorySecrets
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger
from notify_core.testing.fakes.unit_of_work import MemoryStorage
from notify_entrypoints.runner import EmbeddedRunner
from tests.integration.waiting import eventually


class LiveDatabase(MemoryDatabase):
    """In memory, with the time of this machine."""

    def now(self):
        return datetime.now(UTC)


@dataclass
class Stage:
    """A runner on some storage, with what its tasks do and did."""

    work: Callable
    ledger: object
    wake: Event
    schedule: tuple[ScheduleEntry, ...] = ()
    handlers: dict = field(default_factory=dict)
    done: list = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    metrics: MemoryMetrics = field(default_factory=MemoryMetrics)
    heartbeats: MemoryHeartbeats = field(default_factory=MemoryHeartbeats)
    runners: list = field(default_factory=list)

    def runner(self, worker="embedded", **changes):
        clock = SystemClock()
        queue = EmbeddedQueue()
        execute = Execute(self.ledger, self.handlers, self.work, self.metrics, self.heartbeats, clock, UnderWay(clock))
        parts = {
            "execute": execute,
            "relay": Relay(self.ledger, queue, self.metrics, clock, worker),
            "tick": RunDueSchedule(self.work, clock, self.schedule),
            "ledger": self.ledger,
            "queue": queue,
            "wake": self.wake,
            "worker": worker,
        }
        runner = EmbeddedRunner(**(parts | changes))
        self.runners.append(runner)
        return runner

    def start(self, **changes):
        runner = self.runner(**changes)
        runner.start()
        return runner

    def enqueue(self, *tasks, **how):
        with self.work() as work:
            for task in tasks:
                work.enqueue(task, **how)
            work.commit()

    def note(self, task, claim=None):
        with self.lock:
            self.done.append(task)

    def finish(self, claim, *follow_up):
        with self.work() as work:
            for task in follow_up:
                work.enqueue(task)
            work.finish(claim)
            work.commit()

    def wait_for(self, condition, seconds=60.0):
        eventually(condition, lambda: f"waited in vain; done so far: {self.done[:20]}", seconds)

    def rows(self):
        return self.ledger.entries(limit=10_000)

    def wait_until_empty(self, seconds=60.0):
        self.wait_for(lambda: not self.rows(), seconds)


@pytest.fixture
def memory():
    database, wake = LiveDatabase(), Event()
    return Stage(MemoryStorage(database, on_enqueued=wake.set), MemoryTaskLedger(database), wake)


@pytest.fixture
def stage(memory):
    yield memory
    for runner in memory.runners:
        assert runner.stop(60)


@pytest.fixture
def sqlite(tmp_path):
    engine, wake = make_engine(f"sqlite:///{tmp_path}/notify.db"), Event()
    upgrade(engine)
    stage = Stage(SqlStorage(engine, MemorySecrets(), react, wake.set), SqlTaskLedger(engine), wake)
    yield stage
    for runner in stage.runners:
        assert runner.stop(60)
    engine.dispose()
