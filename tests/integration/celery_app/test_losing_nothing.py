"""Brokers lose and repeat; processes die. Every message is delivered, and none twice."""

import os
import signal
import time
from uuid import uuid4

import pytest

from notify_core.kernel.queues import PERIODIC, RETRY, SEND_SMS
from notify_core.ports.task_ledger import EntryState

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


def test_a_killed_process_costs_a_lease_and_its_work_is_recorded_once(deployment):
    deployment.sms_network.rescript(latency=3.0)
    worker = deployment.worker(SEND_SMS, concurrency=1)
    deployment.text()
    (claimed,) = deployment.wait_for(lambda: [row for row in deployment.rows() if row.state is EntryState.CLAIMED])
    deployment.wait_for(lambda: deployment.sms_network.count() == 1)
    deployment.sms_network.rescript(latency=0.0)
    os.kill(int(claimed.worker.rpartition(":")[2]), signal.SIGKILL)
    # Its message comes back at once, and finds the row still the dead one's.
    deployment.wait_for(lambda: deployment.statsd.count("celery.send-sms-tasks.deliver_sms.duplicate") == 1)
    deployment.let_leases_run_out()
    deployment.wait_until_done()
    # Told after it is recorded.
    deployment.wait_for(lambda: deployment.statsd.times("celery.send-sms-tasks.deliver_sms.success") >= 1)
    assert deployment.statsd.times("celery.send-sms-tasks.deliver_sms.success") == 1
    # The supplier had it already, and knows it by its reference.
    assert [message.repeats for message in deployment.sms_network.messages()] == [1]
    assert worker.running()


def test_a_worker_that_is_gone_altogether_is_replaced_by_another(deployment):
    deployment.sms_network.rescript(latency=30.0)
    first = deployment.worker(SEND_SMS, concurrency=1)
    deployment.text()
    deployment.wait_for(lambda: deployment.sms_network.count() == 1)
    first.kill()
    deployment.sms_network.rescript(latency=0.0)
    deployment.worker(SEND_SMS, concurrency=1)
    deployment.let_leases_run_out()
    deployment.wait_until_done()
    assert [message.repeats for message in deployment.sms_network.messages()] == [1]


def test_a_broker_that_loses_everything_costs_a_delay(make_deployment):
    deployment = make_deployment(NOTIFY_TASK_LEASE="3s")
    deployment.sms_network.rescript(latency=0.01)
    sent = {str(deployment.text()) for _ in range(300)}
    deployment.worker(SEND_SMS, RETRY, PERIODIC, concurrency=4)
    deployment.wait_for(lambda: deployment.sms_network.count() > 60)
    deployment.lose_everything()
    lost = 300 - deployment.sms_network.count()
    deployment.wait_until_done(90)
    assert lost > 100
    messages = deployment.sms_network.messages()
    assert {message.reference for message in messages} == sent
    assert len(messages) == 300
    assert sum(message.repeats for message in messages) == 0


def test_a_broker_that_repeats_everything_causes_no_work(deployment):
    relay = deployment.relay()
    for _ in range(20):
        deployment.text()
    deployment.wait_for(lambda: len(deployment.messages(SEND_SMS)) == 20)
    for message, body in deployment.messages(SEND_SMS):
        deployment.put_message(SEND_SMS, message, body)
        deployment.put_message(SEND_SMS, message, body)
    relay.terminate()
    deployment.worker(SEND_SMS, concurrency=4)
    deployment.wait_for(lambda: deployment.statsd.count("celery.send-sms-tasks.deliver_sms.duplicate") == 40)
    deployment.wait_until_done()
    assert [message.repeats for message in deployment.sms_network.messages()] == [0] * 20
    # Told after it is recorded.
    deployment.wait_for(lambda: deployment.statsd.times("celery.send-sms-tasks.deliver_sms.success") >= 20)
    assert deployment.statsd.times("celery.send-sms-tasks.deliver_sms.success") == 20


def test_messages_that_mean_nothing_are_dropped(deployment):
    relay = deployment.relay()
    deployment.text()
    ((message, body),) = deployment.wait_for(lambda: deployment.messages(SEND_SMS))
    relay.terminate()
    deployment.redis.delete(deployment.prefix + SEND_SMS)
    stranger = {**message, "headers": {**message["headers"], "task": "of-another-release"}}
    for unknown in (stranger, message, message, message):
        deployment.put_message(SEND_SMS, unknown, [[str(uuid4())], {}, {}])
    deployment.put_message(SEND_SMS, message, [["no id"], {}, {}])
    deployment.put_message(SEND_SMS, message, [[], {}, {}])
    deployment.put_message(SEND_SMS, message, body)
    worker = deployment.worker(SEND_SMS, concurrency=1)
    deployment.wait_until_done()
    deployment.wait_for(lambda: deployment.statsd.count("celery.send-sms-tasks.deliver_sms.duplicate") == 3)
    assert worker.running()
    assert deployment.sms_network.count() == 1
    assert deployment.messages(SEND_SMS) == []
    assert deployment.unacknowledged() == 0


class TestRelay:
    def test_alone_it_hands_over_and_ends_by_a_signal(self, deployment):
        relay = deployment.relay()
        deployment.text()
        deployment.wait_for(lambda: deployment.messages(SEND_SMS))
        assert [row.state for row in deployment.rows()] == [EntryState.PUBLISHED]
        assert f":{relay.pid}" in deployment.rows()[0].worker
        relay.terminate()
        assert relay.ended() == 0

    def test_a_worker_told_not_to_relay_leaves_it_to_the_relay(self, deployment):
        deployment.worker(SEND_SMS, NOTIFY_TASK_QUEUE_RELAY="none")
        deployment.text()
        time.sleep(2)
        assert [row.state for row in deployment.rows()] == [EntryState.DUE]
        deployment.relay()
        deployment.wait_until_done()

    def test_a_broker_that_is_away_costs_a_delay(self, deployment):
        nobody = {"NOTIFY_TASK_QUEUE_BROKER_URL": "redis://127.0.0.1:1/0"}
        relay = deployment.relay(**nobody)
        deployment.text()
        deployment.wait_for(lambda: "goes on after: TransientError: the broker took no tasks" in relay.text)
        deployment.wait_for(lambda: [row.state for row in deployment.rows()] == [EntryState.DUE])
        relay.terminate()
        assert relay.ended() == 0
        deployment.worker(SEND_SMS)
        deployment.wait_until_done()

    def test_many_relays_hand_over_each_row_once(self, deployment):
        for _ in range(3):
            deployment.relay()
        for _ in range(50):
            deployment.text()
        deployment.wait_for(lambda: all(row.state is EntryState.PUBLISHED for row in deployment.rows()))

        def named():
            # A message may name several rows.
            return [row for _, (rows, *_) in deployment.messages(SEND_SMS) for row in rows]

        deployment.wait_for(lambda: len(named()) >= 50)
        assert sorted(named()) == sorted(str(row.id) for row in deployment.rows())
