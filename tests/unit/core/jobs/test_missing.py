from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.jobs.states import JobStatus
from notify_core.jobs.tasks import WriteMissingRows
from notify_core.jobs.use_cases import WriteRowsThatAreMissing
from notify_core.kernel.errors import TransientError
from notify_core.testing.builders import a_retention

MINUTE = timedelta(minutes=1)


@pytest.fixture
def finished(notify, upload):
    """A finished job that has lost the messages of these rows, and their tasks."""

    def act(rows, *lost):
        job = upload(rows)
        notify.tick()
        notify.run_until_idle()
        for row in lost:
            del notify.database.table("notifications")[job.notification_id(row)]
        notify.sms.calls.clear()
        return job

    return act


@pytest.fixture
def later(notify):
    """What the schedule does when so much time has passed."""

    def act(by=20 * MINUTE):
        notify.advance(by)
        notify.tick()
        notify.run_until_idle()

    return act


@pytest.mark.parametrize("lost", [(1,), (0, 3), (0, 1, 2, 3)])
def test_rows_without_a_message_get_one_and_no_others_do(notify, finished, later, jobs, lost):
    job = finished(4, *lost)
    later()
    assert sorted(jobs.messages(job)) == [0, 1, 2, 3]
    assert len(notify.sms.calls) == len(lost)
    assert jobs.view(job).job.status is JobStatus.FINISHED


def test_rows_with_errors_are_not_missing(notify, submit, later, jobs):
    job = submit("phone number,name\n1,\n07700900123,\n")
    notify.tick()
    notify.run_until_idle()
    later()
    assert [entry.task for entry in notify.ledger.entries()] == []
    assert jobs.view(job).job.status is JobStatus.FINISHED


def test_it_is_looked_for_between_twenty_minutes_and_a_day(notify, finished, later, jobs):
    job = finished(2, 1)
    later(10 * MINUTE)
    assert sorted(jobs.messages(job)) == [0]
    later(timedelta(hours=25))
    assert sorted(jobs.messages(job)) == [0]


def test_what_retention_deleted_is_not_sent_again(notify, service, finished, later, jobs):
    job = finished(2, 1)
    with notify.work() as work:
        work.settings.put_retention(a_retention(service_id=service.id, type="sms", days=0))
        work.commit()
    notify.advance(timedelta(hours=12))
    later()
    assert 1 not in jobs.messages(job)


def test_a_list_that_waited_longer_than_it_is_kept_is_looked_at(notify, service, finished, later, jobs):
    job = finished(2, 1)
    with notify.work() as work:
        work.settings.put_retention(a_retention(service_id=service.id, type="sms", days=3))
        work.commit()
    table = notify.database.table("jobs")
    table[job.id] = replace(table[job.id], created_at=job.created_at - timedelta(days=6), scheduled_for=job.created_at)
    later()
    assert sorted(jobs.messages(job)) == [0, 1]


def test_a_file_that_is_gone_is_noted_and_stops_nothing(notify, finished, later, jobs):
    job = finished(2, 1)
    notify.recipient_files.files.clear()
    later()
    assert sorted(jobs.messages(job)) == [0]
    assert notify.ledger.entries() == []


def test_an_inactive_service_sends_nothing_more(notify, service, finished, later, jobs):
    job = finished(2, 1)
    notify.put(replace(service, active=False))
    later()
    assert sorted(jobs.messages(job)) == [0]


def test_many_rows_take_more_executions(notify, finished, jobs):
    job = finished(5, 0, 2, 4)
    with notify.work() as work:
        work.enqueue(WriteMissingRows(job.id))
        work.commit()
    write = WriteRowsThatAreMissing(_slow(notify), notify.clock, notify.recipient_files, 2)
    write(WriteMissingRows(job.id), jobs.claimed(WriteMissingRows))
    (entry,) = (entry for entry in notify.ledger.entries() if entry.task == WriteMissingRows.name)
    assert entry.arguments["start"] == 2
    assert sorted(jobs.messages(job)) == [0, 1, 3]
    notify.run_until_idle()
    assert sorted(jobs.messages(job)) == [0, 1, 2, 3, 4]


def test_one_worker_at_a_time(notify, finished, jobs):
    job = finished(1, 0)
    with notify.work() as work:
        work.enqueue(WriteMissingRows(job.id))
        assert work.jobs.hold(job.id, "somebody", MINUTE)
        work.commit()
    write = WriteRowsThatAreMissing(notify.work, notify.clock, notify.recipient_files)
    with pytest.raises(TransientError, match="is being worked on"):
        write(WriteMissingRows(job.id), jobs.claimed(WriteMissingRows))


def _slow(notify):
    """Units of work of which each that only reads takes four seconds."""

    def open_work(*, read_only=False):
        if read_only:
            notify.clock.advance(timedelta(seconds=4))
        return notify.work(read_only=read_only)

    return open_work
