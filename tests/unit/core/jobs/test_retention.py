from datetime import timedelta

import pytest

from notify_core.jobs.model import Job
from notify_core.jobs.states import JobEvent, JobStatus
from notify_core.jobs.tasks import RemoveLetterJobs, RemoveSmsEmailJobs
from notify_core.jobs.use_cases import RemoveFilesOfLetterJobs, RemoveFilesOfSmsAndEmailJobs
from notify_core.kernel.errors import TransientError
from notify_core.notifications.model import Channel
from notify_core.testing.builders import a_job, a_retention, a_service

DAY = timedelta(days=1)


@pytest.fixture
def kept(notify):
    def act(age, service, **changes):
        job = a_job(
            **{"status": JobStatus.FINISHED, "service_id": service.id, "created_at": notify.clock.now() - age * DAY}
            | changes
        )
        with notify.work() as work:
            work.jobs.add(job)
            work.commit()
        notify.recipient_files.put(service.id, job.id, b"phone number\n1", {})
        return job

    return act


@pytest.fixture
def remove(notify, jobs):
    def act(kind=RemoveSmsEmailJobs, batch=500):
        use_case = RemoveFilesOfSmsAndEmailJobs if kind is RemoveSmsEmailJobs else RemoveFilesOfLetterJobs
        with notify.work() as work:
            work.enqueue(kind())
            work.commit()
        executions = 0
        while notify.ledger.entries():
            use_case(notify.work, notify.clock, notify.recipient_files, batch)(kind(), jobs.claimed(kind))
            executions += 1
        return executions

    return act


def archived(notify, job: Job):
    with notify.work(read_only=True) as work:
        is_archived = work.jobs.get(job.id).archived_at is not None
    assert is_archived is ((job.service_id, job.id) not in notify.recipient_files.files)
    return is_archived


def test_files_go_when_the_services_retention_is_over_channel_by_channel(notify, service, kept, remove):
    other = a_service()
    notify.put(other)
    with notify.work() as work:
        work.settings.put_retention(a_retention(service_id=service.id, type="email", days=30))
        work.commit()
    all_jobs = {
        kept(8, service): True,
        kept(6, service): False,
        kept(29, service, channel=Channel.EMAIL): False,
        kept(31, service, channel=Channel.EMAIL): True,
        kept(8, other): True,
        kept(8, service, channel=Channel.LETTER): False,
        kept(8, service, status=JobStatus.IN_PROGRESS): False,
        kept(8, service, scheduled_for=notify.clock.now() - DAY): False,
    }
    remove()
    assert {job: archived(notify, job) for job in all_jobs} == all_jobs


def test_letters_have_a_task_of_their_own(notify, service, kept, remove):
    letter, text = kept(8, service, channel=Channel.LETTER), kept(8, service)
    remove(RemoveLetterJobs)
    assert archived(notify, letter)
    assert not archived(notify, text)


def test_many_files_take_more_executions(notify, service, kept, remove):
    all_jobs = [kept(9, service) for _ in range(3)]
    notify.put(a_service())
    assert remove(batch=2) == 2
    assert all(archived(notify, job) for job in all_jobs)


def test_a_store_that_is_away_or_a_death_in_between_leaves_it_for_the_next_time(notify, service, kept, remove):
    job = kept(9, service)
    notify.recipient_files.fail_with(TransientError("the store is away"))
    with pytest.raises(TransientError):
        remove()
    notify.advance(timedelta(minutes=2))
    notify.recipient_files.delete(service.id, [job.id])
    notify.run_until_idle()
    assert archived(notify, job)


def test_a_job_that_somebody_has_taken_up_again_keeps_its_file(notify, service, kept, remove):
    stopped, done = kept(9, service, status=JobStatus.ERROR), kept(9, service)
    with notify.work() as work:
        assert work.jobs.hold(stopped.id, "a worker", timedelta(minutes=1))
        work.commit()
    remove()
    assert not archived(notify, stopped)
    assert archived(notify, done)


def test_a_job_that_has_gone_on_meanwhile_keeps_its_file(notify, service, kept, jobs):
    stopped = kept(9, service, status=JobStatus.ERROR)

    class GoingOn(RemoveFilesOfSmsAndEmailJobs):
        def _old(self):
            found = super()._old()
            with notify.work() as work:
                work.jobs.change(stopped, stopped.after(JobEvent.RESUMED, notify.clock.now()))
                work.commit()
            return found

    with notify.work() as work:
        work.enqueue(RemoveSmsEmailJobs())
        work.commit()
    GoingOn(notify.work, notify.clock, notify.recipient_files)(RemoveSmsEmailJobs(), jobs.claimed(RemoveSmsEmailJobs))
    assert not archived(notify, stopped)


def test_where_all_are_taken_up_it_ends_until_the_next_time(notify, service, kept, remove):
    stopped = [kept(9, service, status=JobStatus.ERROR) for _ in range(2)]
    with notify.work() as work:
        assert all(work.jobs.hold(job.id, "a worker", timedelta(minutes=1)) for job in stopped)
        work.commit()
    assert remove(batch=2) == 1
    assert not any(archived(notify, job) for job in stopped)
