import logging
from dataclasses import replace
from datetime import date, timedelta

import pytest

from notify_core.accounts.model import Permission
from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import ProcessJob
from notify_core.jobs.use_cases import ProcessUploadedJob
from notify_core.kernel.errors import ClaimLost, TransientError
from notify_core.kernel.queues import PRIORITY, SEND_SMS
from notify_core.templates.model import ProcessType
from notify_core.testing.builders import a_template, claim_row
from tests.unit.core.jobs.dying import Died, DyingWork

MINUTE = timedelta(minutes=1)


def tasks(notify):
    return [entry.task for entry in notify.ledger.entries(limit=10_000)]


def test_a_job_is_carried_out_batch_by_batch_and_ends_finished(notify, upload, jobs):
    job = upload(5)
    jobs.process(job, batch=2)
    found = jobs.view(job).job
    assert (found.status, found.next_row) == (JobStatus.FINISHED, 5)
    assert found.processing_started == found.processing_finished == notify.clock.now()
    assert sorted(jobs.messages(job)) == [0, 1, 2, 3, 4]
    assert tasks(notify) == ["deliver_sms"] * 5
    assert {entry.fair for entry in notify.ledger.entries()} == {str(job.service_id)}


def test_a_long_job_leaves_the_rest_to_another_execution(notify, upload, jobs):
    job = upload(5)
    for rows in (2, 4, 5):
        jobs.process(job, batch=2, longest=timedelta())
        assert jobs.view(job).job.next_row == rows == len(jobs.messages(job))
        assert jobs.view(job).job.status is JobStatus.IN_PROGRESS
    jobs.process(job)
    assert jobs.view(job).job.status is JobStatus.FINISHED


def test_priority_templates_go_by_their_own_queue(notify, service, submit):
    urgent = a_template(service_id=service.id, content="x", process_type=ProcessType.PRIORITY)
    notify.put(urgent)
    for template, queue in ((urgent, PRIORITY), (a_template(service_id=service.id, content="x"), SEND_SMS)):
        notify.put(template)
        submit("phone number\n07700900123", template)
        notify.relay()
        publication = notify.queue.take()
        notify._execute()(publication.entry_id, "w", task=publication.task, queue=publication.queue)
        assert queue in {entry.queue for entry in notify.ledger.entries()}


def test_an_inactive_services_job_is_cancelled_before_it_begins(notify, service, upload, jobs):
    job = upload(3)
    notify.put(replace(service, active=False))
    jobs.process(job)
    assert jobs.view(job).job.status is JobStatus.CANCELLED
    assert jobs.view(job).job.reason == "The service is not active"
    assert tasks(notify) == []


def test_a_job_of_a_service_that_ends_in_the_middle_stops_and_goes_on_when_it_is_back(notify, service, upload, jobs):
    job = upload(4)
    jobs.process(job, batch=2, longest=timedelta())
    notify.put(replace(service, active=False))
    jobs.process(job)
    assert jobs.view(job).job.status is JobStatus.ERROR
    assert len(jobs.messages(job)) == 2
    assert "process-job" not in tasks(notify)
    for active in (False, True):
        notify.put(replace(service, active=active))
        notify.advance(31 * MINUTE)
        notify.tick()
        notify.run_until_idle()
        assert jobs.view(job).job.status is (JobStatus.FINISHED if active else JobStatus.ERROR)
    assert len(jobs.messages(job)) == 4


def test_a_file_that_is_gone_or_broken_stops_the_job_with_a_reason(notify, upload, jobs):
    gone = upload(1)
    notify.recipient_files.files.clear()
    jobs.process(gone)
    assert jobs.view(gone).job.status is JobStatus.ERROR
    assert "no recipients file" in jobs.view(gone).job.reason
    broken = upload(1)
    notify.recipient_files.files[broken.service_id, broken.id] = (b"name\nAnn", {})
    jobs.process(broken)
    assert jobs.view(broken).job.reason == "The file has no column phone number"
    # It is tried again, and ends no otherwise.
    notify.advance(31 * MINUTE)
    notify.tick()
    notify.run_until_idle()
    assert jobs.view(broken).job.status is JobStatus.ERROR


