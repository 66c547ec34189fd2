"""Beat sends a tick; the schedule itself is in the code and the database."""

from datetime import UTC, datetime

import pytest

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

DAILY, QUARTERLY, MINUTELY = (
    "timeout-sending-notifications",
    "replay-created-notifications",
    "complete-expired-broadcasts",
)


def test_each_due_time_is_run_once_however_many_beats_and_workers_there_are(deployment):
    for entry in (DAILY, QUARTERLY, MINUTELY):
        deployment.sql("insert into schedule_marks (entry, last_due_us) values (?, 0)", entry)
    began = datetime.now(UTC)
    beats = [deployment.beat(), deployment.beat()]
    workers = [deployment.worker("periodic-tasks", concurrency=1) for _ in range(2)]
    success = "celery.periodic-tasks.{}.success".format
    deployment.wait_for(lambda: all(deployment.statsd.times(success(name)) for name in (DAILY, QUARTERLY, MINUTELY)))
    # Further ticks, of both beats.
    deployment.wait_for(lambda: all(beat.running() for beat in beats))
    marks_at = datetime.now(UTC)
    deployment.wait_for(lambda: (datetime.now(UTC) - marks_at).total_seconds() > 12)
    minutes = _minutes(datetime.now(UTC)) - _minutes(began)
    assert deployment.statsd.times(success(DAILY)) == 1
    assert deployment.statsd.times(success(QUARTERLY)) <= 2
    assert 1 <= deployment.statsd.times(success(MINUTELY)) <= 1 + minutes
    for beat in beats:
        beat.terminate()
        assert beat.ended() == 0
    assert all(worker.running() for worker in workers)
    # Neither a schedule's file nor a process id's.
    assert list(deployment.workplace.iterdir()) == []


def _minutes(moment):
    return int(moment.timestamp()) // 60
