import pytest

from notify_core.registry.execute import Execute
from notify_core.registry.relay import Relay
from notify_core.registry.under_way import UnderWay
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.heartbeats import MemoryHeartbeats
from notify_core.testing.fakes.metrics import MemoryMetrics
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger
from notify_core.testing.fakes.task_queue import MemoryTaskQueue
from notify_core.testing.fakes.unit_of_work import MemoryStorage


class World:
    """A ledger, a broker and one worker, on fakes; tests say what each task does."""

    def __init__(self):
        self.database = MemoryDatabase()
        self.work = MemoryStorage(self.database)
        self.ledger = MemoryTaskLedger(self.database)
        self.queue = MemoryTaskQueue()
        self.metrics = MemoryMetrics()
        self.heartbeats = MemoryHeartbeats()
        self.clock = FakeClock()
        self.under_way = UnderWay(self.clock)
        self.relay = Relay(self.ledger, self.queue, self.metrics, self.clock, "relay")
        self.handlers = {}
        self.scheduled = frozenset()

    def enqueue(self, *tasks, **how):
        with self.work() as work:
            for task in tasks:
                work.enqueue(task, **how)
            work.commit()

    def execute(self, message=None, worker="worker"):
        """Carry out a message, by default the next one after a pass of the relay."""
        if message is None:
            self.relay()
            message = self.queue.take()
        return self._execute(message.entry_id, worker, task=message.task, queue=message.queue)

    def execute_together(self, worker="worker"):
        """Carry out all messages as if they were one."""
        self.relay()
        messages = []
        while message := self.queue.take():
            messages.append(message)
        return self._execute.together(
            [message.entry_id for message in messages], worker, task=messages[0].task, queue=messages[0].queue
        )

    @property
    def _execute(self):
        return Execute(
            self.ledger,
            self.handlers,
            self.work,
            self.metrics,
            self.heartbeats,
            self.clock,
            self.under_way,
            self.scheduled,
        )

    def rows(self):
        return self.ledger.entries(limit=1000)

    def finish(self, claim, *follow_up):
        with self.work() as work:
            for task in follow_up:
                work.enqueue(task)
            work.finish(claim)
            work.commit()

    def advance(self, by):
        self.clock.advance(by)
        self.database.advance(by)


@pytest.fixture
def world():
    return World()
