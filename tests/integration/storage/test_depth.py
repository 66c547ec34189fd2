from dataclasses import dataclass
from typing import ClassVar

import pytest

from notify_adapters.storage.sql import ledger_depth
from notify_core.kernel.queues import Queue
from notify_core.ports.task_ledger import EntryState
from notify_core.testing.contracts.storage import Chore

ALIKE = ("job", "job-tasks", "job tasks", "job-", "Job")


@dataclass(frozen=True)
class Somewhere(Chore):
    name: ClassVar[str] = "somewhere"
    other_queues: ClassVar[tuple[Queue, ...]] = tuple(map(Queue, (*ALIKE, "flooded", "quiet")))


@pytest.fixture(params=["sqlite_storage", "postgresql_storage"])
def storage(request):
    return request.getfixturevalue(request.param)


def enqueue(storage, queue, rows, fair=None):
    with storage.work()() as work:
        for number in range(rows):
            work.enqueue(Somewhere(number, fair=fair), queue=Queue(queue))
        work.commit()


def test_a_queue_is_told_from_those_whose_names_begin_alike(storage):
    for rows, queue in enumerate(ALIKE, start=1):
        enqueue(storage, queue, rows)
        enqueue(storage, queue, 1, fair="é")
    assert {queue: rows for (queue, _), rows in storage.ledger.depth().items()} == {
        "job": 2,
        "job-tasks": 3,
        "job tasks": 4,
        "job-": 5,
        "Job": 6,
    }


def test_a_flood_is_not_counted_to_its_end(storage, monkeypatch):
    monkeypatch.setattr(ledger_depth, "BOUND", 5)
    enqueue(storage, "flooded", 8)
    enqueue(storage, "quiet", 2)
    assert storage.ledger.depth() == {("flooded", EntryState.DUE): 5, ("quiet", EntryState.DUE): 2}
