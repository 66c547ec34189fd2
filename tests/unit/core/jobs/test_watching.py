from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import CheckJobStatus, ProcessIncompleteJobs, ProcessJob
from notify_core.jobs.use_cases import FindStuckJobs
from notify_core.testing.builders import a_job, an_id

MINUTE = timedelta(minutes=1)


@pytest.fixture
def check(notify, jobs):
    def act(batch=100, work=None):
        with notify.work() as unit:
            unit.enqueue(CheckJobStatus())
            unit.commit()
        use_case = FindStuckJobs(work or notify.work, notify.clock, batch)
        use_case(CheckJobStatus(), jobs.claimed(CheckJobStatus))

    return act


def lose_its_task(notify):
    """As when somebody purged the ledger, or a broker without a ledger lost everything."""
    for entry_id in list(notify.database.table("task_ledger")):
        del notify.database.table("task_ledger")[entry_id]


@pytest.mark.parametrize("stopped", list(product([31 * MINUTE, timedelta(days=400)], [False, True])))
def test_a_job_without_progress_goes_on_however_long_ago_it_stopped(notify, upload, check, jobs, stopped):
    later, begun = stopped
    job = upload(4)
    if begun:
        jobs.process(job, batch=2, longest=timedelta())
    lose_its_task(notify)
    notify.advance(later)
    check()
    assert jobs.view(job).job.status is (JobStatus.ERROR if begun else JobStatus.PENDING)
    notify.run_until_idle()
    assert jobs.view(job).job.status is JobStatus.FINISHED
    assert len(jobs.messages(job)) == 4


def test_a_scheduled_job_that_became_pending_and_no_more_goes_on(notify, upload, check, jobs):
    job = upload(1, scheduled_for=notify.clock.now() + MINUTE)
    notify.tick()
    notify.advance(15 * MINUTE)
    notify.tick()
    notify.run_until_idle()
    assert jobs.view(job).job.status is JobStatus.FINISHED


def test_a_job_is_left_alone_for_half_an_hour(notify, upload, check, jobs):
    job = upload(1)
    lose_its_task(notify)
    notify.advance(30 * MINUTE)
    check()
    assert notify.ledger.entries() == []
    assert jobs.view(job).job == job


def test_a_job_is_resumed_once_each_half_hour(notify, upload, check):
    upload(1)
    lose_its_task(notify)
    notify.advance(31 * MINUTE)
    check()
    check()
    assert [entry.task for entry in notify.ledger.entries()] == ["process-incomplete-jobs"]


def test_a_job_that_has_its_task_gets_no_second(notify, upload, check):
    upload(1)
    notify.advance(31 * MINUTE)
    check()
    notify.relay()
    tasks = [entry.task for entry in notify.ledger.entries()]
    assert sorted(tasks) == ["process-incomplete-jobs", "process-job"]
    notify.run_until_idle()
    assert len(notify.sms.calls) == 1


def test_many_stuck_jobs_take_more_executions(notify, upload, check, jobs):
    all_jobs = [upload(1) for _ in range(3)]
    lose_its_task(notify)
    notify.advance(31 * MINUTE)
    check(batch=2)
    notify.run_until_idle()
    assert {jobs.view(job).job.status for job in all_jobs} == {JobStatus.FINISHED}


def test_a_job_that_moves_on_while_it_is_looked_at_is_left_alone(notify, upload, check, jobs):
    job = upload(1)
    lose_its_task(notify)
    notify.advance(31 * MINUTE)

    def open_work(*, read_only=False):
        work = notify.work(read_only=read_only)
        find = work.jobs.without_progress

        def found(since, limit):
            stuck = find(since, limit)
            work.jobs.change(job, replace(job, status=JobStatus.CANCELLED))
            return stuck

        work.jobs.without_progress = found
        return work

    check(work=open_work)
    assert jobs.view(job).job.status is JobStatus.CANCELLED
    assert notify.ledger.entries() == []


def test_jobs_that_ended_or_are_unknown_are_not_resumed(notify, upload):
    job = upload(1)
    notify.run_until_idle()
    ended, unknown = str(job.id), str(an_id())
    with notify.work() as work:
        work.enqueue(ProcessIncompleteJobs((ended, unknown)))
        work.commit()
    assert notify.run_until_idle() == 1


def test_a_tasks_name_is_one_jobs():
    job = a_job()
    assert ProcessJob(job.id).dedupe_key() == f"process-job:{job.id}"
