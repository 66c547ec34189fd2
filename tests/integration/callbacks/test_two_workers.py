"""Workers that have the same deliveries, and workers that die in the midst of one."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from notify_core.ports.task_ledger import RelayLimits
from notify_core.registry.execute import ExecutionOutcome

DONE, DUPLICATE = ExecutionOutcome.DONE, ExecutionOutcome.DUPLICATE


def published(office):
    return [row.entry_id for row in office.container.ledger().publish_due(RelayLimits(per_limit_key=50), "relay")]


def test_of_workers_that_are_brought_the_same_deliveries_one_makes_each(office):
    library = office.told_service()
    library.messages(20)
    rows = published(office)
    start = Barrier(4)

    def worker(number):
        execute, order = office.another().execute(), random.sample(rows, len(rows))
        start.wait(60)
        return {row: execute(row, f"worker-{number}") for row in order}

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(worker, range(4)))
    for row in rows:
        assert Counter(outcome[row] for outcome in outcomes) == {DONE: 1, DUPLICATE: 3}
    assert sorted(library.server.ids) == sorted(map(str, rows))
    assert len(library.attempts) == 20
    assert library.rows() == []


class Killed(BaseException):
    """No code of ours handles it."""


def test_after_a_death_before_the_record_the_service_is_told_once_more_under_the_same_id(office):
    library = office.told_service()
    library.messages(1)
    (row,) = published(office)
    dying = office.another()
    sender = dying.callbacks()

    class DiesAfterTheAnswer:
        def post(self, request):
            sender.post(request)
            raise Killed

    dying.callbacks.override(DiesAfterTheAnswer())
    with pytest.raises(Killed):
        dying.execute()(row, "dying")
    assert len(library.server.told) == 1
    assert library.attempts == []

    office.let_leases_run_out()
    (again,) = published(office)
    assert office.another().execute()(again, "next") is DONE
    assert library.server.ids == [str(row)] * 2
    assert library.server.told[0] == library.server.told[1]
    assert [attempt.status for attempt in library.attempts] == [204]
    assert library.rows() == []
