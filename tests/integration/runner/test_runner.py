import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Event
from typing import ClassVar

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.kernel.queues import BROADCASTS, PERIODIC, SEND_SMS, SERVICE_CALLBACKS
from notify_core.kernel.tasks import RetryPolicy, Task, every
from notify_core.ports.task_ledger import EntryState, RelayLimits
from notify_core.registry.relay import Relay
from notify_core.registry.schedule import ScheduleEntry
from notify_core.testing.builders import claim_row
from notify_entrypoints.runner import runner as module


@dataclass(frozen=True)
class Deliver(Task):
    name: ClassVar[str] = "deliver"
    queue: ClassVar = SEND_SMS
    retry: ClassVar = RetryPolicy(delay=every(1, first_at_once=True), maximum=3)

    number: int = 0


@dataclass(frozen=True)
class Alert(Task):
    name: ClassVar[str] = "alert"
    queue: ClassVar = BROADCASTS


@dataclass(frozen=True)
class Ring(Task):
    name: ClassVar[str] = "ring"
    queue: ClassVar = BROADCASTS

    network: str

    def limit_key(self):
        return f"network:{self.network}"


@dataclass(frozen=True)
class Call(Task):
    name: ClassVar[str] = "call"
    queue: ClassVar = SERVICE_CALLBACKS


@dataclass(frozen=True)
class Sweep(Task):
    name: ClassVar[str] = "sweep"
    queue: ClassVar = PERIODIC


# Long after what happens at once, on however busy a machine.
SAFETY_NET = 20.0


@pytest.fixture
def late_safety_net(monkeypatch):
    """What is found only because somebody looks now and then is found when the test has failed."""
    monkeypatch.setattr(module, "SAFETY_NET", SAFETY_NET)


class EverySoOften:
    """Due anew each time somebody looks."""

    def latest(self, now):
        return now


@pytest.mark.usefixtures("late_safety_net")
def test_committed_work_is_done_at_once(stage):
    stage.handlers[Deliver] = stage.note
    stage.start()
    stage.wait_for(lambda: stage.ledger.next_due_in() is None)
    begun = time.monotonic()
    for number in range(20):
        stage.enqueue(Deliver(number))
        stage.wait_for(lambda n=number: len(stage.done) > n)
    stage.wait_until_empty()
    assert time.monotonic() - begun < SAFETY_NET


@pytest.mark.usefixtures("late_safety_net")
def test_four_networks_follow_an_alert_side_by_side_and_at_once(stage):
    networks = Barrier(4)

    def ring(task, claim):
        networks.wait(timeout=30)
        stage.finish(claim)
        stage.note(task)

    stage.handlers |= {
        Alert: lambda task, claim: stage.finish(claim, *(Ring(name) for name in ("ee", "o2", "three", "vodafone"))),
        Ring: ring,
    }
    stage.start()
    begun = time.monotonic()
    stage.enqueue(Alert())
    stage.wait_for(lambda: len(stage.done) == 4)
    assert time.monotonic() - begun < SAFETY_NET


def test_much_work_is_all_done_once(stage):
    stage.handlers[Deliver] = stage.note
    stage.start()
    stage.enqueue(*(Deliver(number) for number in range(500)))
    stage.wait_until_empty()
    assert sorted(task.number for task in stage.done) == list(range(500))


@pytest.mark.usefixtures("late_safety_net")
def test_more_than_may_be_under_way_flows_on_without_waiting_for_the_safety_net(stage):
    stage.handlers[Deliver] = stage.note
    runner = stage.runner()
    runner.relay = Relay(
        stage.ledger, runner.queue, stage.metrics, runner.relay.clock, "embedded", RelayLimits(per_queue=5)
    )
    runner.start()
    begun = time.monotonic()
    stage.enqueue(*(Deliver(number) for number in range(100)))
    stage.wait_until_empty()
    assert time.monotonic() - begun < SAFETY_NET


@pytest.mark.usefixtures("late_safety_net")
def test_a_retry_that_is_due_at_once_is_done_at_once(stage):
    failures = [TransientError("time-out")]

    def deliver(task, claim):
        if failures:
            raise failures.pop()
        stage.note(task)

    stage.handlers[Deliver] = deliver
    stage.start()
    begun = time.monotonic()
    stage.enqueue(Deliver())
    stage.wait_until_empty()
    assert time.monotonic() - begun < SAFETY_NET


@pytest.mark.usefixtures("late_safety_net")
def test_work_due_later_is_done_then(stage):
    stage.handlers[Deliver] = stage.note
    stage.start()
    begun = time.monotonic()
    stage.enqueue(Deliver(), delay=timedelta(seconds=0.3))
    stage.wait_until_empty()
    assert 0.29 < time.monotonic() - begun < SAFETY_NET


def test_work_that_another_process_wrote_is_found(stage):
    stage.handlers[Deliver] = stage.note
    runner = stage.runner()
    runner.wake = Event()  # which nobody sets
    runner.start()
    time.sleep(0.05)
    stage.enqueue(Deliver())
    stage.wait_until_empty()


