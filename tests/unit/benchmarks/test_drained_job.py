"""The proof that a job has drained finds what it is there to find."""

from dataclasses import replace

import pytest

from benchmarks.drained_job import Seen, violations
from notify_adapters.fake_supplier.store import FakeMessage
from notify_core.jobs.model import RowError, RowResult
from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import ProcessJob
from notify_core.ports.task_ledger import EntryState, LedgerEntry
from notify_core.testing.builders import NOON, a_job, an_id

ROWS, KILLS = 3, 2


@pytest.fixture
def drained():
    job = a_job(status=JobStatus.FINISHED)
    results = [RowResult(row, "07700900123", "delivered", NOON) for row in range(ROWS)]
    messages = [
        FakeMessage(str(job.notification_id(row)), "answer", "+447700900123", {}, 0.0, repeats=KILLS if row else 0)
        for row in range(ROWS)
    ]
    return Seen(job, results, {"delivered": ROWS}, [], messages, [])


def test_what_is_as_it_must_be_is_no_violation(drained):
    assert violations(drained, ROWS, KILLS) == []


def test_a_job_that_did_not_end(drained):
    stopped = replace(drained.job, status=JobStatus.ERROR, reason="its file is gone")
    assert violations(replace(drained, job=stopped), ROWS, KILLS) == ["the job is error: its file is gone"]


def test_rows_that_are_recorded_twice_or_not_at_all(drained):
    twice = replace(drained, results=[*drained.results, drained.results[0]], statistics={"delivered": 4})
    assert violations(twice, ROWS, KILLS) == [
        "row 0 is recorded 2 times",
        "4 messages are recorded for 3 rows",
    ]
    lost = replace(drained, results=drained.results[1:], statistics={"delivered": 2})
    assert violations(lost, ROWS, KILLS) == ["row 0 is recorded 0 times", "2 messages are recorded for 3 rows"]


def test_rows_that_did_not_arrive_or_have_errors(drained):
    waiting = [replace(drained.results[0], status="sending"), *drained.results[1:]]
    assert violations(replace(drained, results=waiting), ROWS, KILLS) == ["row 0 is sending"]
    wrong = replace(drained, errors=[RowError(1, "name", "Missing")])
    assert violations(wrong, ROWS, KILLS) == ["row 1 has the error Missing"]


def test_what_the_supplier_saw_too_often_not_at_all_or_from_nowhere(drained):
    first, *others = drained.messages
    assert violations(replace(drained, messages=others), ROWS, KILLS) == [f"{first.reference} was never sent"]
    stranger = replace(first, reference="stranger")
    assert violations(replace(drained, messages=[*drained.messages, stranger]), ROWS, KILLS) == [
        "stranger was sent and is of no row"
    ]
    often = replace(first, repeats=KILLS + 1)
    assert violations(replace(drained, messages=[often, *others]), ROWS, KILLS) == [
        f"the supplier saw {first.reference} again 3 times, after 2 kills"
    ]


def test_work_that_is_left(drained):
    task = ProcessJob(drained.job.id)
    row = LedgerEntry(an_id(), task.name, task.arguments(), task.queue, EntryState.FAILED, 0, NOON, NOON, reason="why")
    (found,) = violations(replace(drained, rows=[row]), ROWS, KILLS)
    assert found.startswith("left in the ledger: process-job failed")
