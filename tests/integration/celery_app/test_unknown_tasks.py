"""Rows of a release that knows more, or other, tasks than the worker that gets their messages."""

import pytest

from notify_core.kernel.queues import SEND_SMS
from notify_core.ports.task_ledger import EntryState

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


def test_a_task_of_a_newer_release_waits_for_a_worker_that_has_it(deployment):
    deployment.text()
    deployment.sql("update task_ledger set task = 'of-a-newer-release'")
    older = deployment.worker(SEND_SMS)
    deployment.wait_for(lambda: "left to a worker that has the task of-a-newer-release" in older.text)
    deployment.wait_for(lambda: deployment.unacknowledged() == 0)
    assert [row.state for row in deployment.rows()] == [EntryState.PUBLISHED]
    # Now the worker is of the newer release, and the row comes again.
    deployment.sql("update task_ledger set task = 'deliver_sms', leased_until_us = leased_until_us - 600000000")
    deployment.wait_until_done()
    assert deployment.sms_network.count() == 1


def test_a_task_that_no_worker_has_ends_where_operators_look(deployment):
    deployment.text()
    deployment.sql("update task_ledger set task = 'of-a-lost-release', due_us = due_us - 7200000000")
    worker = deployment.worker(SEND_SMS)
    deployment.wait_for(lambda: [row.state for row in deployment.rows()] == [EntryState.FAILED])
    (row,) = deployment.rows()
    assert row.reason == "NotFound: there is no task of-a-lost-release"
    failure = "celery.send-sms-tasks.of-a-lost-release.failure"
    deployment.wait_for(lambda: deployment.statsd.count(failure) == 1)
    assert worker.running()


def test_a_message_that_an_older_worker_gave_back_is_work_like_any_other(deployment):
    relay = deployment.relay()
    deployment.text()
    ((message, body),) = deployment.wait_for(lambda: deployment.messages(SEND_SMS))
    relay.terminate()
    relay.ended()
    deployment.redis.delete(deployment.prefix + SEND_SMS)
    message["headers"]["task"] = "unknown-task"
    deployment.put_message(SEND_SMS, message, body)
    deployment.worker(SEND_SMS, NOTIFY_TASK_QUEUE_RELAY="none")
    deployment.wait_until_done()
    assert deployment.sms_network.count() == 1
