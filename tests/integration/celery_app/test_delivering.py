"""Work accepted in one process is done in another; the broker between them knows ids only."""

import os
import time
from datetime import timedelta
from types import MappingProxyType

import pytest

from notify_core.broadcasts.tasks import TriggerLinkTests
from notify_core.kernel.queues import BROADCASTS, PERIODIC, RETRY, SEND_SMS
from notify_core.notifications.tasks import ProcessSmsReceipt, TendBackToRest
from notify_core.ports.task_ledger import EntryState

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


def test_an_accepted_text_is_delivered_by_a_worker_process(deployment):
    worker = deployment.worker(SEND_SMS)
    sent = deployment.text(name="Grace")
    deployment.wait_until_done()
    (message,) = deployment.sms_network.messages()
    assert (message.reference, message.content["content"]) == (
        str(sent),
        "Flood warnings: Hello Grace, the river rises",
    )
    # Ours, measured and logged in the worker's words.
    deployment.wait_for(lambda: deployment.statsd.times("celery.send-sms-tasks.deliver_sms.success") == 1)
    assert deployment.statsd.times("celery.send-sms-tasks.deliver_sms.wait") == 1
    # The old names follow the new ones.
    deployment.wait_for(
        lambda: deployment.statsd.times("tasks.deliver_sms") and deployment.statsd.count("tasks.deliver_sms")
    )
    assert deployment.statsd.times("tasks.deliver_sms") == 1
    assert deployment.statsd.count("tasks.deliver_sms") == 1
    (line,) = [line for line in deployment.lines(worker) if line["message"].startswith("Celery task ")]
    words = line["message"].split(" took ")
    assert words[0] == "Celery task deliver_sms (queue: send-sms-tasks)"
    assert len(words[1].partition(".")[2]) == 4
    assert (line["task"], line["queue"], line["level"]) == ("deliver_sms", "send-sms-tasks", "INFO")
    assert {"task_id"} <= line.keys()


def test_the_request_that_caused_the_work_is_in_its_log_lines(deployment):
    deployment.text()
    deployment.sql("update task_ledger set request_id = 'request-7'")
    worker = deployment.worker(SEND_SMS)
    deployment.wait_until_done()
    wanted = [line for line in deployment.lines(worker) if line["message"].startswith("Celery task ")]
    assert [line["request_id"] for line in wanted] == ["request-7"]