def test_slow_callbacks_delay_no_broadcast(stage):
    slow = Event()
    stage.handlers |= {Call: lambda task, claim: slow.wait(300), Alert: stage.note}
    stage.start()
    stage.enqueue(*(Call() for _ in range(20)))
    stage.enqueue(Alert())
    stage.wait_for(lambda: stage.done)
    slow.set()
    stage.wait_until_empty()


def test_the_schedule_is_run(stage):
    stage.schedule = (ScheduleEntry(Sweep(), EverySoOften()),)
    stage.handlers[Sweep] = stage.note
    stage.start()
    stage.wait_for(lambda: stage.done)


def test_a_thread_that_meets_a_mistake_says_so_and_goes_on(stage, caplog):
    mistakes = ["grace@example.gov.uk"]

    def tick():
        if mistakes:
            raise KeyError(mistakes.pop())
        stage.note("tick")

    stage.start(tick=tick)
    stage.wait_for(lambda: stage.done)
    assert "notify-scheduler goes on after an unexpected error" in caplog.text
    assert "grace@" not in caplog.text


def test_a_database_that_was_away_costs_a_moment(stage, caplog):
    caplog.set_level(logging.WARNING)
    stage.handlers[Deliver] = stage.note
    runner = stage.runner()
    honest, failures = runner.execute, [TransientError("database is locked")]

    def execute(*args, **kwargs):
        if failures:
            raise failures.pop()
        return honest(*args, **kwargs)

    runner.execute = execute
    execute.under_way = honest.under_way
    runner.start()
    stage.enqueue(Deliver())
    stage.wait_until_empty()
    assert "database is locked" in caplog.text


class TestStopping:
    def test_what_has_begun_is_finished_and_what_has_not_is_given_back(self, memory):
        begun, end = Event(), Event()

        def deliver(task, claim):
            begun.set()
            end.wait(300)

        memory.handlers[Deliver] = deliver
        runner = memory.start(threads={"deliveries": 1})
        memory.enqueue(Deliver(1), Deliver(2), Deliver(3))
        assert begun.wait(60)
        memory.wait_for(lambda: all(row.state is not EntryState.DUE for row in memory.rows()))
        assert not runner.stop(0.05)
        assert sorted(row.state for row in memory.rows()) == [EntryState.CLAIMED, EntryState.DUE, EntryState.DUE]
        end.set()
        assert runner.stop(60)
        assert [row.state for row in memory.rows()] == [EntryState.DUE, EntryState.DUE]

    def test_nothing_new_is_begun(self, memory):
        memory.handlers[Deliver] = memory.note
        runner = memory.start()
        assert runner.stop(60)
        memory.enqueue(Deliver())
        time.sleep(0.1)
        assert memory.done == []

    def test_it_ends_in_good_time_when_nothing_happens(self, memory):
        runner = memory.start()
        assert runner.stop(10)


class TestDying:
    """The process is gone with its queue; a new one of the same name starts on the same ledger."""

    def publish(self, stage):
        stage.enqueue(Deliver())
        (message,) = stage.ledger.publish_due(RelayLimits(), "embedded")
        return message

    def test_after_publishing(self, stage):
        stage.handlers[Deliver] = stage.note
        self.publish(stage)
        stage.start()
        stage.wait_until_empty()
        assert stage.done == [Deliver()]

    def test_after_claiming(self, stage):
        stage.handlers[Deliver] = stage.note
        message = self.publish(stage)
        claim_row(stage.ledger, message.entry_id, "embedded", timedelta(hours=1))
        stage.start()
        stage.wait_until_empty()
        assert stage.done == [Deliver()]

    def test_after_recording_the_result(self, stage):
        message = self.publish(stage)
        stage.handlers |= {Deliver: stage.note, Alert: stage.note}
        stage.finish(claim_row(stage.ledger, message.entry_id, "embedded", timedelta(hours=1)), Alert())
        stage.start()
        stage.wait_until_empty()
        assert stage.done == [Alert()]

    def test_what_another_worker_has_is_left_to_it(self, stage):
        stage.handlers[Deliver] = stage.note
        message = self.publish(stage)
        claim = claim_row(stage.ledger, message.entry_id, "another", timedelta(minutes=1))
        stage.start()
        time.sleep(0.1)
        assert stage.done == []
        stage.finish(claim)


def test_long_work_keeps_its_lease(stage):
    leases = []

    def deliver(task, claim):
        stage.wait_for(lambda: stage.ledger.get(claim.entry.id).leased_until > claim.entry.leased_until)
        leases.append(stage.ledger.get(claim.entry.id).leased_until)

    stage.handlers[Deliver] = deliver
    stage.start(seconds_between_heartbeats=0.02)
    stage.enqueue(Deliver())
    stage.wait_until_empty()
    assert len(leases) == 1


def test_start_says_so_when_the_database_is_away(memory):
    class Away:
        def recover(self, worker):
            raise TransientError("no database")

    with pytest.raises(TransientError):
        memory.runner(ledger=Away()).start()
