from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.kernel.queues import PERIODIC
from notify_core.kernel.tasks import Task
from notify_core.registry.schedule import ScheduleEntry, at, every_minutes
from notify_core.registry.tick import RunDueSchedule

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Sweep(Task):
    name: ClassVar[str] = "sweep"
    queue: ClassVar = PERIODIC


@dataclass(frozen=True)
class Report(Task):
    name: ClassVar[str] = "report"
    queue: ClassVar = PERIODIC


SCHEDULE = (ScheduleEntry(Sweep(), every_minutes(1)), ScheduleEntry(Report(), at("00:05")))


@pytest.fixture
def scheduler(world):
    return lambda: RunDueSchedule(world.work, world.clock, SCHEDULE)


def tasks(world):
    return [row.task for row in world.rows()]


def test_a_new_installation_starts_with_the_next_due_times(world, scheduler):
    tick = scheduler()
    assert tick() == 0
    assert tasks(world) == []
    world.advance(MINUTE)
    assert tick() == 1
    assert tasks(world) == ["sweep"]


def test_each_due_time_runs_once(world, scheduler):
    tick = scheduler()
    tick()
    world.advance(MINUTE)
    assert [tick(), tick()] == [1, 0]


def test_each_due_time_runs_once_among_many_schedulers(world, scheduler):
    several = [scheduler() for _ in range(3)]
    for _ in range(5):
        for tick in several:
            tick()
        world.advance(MINUTE)
    assert tasks(world) == ["sweep"] * 4


def test_after_a_standstill_only_the_latest_missed_run_is_made_up(world, scheduler):
    scheduler()()
    world.advance(timedelta(days=3))
    assert scheduler()() == 2
    assert tasks(world) == ["sweep", "report"]


def test_a_clock_that_goes_back_runs_nothing_again(world, scheduler):
    tick = scheduler()
    tick()
    world.advance(MINUTE)
    tick()
    world.clock.advance(-3 * MINUTE)
    assert [tick(), scheduler()()] == [0, 0]
    assert tasks(world) == ["sweep"]


def test_most_ticks_ask_nothing_of_the_database(world, scheduler):
    tick = scheduler()
    tick()
    world.work.fail_next_commit(TransientError("the database is not there"))
    world.advance(timedelta(seconds=59))
    assert tick() == 0


def test_a_run_that_could_not_be_written_is_so_by_the_next_tick(world, scheduler):
    tick = scheduler()
    tick()
    world.advance(MINUTE)
    world.work.fail_next_commit(TransientError("the database is not there"))
    with pytest.raises(TransientError):
        tick()
    assert tick() == 1
    assert tasks(world) == ["sweep"]
