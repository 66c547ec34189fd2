"""Celery's messages on real brokers, read by kombu as a worker reads them."""

import os
import time
from contextlib import closing
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import redis
from botocore.exceptions import ClientError
from kombu import Connection, Queue
from moto import mock_aws
from moto.sqs.models import SQSBackend

from notify_adapters.options import BadOption
from notify_adapters.task_queue.celery import build
from notify_adapters.task_queue.celery_configuration import configuration
from notify_core.kernel.errors import TransientError
from notify_core.kernel.queues import ALL_QUEUES, BROADCASTS, PERIODIC, RETRY, SEND_SMS
from notify_core.kernel.queues import Queue as OurQueue
from notify_core.ports.task_queue import Publication
from notify_core.testing.contracts.task_queue import TaskQueueContract, publication


class Broker:
    """Takes messages out. Queues have a prefix of this test's."""

    def __init__(self, url):
        self.url, self.prefix = url, f"test-{uuid4().hex[:8]}-"
        self.options = {"broker_url": url, "prefix": self.prefix}
        # The rows that each message taken out had named.
        self.messages = []
        waiting = {"wait_time_seconds": 0, "region": "eu-west-1"} if url.startswith("sqs") else {}
        self._connection = Connection(url, transport_options=waiting)
        self.channel = self._connection.channel()

    def received(self, name, count, patience=5.0):
        end, taken = time.monotonic() + patience, []
        while len(taken) < count and time.monotonic() < end:
            message = self.channel.basic_get(self.prefix + name, no_ack=True)
            if message is None:
                time.sleep(0.01)
                continue
            row_ids, _, _ = self.channel.message_to_python(message).payload
            assert message.headers["id"] == row_ids[0]
            routing_key = message.delivery_info["routing_key"]
            queue = OurQueue(routing_key.removeprefix(self.prefix))
            taken += [Publication(UUID(row_id), message.headers["task"], queue, None) for row_id in row_ids]
            self.messages.append(row_ids)
        return taken

    def hidden_and_visible(self, name):
        """How many messages SQS has in a queue."""
        url = self.channel._resolve_queue_url(self.prefix + name)
        counts = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        asked = self.channel.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=counts)
        return sum(int(asked["Attributes"][count]) for count in counts)

    def close(self):
        for name in ALL_QUEUES:
            Queue(self.prefix + name, channel=self.channel).delete()
        self._connection.release()


class CeleryQueueContract(TaskQueueContract):
    carries_fair = False

    @pytest.fixture
    def broker(self, address):
        broker = Broker(address)
        yield broker
        broker.close()

    @pytest.fixture
    def queue(self, broker):
        queue = build(broker.options)
        # Also those that a test looks into before anything was sent there.
        queue.publish([publication(0, name) for name in (SEND_SMS, BROADCASTS, PERIODIC)])
        for name in (SEND_SMS, BROADCASTS, PERIODIC):
            assert len(broker.received(name, 1)) == 1
        yield queue
        queue.close()

    @pytest.fixture
    def received(self, broker):
        return broker.received

    @pytest.fixture
    def refused(self, queue, broker):
        """A queue that this broker refuses, and why."""
        raise NotImplementedError

    def test_a_crowd_shares_messages_and_few_rows_go_their_own_ways(self, queue, broker):
        broker.messages.clear()
        queue.publish([replace(publication(number), together=10) for number in range(1, 201)])
        crowd = broker.received(SEND_SMS, 200)
        queue.publish([replace(publication(number), together=10) for number in range(1, 11)])
        few = broker.received(SEND_SMS, 10)
        assert crowd == [publication(number) for number in range(1, 201)]
        assert few == [publication(number) for number in range(1, 11)]
        assert [len(row_ids) for row_ids in broker.messages] == [10] * 20 + [1] * 10

    def test_a_queue_that_is_refused_is_named_and_stops_no_other(self, queue, refused, received):
        name, reason = refused
        for _ in range(2):
            with pytest.raises(TransientError, match=f"the broker took no tasks for {name}: .*{reason}"):
                queue.publish([publication(1, name)])
            queue.publish([publication(2)])
            assert list(received(SEND_SMS, 1)) == [publication(2)]

    def test_it_says_whether_the_broker_answers(self, queue):
        queue.check_ready()

    def test_a_queue_of_another_release_is_left_to_it(self, queue, received, caplog):
        queue.publish([publication(1, OurQueue("of-another-release")), publication(2)])
        assert list(received(SEND_SMS, 1)) == [publication(2)]
        assert "There is no queue of-another-release" in caplog.text


class OnAServer(CeleryQueueContract):
    def test_a_child_and_its_parent_may_both_publish(self, queue, received):
        queue.publish([publication(1)])
        child = os.fork()
        if child == 0:
            try:
                queue.publish([publication(2)])
                queue.publish([publication(3)])
            finally:
                os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        queue.publish([publication(4)])
        assert [message.entry_id.int for message in received(SEND_SMS, 4)] == [1, 2, 3, 4]


class TestOnRedis(OnAServer):
    @pytest.fixture
    def address(self, redis_url):
        return redis_url

    @pytest.fixture
    def refused(self, queue, broker):
        with closing(redis.Redis.from_url(broker.url)) as server:
            server.set(broker.prefix + RETRY, "no list")
        return RETRY, "WRONGTYPE"