def looks_of_two_days(notify):
    for _ in range(100):
        notify.advance(31 * MINUTE)
        notify.tick()
        notify.run_until_idle()


def errors_in(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_of_a_job_whose_file_does_not_come_back_people_are_told_twice_and_it_is_over(notify, upload, jobs, caplog):
    gone = upload(1)
    notify.recipient_files.files.clear()
    jobs.process(gone)
    looks_of_two_days(notify)
    ended = jobs.view(gone).job
    assert (ended.status, "no recipients file" in ended.reason) == (JobStatus.ERROR, True)
    assert ended.progressed_at - gone.created_at < timedelta(hours=25)
    assert ended.archived_at == ended.progressed_at
    assert [message.partition(":")[0] for message in errors_in(caplog)] == ["job stopped", "job ends unfinished"]


def test_whoever_replays_the_task_of_a_job_that_is_over_changes_nothing(notify, upload, jobs):
    gone = upload(1)
    kept = dict(notify.recipient_files.files)
    notify.recipient_files.files.clear()
    jobs.process(gone)
    looks_of_two_days(notify)
    ended = jobs.view(gone).job
    notify.recipient_files.files.update(kept)
    with notify.work() as work:
        work.enqueue(ProcessJob(gone.id))
        work.commit()
    notify.run_until_idle()
    assert jobs.view(gone).job == ended
    assert "process-job" not in tasks(notify)


def test_a_file_that_comes_back_within_a_day_lets_the_job_go_on(notify, upload, jobs):
    gone = upload(2)
    kept = dict(notify.recipient_files.files)
    notify.recipient_files.files.clear()
    jobs.process(gone)
    for _ in range(10):
        notify.advance(31 * MINUTE)
        notify.tick()
        notify.run_until_idle()
    notify.recipient_files.files.update(kept)
    notify.advance(31 * MINUTE)
    notify.tick()
    notify.run_until_idle()
    assert jobs.view(gone).job.status is JobStatus.FINISHED


def test_of_a_broken_file_people_are_told_once(notify, upload, jobs, caplog):
    broken = upload(1)
    notify.recipient_files.files[broken.service_id, broken.id] = (b"name\nAnn", {})
    jobs.process(broken)
    looks_of_two_days(notify)
    assert errors_in(caplog) == ["job stopped: The file has no column phone number"]
    # Its file is there, and removed when its time is over.
    assert jobs.view(broken).job.archived_at is None


class TestLimits:
    TODAY = date(2026, 1, 5)

    @pytest.fixture
    def limited(self, notify, service):
        def to(**limits):
            changed = replace(
                service, message_limit=limits, permissions=service.permissions | {Permission.INTERNATIONAL_SMS}
            )
            notify.put(changed)
            return changed

        return to

    def test_a_job_that_fits_counts_with_all_its_rows_once(self, notify, limited, upload, jobs):
        service = limited(sms=4)
        job = upload(4)
        jobs.process(job, batch=2, longest=timedelta())
        jobs.process(job)
        assert jobs.view(job).job.status is JobStatus.FINISHED
        assert notify.daily_limits.used == {(service.id, "sms", self.TODAY): 4}

    def test_one_row_too_many_and_none_is_sent(self, notify, limited, upload, jobs):
        service = limited(sms=5)
        notify.daily_limits.used[service.id, "sms", self.TODAY] = 2
        job = upload(4)
        jobs.process(job)
        assert jobs.view(job).job.status is JobStatus.LIMITS_EXCEEDED
        assert jobs.messages(job) == {}
        assert notify.daily_limits.used == {(service.id, "sms", self.TODAY): 2}

    def test_numbers_abroad_have_a_limit_of_their_own(self, notify, limited, submit, jobs):
        service = limited(sms=10, international_sms=1)
        rows = "phone number,name\n+33612345678,A\nx,B\n07700900123,C\n"
        fits = submit(rows)
        jobs.process(fits)
        assert jobs.view(fits).job.status is JobStatus.FINISHED
        not_any_more = submit(rows)
        jobs.process(not_any_more)
        assert jobs.view(not_any_more).job.status is JobStatus.LIMITS_EXCEEDED
        used = {(service.id, "sms", self.TODAY): 3, (service.id, "international_sms", self.TODAY): 1}
        assert notify.daily_limits.used == used, "what was counted of one channel before the other refused is not"

    def test_a_death_before_the_job_begins_counts_nothing(self, notify, limited, upload, jobs):
        service = limited(sms=4)
        job = upload(4)
        notify.work.fail_next_commit(TransientError("died"))
        notify.work.fail_next_commit(TransientError("died"))
        for _ in range(2):
            with pytest.raises(TransientError):
                jobs.process(job)
            notify.advance(MINUTE)
        jobs.process(job)
        assert jobs.view(job).job.status is JobStatus.FINISHED
        assert notify.daily_limits.used == {(service.id, "sms", self.TODAY): 4}


class TestDeaths:
    """At each commit of an execution its worker dies; another takes the row when its lease has run out."""

    @pytest.mark.parametrize("survived", range(6))
    def test_every_row_is_written_once(self, notify, upload, jobs, survived):
        job = upload(5)
        commits = DyingWork(notify.work, survived)
        with pytest.raises(Died):
            ProcessUploadedJob(commits, notify.clock, notify.recipient_files, 2)(ProcessJob(job.id), _claim(notify))
        notify.advance(MINUTE)
        jobs.process(job)
        assert jobs.view(job).job.status is JobStatus.FINISHED
        assert sorted(jobs.messages(job)) == [0, 1, 2, 3, 4]
        assert tasks(notify).count("deliver_sms") == 5

    def test_a_worker_that_lost_its_row_writes_nothing_more(self, notify, upload, jobs):
        job = upload(4)
        slow = _claim(notify)
        notify.advance(2 * MINUTE)
        jobs.process(job, batch=2, longest=timedelta())
        with pytest.raises((ClaimLost, TransientError)):
            ProcessUploadedJob(notify.work, notify.clock, notify.recipient_files, 2)(ProcessJob(job.id), slow)
        assert len(jobs.messages(job)) == 2
        assert jobs.view(job).job.next_row == 2

    def test_what_is_sent_already_is_not_queued_again(self, notify, upload, jobs):
        job = upload(2)
        jobs.process(job)
        notify.run_until_idle()
        sent = list(notify.sms.calls)
        # As after a restored backup of the jobs alone.
        notify.database.table("jobs")[job.id] = job
        with notify.work() as work:
            work.enqueue(ProcessJob(job.id))
            work.commit()
        notify.run_until_idle()
        assert notify.sms.calls == sent
        assert jobs.view(job).job.status is JobStatus.FINISHED


def test_another_row_for_the_same_job_waits_for_its_lease(notify, upload, jobs):
    job = upload(2)
    with notify.work() as work:
        assert work.jobs.hold(job.id, "somebody", MINUTE)
        work.commit()
    claim = jobs.claimed()
    worker = ProcessUploadedJob(notify.work, notify.clock, notify.recipient_files)
    with pytest.raises(TransientError, match="is being worked on") as refusal:
        worker(ProcessJob(job.id), claim)
    assert refusal.value.retry_after == MINUTE


def test_a_job_that_ended_or_is_unknown_needs_nothing(notify, upload, jobs):
    job = upload(1)
    jobs.process(job)
    ended = jobs.view(job).job
    with notify.work() as work:
        work.enqueue(ProcessJob(job.id))
        work.commit()
    jobs.process(job)
    assert jobs.view(job).job == ended
    del notify.database.table("jobs")[job.id]
    with notify.work() as work:
        work.enqueue(ProcessJob(job.id))
        work.commit()
    jobs.process(job)
    assert "process-job" not in tasks(notify)


def _claim(notify):
    notify.relay()
    (entry,) = (entry for entry in notify.ledger.entries() if entry.task == "process-job")
    return claim_row(notify.ledger, entry.id, "dying", MINUTE)
