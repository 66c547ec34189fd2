from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from notify_core.kernel.queues import RETRY
from notify_core.kernel.tasks import Task
from notify_core.ports.task_ledger import LEASE, LONGEST_EXECUTION


@dataclass(frozen=True)
class Dig(Task):
    name: ClassVar[str] = "dig"
    queue: ClassVar = RETRY


def test_long_work_keeps_its_row_by_heartbeats_but_not_for_ever(world):
    beat = timedelta(seconds=20)
    spent = timedelta()

    def dig(task, claim):
        nonlocal spent
        assert len(world.under_way) == 1
        while world.ledger.next_due_in():
            world.advance(beat)
            spent += beat
            world.under_way.extend(world.ledger)

    world.handlers[Dig] = dig
    world.enqueue(Dig())
    world.execute()
    assert spent == LONGEST_EXECUTION + LEASE
    assert len(world.under_way) == 0


def test_a_heartbeat_gives_a_whole_lease(world):
    def dig(task, claim):
        world.advance(timedelta(seconds=50))
        world.under_way.extend(world.ledger)
        assert world.ledger.next_due_in() == LEASE

    world.handlers[Dig] = dig
    world.enqueue(Dig())
    world.execute()
    assert world.rows() == []


def test_without_work_a_heartbeat_asks_nothing_of_the_database(world):
    world.under_way.extend(None)
