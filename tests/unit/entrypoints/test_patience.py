"""How long a message in hand waits for the database."""

import os
from dataclasses import dataclass, field

import pytest

from notify_adapters.task_queue.celery_configuration import HARD_LIMIT
from notify_core.kernel.errors import NotFound, TransientError
from notify_core.ports.task_ledger import LEASE, LONGEST_EXECUTION
from notify_core.testing.fakes.clock import FakeClock
from notify_entrypoints.celery_app.patience import SECONDS, Ending, Patience
from notify_entrypoints.celery_app.process import SECONDS_BETWEEN_HEARTBEATS


@dataclass
class World:
    """A database that is away until ``back_at``, and a worker that ends at ``ends_at``."""

    back_at: float = 0.0
    ends_at: float = float("inf")
    clock: FakeClock = field(default_factory=FakeClock)
    tried_at: list = field(default_factory=list)

    def claim(self):
        now = self.clock.monotonic()
        self.tried_at.append(round(now, 3))
        if now < self.back_at:
            raise TransientError("no connection to grace@example.gov.uk")
        return "claimed"

    def patiently(self):
        return Patience(self.clock, lambda: self.clock.monotonic() >= self.ends_at, self.clock.sleep)(self.claim)


def test_a_database_that_is_there_is_asked_once():
    world = World()
    assert world.patiently() == "claimed"
    assert world.tried_at == [0]


def test_pauses_grow_and_end_when_the_database_is_back(caplog):
    world = World(back_at=10)
    assert world.patiently() == "claimed"
    assert world.tried_at == pytest.approx([0, 0.5, 1.5, 3.5, 7.5, 15.5])
    assert "waits 0.5 s for the database: TransientError" in caplog.text
    assert "grace@" not in caplog.text


def test_patience_ends_in_about_half_a_minute_with_few_tries():
    world = World(back_at=1000)
    with pytest.raises(TransientError):
        world.patiently()
    assert 20 < world.clock.monotonic() <= SECONDS
    assert len(world.tried_at) < 10


def test_each_try_may_take_its_time():
    world = World(back_at=1000)

    def slowly():
        world.clock.sleep(30)
        return world.claim()

    with pytest.raises(TransientError):
        Patience(world.clock, lambda: False, world.clock.sleep)(slowly)
    assert world.tried_at == [30]


@pytest.mark.parametrize("ends_at", [0, 5])
def test_a_worker_that_ends_does_not_wait(ends_at):
    world = World(back_at=1000, ends_at=ends_at)
    with pytest.raises(TransientError):
        world.patiently()
    assert world.clock.monotonic() < ends_at + 1


def test_only_what_may_pass_is_tried_again():
    with pytest.raises(NotFound):
        Patience(FakeClock(), lambda: False)(_not_found)


def _not_found():
    raise NotFound("there is no such thing")


def test_an_execution_after_a_wait_still_has_its_time():
    assert SECONDS + LONGEST_EXECUTION.total_seconds() < HARD_LIMIT


def test_a_process_that_hangs_is_ended_before_its_row_is_somebody_elses():
    shortest = (LONGEST_EXECUTION + LEASE).total_seconds() - SECONDS_BETWEEN_HEARTBEATS
    assert shortest > HARD_LIMIT


def test_what_the_main_process_says_its_children_see():
    ending = Ending()
    assert not ending()
    said, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(said, 1)
        os._exit(0 if ending() else 1)
    ending.say(sig="SIGTERM", how="Warm")
    os.write(say, b"!")
    assert os.waitpid(child, 0)[1] == 0
    assert ending()
    os.close(said)
    os.close(say)
