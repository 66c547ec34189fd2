"""The same threads on a real database, as `notify serve` has them."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.kernel.queues import BROADCASTS, RETRY, SEND_SMS
from notify_core.kernel.tasks import RetryPolicy, Task, every
from notify_entrypoints.runner import runner


@dataclass(frozen=True)
class Deliver(Task):
    name: ClassVar[str] = "deliver"
    queue: ClassVar = SEND_SMS
    retry: ClassVar = RetryPolicy(delay=every(1, first_at_once=True), maximum=3, queue=RETRY)

    number: int = 0

    def dedupe_key(self):
        return f"deliver:{self.number}"


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


def deliver_on(stage):
    """Reads, calls out, records: what a delivery costs the database."""

    def deliver(task, claim):
        with stage.work(read_only=True) as work:
            work.services.all()
        stage.note(task)
        stage.finish(claim)

    return deliver


@pytest.fixture
def only_woken(monkeypatch):
    """Nobody looks by himself, as long as a test has patience."""
    monkeypatch.setattr(runner, "SAFETY_NET", 600.0)


def test_a_thousand_deliveries_are_done_once_each(sqlite):
    sqlite.handlers[Deliver] = deliver_on(sqlite)
    sqlite.start()
    for hundred in range(10):
        sqlite.enqueue(*(Deliver(100 * hundred + number) for number in range(100)), fair=str(hundred % 3))
    sqlite.wait_until_empty(300)
    assert sorted(task.number for task in sqlite.done) == list(range(1000))


@pytest.mark.usefixtures("only_woken")
def test_from_approval_to_four_acknowledgements_nobody_waits_for_a_look(sqlite):
    sqlite.handlers |= {
        Alert: lambda task, claim: sqlite.finish(claim, *(Ring(name) for name in ("ee", "o2", "three", "vodafone"))),
        Ring: deliver_on(sqlite),
    }
    sqlite.start()
    for round_ in range(1, 6):
        sqlite.enqueue(Alert())
        sqlite.wait_for(lambda n=round_: len(sqlite.done) == 4 * n)
        sqlite.wait_until_empty()
    assert sorted(task.network for task in sqlite.done) == sorted(5 * ["ee", "o2", "three", "vodafone"])


def test_retries_stay_the_same_row_and_come(sqlite):
    tries = []

    def deliver(task, claim):
        tries.append(claim.entry)
        if len(tries) < 3:
            raise TransientError("time-out")

    sqlite.handlers[Deliver] = deliver
    sqlite.start()
    sqlite.enqueue(Deliver())
    sqlite.wait_until_empty()
    assert [entry.attempt for entry in tries] == [0, 1, 2]
    assert [entry.queue for entry in tries] == [SEND_SMS, RETRY, RETRY]
    assert len({entry.id for entry in tries}) == 1