class TestOnRabbitMq(OnAServer):
    @pytest.fixture
    def address(self, rabbitmq_url):
        return rabbitmq_url

    @pytest.fixture
    def refused(self, queue, broker):
        Queue(broker.prefix + RETRY, channel=broker.channel, queue_arguments={"x-queue-type": "classic"}).declare()
        return RETRY, "PRECONDITION_FAILED"

    def test_a_queue_that_is_full_may_not_be_later(self, queue, broker):
        limit = {"x-max-length": 1, "x-overflow": "reject-publish"}
        queue._app.amqp.queues[broker.prefix + RETRY].queue_arguments.update(limit)
        with pytest.raises(TransientError, match="MessageNacked"):
            queue.publish([publication(number, RETRY) for number in range(1000)])


class TestOnSqs(CeleryQueueContract):
    """Inside this process, so nothing can be asked about others."""

    @pytest.fixture
    def address(self, monkeypatch):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "made-up")
        with mock_aws():
            yield "sqs://"

    def test_a_message_that_is_given_back_is_no_second_one(self, queue, broker):
        queue.publish([publication(1, RETRY)])
        broker.channel.basic_get(broker.prefix + RETRY).reject(requeue=True)
        assert broker.hidden_and_visible(RETRY) == 1
        assert broker.received(RETRY, 1) == [publication(1, RETRY)]

    def test_no_call_waits_long_nor_twice(self, queue):
        queue.publish([publication(1)])
        channel = queue._producer().channel
        told = channel.sqs().meta.config
        assert (told.connect_timeout, told.read_timeout) == (4, 10)
        assert told.retries["total_max_attempts"] == 1
        # A question for messages is an answer's delay, and must not look like none.
        assert channel.wait_time_seconds <= told.read_timeout / 2

    @pytest.fixture
    def refused(self, queue, broker, monkeypatch):
        taken = SQSBackend.send_message

        def send_message(backend, queue_name, *arguments, **named):
            if queue_name == broker.prefix + RETRY:
                raise ClientError({"Error": {"Code": "AccessDenied"}}, "SendMessage")
            return taken(backend, queue_name, *arguments, **named)

        monkeypatch.setattr(SQSBackend, "send_message", send_message)
        return RETRY, "AccessDenied"


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "amqp://guest:secret@127.0.0.1:1//"])
def test_a_broker_that_is_not_there_may_be_there_later(address):
    queue = build({"broker_url": address})
    began = time.monotonic()
    for _ in range(2):
        with pytest.raises(TransientError, match="the broker took no tasks") as raised:
            queue.publish([publication(1)])
        assert "secret" not in str(raised.value)
    with pytest.raises(TransientError, match="the broker does not answer"):
        queue.check_ready()
    assert time.monotonic() - began < 10


class TestConfiguration:
    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ({}, "option broker_url is required"),
            ({"broker_url": "http://user:secret@example.org"}, "must begin with redis://"),
            ({"broker_url": "redis://localhost", "relay": "sometimes"}, "option relay must be worker or none"),
            ({"broker_url": "redis://localhost", "colour": "red"}, "unknown option colour"),
        ],
    )
    def test_wrong_options_are_named_and_secrets_are_not(self, options, said):
        with pytest.raises(BadOption, match=said) as raised:
            build(options)
        assert "secret" not in str(raised.value)

    @pytest.mark.parametrize("address", ["redis://r", "rediss://r", "amqp://r", "sqs://"])
    def test_messages_are_kept_until_their_work_is_done(self, address):
        settings = configuration({"broker_url": address})
        assert settings["task_acks_late"]
        assert settings["task_reject_on_worker_lost"]
        assert settings["worker_prefetch_multiplier"] == 1
        assert settings["accept_content"] == ["json"]
        assert settings["enable_utc"]

    def test_no_message_on_sqs_becomes_visible_again_while_its_work_lasts(self):
        settings = configuration({"broker_url": "sqs://"})
        assert settings["broker_transport_options"]["visibility_timeout"] == 310
        assert settings["task_time_limit"] < 310

    def test_what_a_dead_worker_had_fetched_from_redis_comes_back_soon_and_nobody_else_s_does(self):
        options = configuration({"broker_url": "redis://r", "prefix": "live-"})["broker_transport_options"]
        assert options["visibility_timeout"] + options["unacked_restore_interval"] <= 70
        assert options["unacked_restore_throttle"] == 1
        assert options["unacked_mutex_expire"] <= options["unacked_restore_interval"]
        assert options["unacked_key"] == "live-notify-unacked"
        assert options["unacked_index_key"] == "live-notify-unacked_index"
        assert options["unacked_mutex_key"] == "live-notify-unacked_mutex"

    def test_sqs_is_asked_again_after_a_second_in_its_region(self):
        options = configuration({"broker_url": "sqs://", "region": "eu-west-2"})["broker_transport_options"]
        assert (options["polling_interval"], options["region"]) == (1, "eu-west-2")

    @pytest.mark.parametrize(("address", "arguments"), [("redis://r", None), ("amqp://r", {"x-queue-type": "quorum"})])
    def test_every_queue_is_declared_with_its_prefix(self, address, arguments):
        declared = configuration({"broker_url": address, "prefix": "live-"})["task_queues"]
        assert [queue.name for queue in declared] == [f"live-{name}" for name in ALL_QUEUES]
        assert [queue.alias for queue in declared] == list(ALL_QUEUES)
        assert all(queue.queue_arguments == arguments for queue in declared)