def test_a_message_holds_the_rows_id_and_nothing_personal(deployment):
    deployment.relay()
    deployment.text("07700900123", "Grace")
    (row,) = deployment.rows()
    ((message, body),) = deployment.wait_for(lambda: deployment.messages(SEND_SMS))
    assert body == [[str(row.id)], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
    headers = message["headers"]
    assert (headers["task"], headers["id"]) == ("deliver_sms", str(row.id))
    assert message["content-type"] == "application/json"
    assert headers["eta"] is None
    assert headers["expires"] is None
    for personal in ("900123", "Grace", "river", str(row.arguments["notification_id"]), str(row.fair)):
        assert personal not in f"{message} {body}"


def test_a_retry_is_the_same_row_later_never_a_message_with_a_time(deployment):
    deployment.sms_network.rescript(fail_next=2)
    deployment.worker(SEND_SMS)
    deployment.text()
    (row,) = deployment.rows()
    # The first retry is due at once, in a queue that nobody empties yet.
    ((message, body),) = deployment.wait_for(lambda: deployment.messages(RETRY))
    assert (message["headers"]["id"], body[0]) == (str(row.id), [str(row.id)])
    assert message["headers"]["eta"] is None
    assert message["headers"]["retries"] == 0
    deployment.wait_for(lambda: deployment.statsd.count("celery.send-sms-tasks.deliver_sms.retry") == 1)
    # The second one waits in the database for five minutes; the broker has nothing of it.
    deployment.worker(RETRY)
    deployment.wait_for(lambda: [row.attempt for row in deployment.rows()] == [2])
    (waiting,) = deployment.rows()
    assert (waiting.id, waiting.state) == (row.id, EntryState.DUE)
    assert timedelta(seconds=290) < waiting.due_at - row.created_at < timedelta(seconds=330)
    time.sleep(0.5)
    assert deployment.messages(RETRY) == []
    assert deployment.unacknowledged() == 0
    deployment.sql("update task_ledger set due_us = 0")
    deployment.wait_until_done()
    assert [message.repeats for message in deployment.sms_network.messages()] == [0]
    deployment.wait_for(lambda: deployment.statsd.times("celery.retry-tasks.deliver_sms.success") == 1)


def test_what_fails_for_good_is_counted_logged_and_kept(deployment):
    worker = deployment.worker(SEND_SMS)
    deployment.text()
    deployment.sql("update task_ledger set arguments = '{}'")
    (row,) = deployment.wait_for(lambda: [row for row in deployment.rows() if row.state is EntryState.FAILED])
    assert "needs the argument notification_id" in row.reason
    deployment.wait_for(lambda: deployment.statsd.count("celery.send-sms-tasks.deliver_sms.failure") == 1)
    (line,) = [line for line in deployment.lines(worker) if line["level"] == "ERROR"]
    assert line["message"] == "Celery task deliver_sms (queue: send-sms-tasks) failed"
    assert "Traceback" in line["exception"]


def test_a_row_of_the_previous_release_still_runs(deployment):
    deployment.enqueue(ProcessSmsReceipt("mmg", "11111111-1111-4111-8111-111111111111", "delivered"))
    deployment.sql(
        "update task_ledger set arguments = ?",
        '{"supplier": "mmg", "reference": "11111111-1111-4111-8111-111111111111", "outcome": "delivered"}',
    )
    deployment.worker("sms-callbacks")
    deployment.wait_for(
        lambda: deployment.statsd.times("celery.sms-callbacks.process-sms-client-response.success") == 1
    )


class TestStopping:
    def test_what_has_begun_is_finished_and_the_rest_is_left_to_others(self, deployment):
        deployment.sms_network.rescript(latency=1.0)
        worker = deployment.worker(SEND_SMS, concurrency=1)
        for _ in range(3):
            deployment.text()
        deployment.wait_for(lambda: deployment.sms_network.count() == 1)
        worker.terminate()
        assert worker.ended() == 0
        assert deployment.sms_network.count() == 1
        assert [row.state for row in deployment.rows()] == [EntryState.PUBLISHED] * 2
        deployment.worker(SEND_SMS)
        deployment.wait_until_done()
        assert [message.repeats for message in deployment.sms_network.messages()] == [0, 0, 0]

    def test_it_leaves_no_process_behind(self, deployment):
        worker = deployment.worker(SEND_SMS, concurrency=2)
        worker.terminate()
        assert worker.ended() == 0
        assert not _group_lives(worker.pid)


def _group_lives(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_that_cannot_work_does_not_start(deployment):
    deployment.sql("delete from alembic_version")
    program = deployment._start("worker", "celery", "-A", "notify_entrypoints.celery_app", "worker")
    assert program.ended() == 1
    assert "run `notify migrate`" in program.text


class TestSecrets:
    """A supplier is chosen whose key these processes were not given."""

    CHOSEN = MappingProxyType({"NOTIFY_SMS": "mmg", "NOTIFY_SMS_MMG_URL": "https://mmg.example"})

    @pytest.mark.parametrize("queues", [(SEND_SMS,), (BROADCASTS, RETRY), ()], ids=["its queue", "retries", "all"])
    def test_a_worker_that_would_need_it_does_not_start(self, deployment, queues):
        worker = deployment.start_worker(*queues, **self.CHOSEN)
        assert worker.ended() == 1
        assert "notify: NOTIFY_SMS=mmg: NOTIFY_SMS_MMG_API_KEY is required" in worker.text

    def test_a_worker_of_other_queues_does_its_work(self, deployment):
        deployment.worker(BROADCASTS, PERIODIC, concurrency=1, **self.CHOSEN)
        deployment.enqueue(TendBackToRest(), TriggerLinkTests())
        deployment.wait_for(lambda: not deployment.rows())
        assert None not in [link["outcome"] for link in deployment.container.show_links()()]
