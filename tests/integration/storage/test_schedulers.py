"""Any number of schedulers side by side, on real databases: each due time is run once."""

from datetime import timedelta

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.registry.schedule import SCHEDULE, ScheduleEntry, every_minutes
from notify_core.registry.tick import RunDueSchedule
from notify_core.testing.contracts.racing import race
from notify_core.testing.fakes.clock import FakeClock

EVERY_MINUTE = (ScheduleEntry(SCHEDULE[0].task, every_minutes(1)),)


@pytest.fixture(params=["sqlite_storage", "postgresql_storage"])
def storage(request):
    return request.getfixturevalue(request.param)


def tick(scheduler):
    """As its thread does: another that was faster, or a database that is busy, means to look again."""
    while True:
        try:
            return scheduler()
        except TransientError:
            continue


def rows(storage):
    return len(storage.ledger.entries(limit=1_000))


def test_each_due_time_is_run_once_among_eight(storage):
    clock = FakeClock()
    schedulers = [RunDueSchedule(storage.work(), clock, EVERY_MINUTE) for _ in range(8)]
    tick(schedulers[0])
    for minute in range(1, 6):
        clock.advance(timedelta(minutes=1))
        assert sum(race(lambda number: tick(schedulers[number]))) == 1
        assert rows(storage) == minute


def test_a_missed_run_is_made_up_once_by_whoever_comes_first(storage):
    clock = FakeClock()
    tick(RunDueSchedule(storage.work(), clock, EVERY_MINUTE))
    # Nobody was there for two days; then all start at once.
    clock.advance(timedelta(days=2))
    assert sum(race(lambda _: tick(RunDueSchedule(storage.work(), clock, EVERY_MINUTE)))) == 1
    assert rows(storage) == 1
