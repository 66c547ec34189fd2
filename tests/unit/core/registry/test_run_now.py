from dataclasses import dataclass
from typing import ClassVar

import pytest

from notify_core.kernel.errors import AlreadyExists, TransientError
from notify_core.kernel.queues import RETRY
from notify_core.kernel.tasks import RetryPolicy, Task, every
from notify_core.ports.task_ledger import EntryState
from notify_core.registry.execute import Execute
from notify_core.registry.run_now import RunNow


@dataclass(frozen=True)
class Sweep(Task):
    name: ClassVar[str] = "sweep"
    queue: ClassVar = RETRY
    retry: ClassVar = RetryPolicy(delay=every(60), maximum=1)

    def dedupe_key(self):
        return "sweep"


@pytest.fixture
def run_now(world):
    return RunNow(
        world.ledger,
        Execute(
            world.ledger, world.handlers, world.work, world.metrics, world.heartbeats, world.clock, world.under_way
        ),
    )


def test_a_task_is_run_without_a_broker(world, run_now):
    workers = []
    world.handlers[Sweep] = lambda task, claim: workers.append(claim.entry.worker)
    _, outcome = run_now(Sweep())
    assert (outcome, workers, world.rows()) == ("done", ["operator"], [])
    assert list(world.metrics.timings["celery.none.sweep.wait"]) == [0]


def test_nobody_else_gets_it_meanwhile(world, run_now):
    world.handlers[Sweep] = lambda task, claim: world.relay()
    run_now(Sweep())
    assert world.queue.published == []


def test_what_failed_is_tried_again_by_the_others(world, run_now):
    def sweep(task, claim):
        raise TransientError("time-out")

    world.handlers[Sweep] = sweep
    entry_id, outcome = run_now(Sweep())
    assert outcome == "retried"
    assert (world.ledger.get(entry_id).state, world.ledger.get(entry_id).queue) == (EntryState.DUE, RETRY)


def test_what_waits_already_is_not_run_twice(world, run_now):
    world.enqueue(Sweep())
    with pytest.raises(AlreadyExists, match="sweep"):
        run_now(Sweep())
    assert len(world.rows()) == 1
