from datetime import timedelta

import pytest

from notify_core.jobs.states import JobEvent, JobStatus
from notify_core.jobs.tasks import RunScheduledJobs
from notify_core.jobs.use_cases import CancelJob, StartScheduledJobs
from notify_core.kernel.errors import Conflict, NotAllowed, NotFound
from notify_core.kernel.ids import JobId
from notify_core.testing.builders import an_id

HOUR = timedelta(hours=1)


@pytest.fixture
def start(notify, jobs):
    def act(batch=500):
        with notify.work() as work:
            work.enqueue(RunScheduledJobs())
            work.commit()
        StartScheduledJobs(notify.work, notify.clock, batch)(RunScheduledJobs(), jobs.claimed(RunScheduledJobs))

    return act


def test_a_job_begins_when_its_time_has_come(notify, upload, start, jobs):
    job = upload(2, scheduled_for=notify.clock.now() + HOUR)
    start()
    assert jobs.view(job).job.status is JobStatus.SCHEDULED
    notify.advance(HOUR)
    start()
    assert jobs.view(job).job.status is JobStatus.PENDING
    notify.run_until_idle()
    assert jobs.view(job).job.status is JobStatus.FINISHED


def test_a_job_missed_while_the_scheduler_was_down_begins_however_late(notify, upload, jobs):
    job = upload(2, scheduled_for=notify.clock.now() + HOUR)
    notify.tick()
    notify.advance(timedelta(days=40))
    notify.tick()
    notify.run_until_idle()
    assert jobs.view(job).job.status is JobStatus.FINISHED


def test_more_than_a_batch_takes_more_executions(notify, upload, start, jobs):
    all_jobs = [upload(1, scheduled_for=notify.clock.now() + HOUR) for _ in range(3)]
    notify.advance(HOUR)
    start(batch=2)
    assert sum(jobs.view(job).job.status is JobStatus.PENDING for job in all_jobs) == 2
    notify.run_until_idle()
    assert {jobs.view(job).job.status for job in all_jobs} == {JobStatus.FINISHED}


def test_a_scheduled_job_can_be_cancelled_and_nothing_of_it_goes_out(notify, upload, start, jobs):
    job = upload(2, scheduled_for=notify.clock.now() + HOUR)
    assert notify.use(CancelJob)(job.service_id, job.id).status is JobStatus.CANCELLED
    notify.advance(HOUR)
    start()
    notify.run_until_idle()
    assert jobs.view(job).job.status is JobStatus.CANCELLED
    assert notify.sms.calls == []
    with pytest.raises(NotAllowed, match="Job cannot be cancelled: it is cancelled"):
        notify.use(CancelJob)(job.service_id, job.id)


def test_a_job_that_has_begun_cannot_be_cancelled(notify, upload):
    job = upload(2)
    with pytest.raises(NotAllowed, match="it is pending"):
        notify.use(CancelJob)(job.service_id, job.id)
    with pytest.raises(NotFound):
        notify.use(CancelJob)(job.service_id, JobId(an_id()))


def test_whoever_is_faster_wins_and_the_other_is_told(notify, upload, start, jobs):
    job = upload(1, scheduled_for=notify.clock.now() + HOUR)
    notify.work.fail_next_commit(Conflict("another was faster"))
    assert notify.use(CancelJob)(job.service_id, job.id).status is JobStatus.CANCELLED


def test_a_job_cancelled_at_the_moment_it_is_due_stays_cancelled(notify, upload, jobs):
    job = upload(1, scheduled_for=notify.clock.now() + HOUR)
    notify.advance(HOUR)
    with notify.work() as work:
        work.enqueue(RunScheduledJobs())
        work.commit()
    StartScheduledJobs(_Stale(notify, job), notify.clock)(RunScheduledJobs(), jobs.claimed(RunScheduledJobs))
    assert jobs.view(job).job.status is JobStatus.CANCELLED
    assert notify.ledger.entries() == []


class _Stale:
    """Units of work in which the job is cancelled between being found and being changed."""

    def __init__(self, notify, job):
        self._notify, self._job = notify, job

    def __call__(self, *, read_only=False):
        work = self._notify.work(read_only=read_only)
        find = work.jobs.due

        def due(moment, limit):
            found = find(moment, limit)
            work.jobs.change(self._job, found[0].after(JobEvent.CANCELLED, moment))
            return found

        work.jobs.due = due
        return work
