"""The same threads on a real database, as `notify serve` has them."""

import time
from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.errors import TransientError
from notify_core.kernel.queues import BROADCASTS, RETRY, SEND_SMS
from notify_core.kernel.tasks import RetryPolicy, Task, every


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


def test_a_thousand_deliveries_take_seconds(sqlite):
    sqlite.handlers[Deliver] = deliver_on(sqlite)
    sqlite.start()
    begun = time.monotonic()
    for hundred in range(10):
        sqlite.enqueue(*(Deliver(100 * hundred + number) for number in range(100)), fair=str(hundred % 3))
    sqlite.wait_for(lambda: len(sqlite.done) == 1000, 60)
    took = time.monotonic() - begun
    sqlite.wait_until_empty()
    assert sorted(task.number for task in sqlite.done) == list(range(1000))
    assert took < 20


def test_from_approval_to_four_acknowledgements_hardly_any_time_is_ours(sqlite):
    sqlite.handlers |= {
        Alert: lambda task, claim: sqlite.finish(claim, *(Ring(name) for name in ("ee", "o2", "three", "vodafone"))),
        Ring: deliver_on(sqlite),
    }
    sqlite.start()
    sqlite.wait_for(lambda: sqlite.ledger.next_due_in() is None)
    took = []
    for round_ in range(1, 6):
        begun = time.monotonic()
        sqlite.enqueue(Alert())
        sqlite.wait_for(lambda n=round_: len(sqlite.done) == 4 * n)
        took.append(time.monotonic() - begun)
        sqlite.wait_until_empty()
    assert min(took) < 0.1


def test_retries_stay_the_same_row_and_come_in_time(sqlite):
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
