"""What every broker must carry, and what may be seen of it on the wire."""

import os
import signal
from uuid import UUID

import pytest

from notify_adapters.cbc.fake_store import Behaviour, Kind
from notify_core.kernel.queues import ALL_QUEUES, BROADCASTS, SERVICE_CALLBACKS, SERVICE_CALLBACKS_RETRY
from tests.integration.brokers.platform import GROUPS, PROCESSES, READERS

# What would make a broker, or a worker's memory, keep a message back or throw it away.
TIMES = ("eta", "expires", "countdown", "expiration", "x-delay", "DelaySeconds", "delay")


class BrokerSuite:
    class TestDelivered:
        def test_a_text(self, platform, text):
            assert platform.status(text) == "delivered"
            (told,) = platform.told_of(text)
            assert told["status"] == "delivered"

        def test_an_email(self, platform, email):
            assert platform.status(email) == "delivered"

        def test_a_letter_with_its_pdf(self, platform, letter):
            assert platform.pdf(letter).startswith(b"%PDF")
            assert platform.status(letter) == "received"

        def test_every_row_of_a_job(self, platform, job):
            assert job["job_status"] == "finished"
            recipients = [message.recipient for message in platform.sms_network.messages()]
            assert sorted(set(READERS) & set(recipients)) == sorted(READERS)
            assert all(recipients.count(reader) == 1 for reader in READERS)

        def test_news_that_a_service_would_not_take_at_first(self, platform, told_again):
            sent, ids = told_again
            assert len(platform.told_of(sent)) == 1
            assert len(ids) == 2
            assert len(set(ids)) == 1, "the same piece of news"

        def test_an_alert_by_the_other_route_where_the_first_is_closed(self, alert):
            ended = {
                network: [(one["route"], one["outcome"]) for one in copy["attempts"] if one["outcome"] != "started"]
                for network, copy in alert.items()
            }
            assert ended.pop("three") == [(1, "failed"), (2, "acknowledged")]
            assert ended == {network: [(1, "acknowledged")] for network in ("ee", "o2", "vodafone")}

    class TestOnTheWire:
        def test_every_queue_has_the_prefix_and_nothing_is_without(self, platform, everything):
            assert {name for name in platform.record.names if not name.startswith(platform.prefix)} == set()
            assert {platform.queue(name) for name in ALL_QUEUES} <= platform.record.names

        def test_every_message_is_json_and_names_rows_only(self, platform, everything):
            ours = [message for message in platform.record.messages if message.headers["task"] != "run-due-schedule"]
            assert len(ours) > 30
            for message in ours:
                rows, options, rest = message.body
                assert {str(UUID(row)) for row in rows} == set(rows)
                assert options == {}
                assert set(rest.values()) == {None}
            assert {message.content_type for message in platform.record.messages} == {"application/json"}

        def test_no_message_has_a_time_not_even_a_retry(self, platform, everything):
            queues = {message.queue for message in platform.record.messages}
            assert platform.queue(SERVICE_CALLBACKS_RETRY) in queues
            for message in platform.record.messages:
                times = {name: {**message.properties, **message.headers}.get(name) for name in TIMES}
                assert set(times.values()) == {None}, (message.headers["task"], times)

        def test_every_message_is_acknowledged_once_and_none_is_left(self, platform, everything):
            for queue in {message.queue for message in platform.record.messages}:
                assert platform.record.waiting(queue) == 0
                published = sum(message.queue == queue for message in platform.record.messages)
                assert platform.record.acknowledged[queue] == published

        def test_no_worker_takes_more_than_its_processes_can_do(self, platform, everything):
            for group, queues in GROUPS.items():
                for queue in queues:
                    assert platform.record.most_open[platform.queue(queue)] <= PROCESSES[group]

    def test_messages_that_a_busy_worker_of_broadcasts_cannot_begin_stay_with_the_broker(self, platform):
        queue = platform.queue(BROADCASTS)
        platform.wait_for(lambda: platform.record.open(queue) == 0)
        for network in ("ee", "o2", "three", "vodafone"):
            platform.networks.script(network, None, Behaviour(Kind.ACKNOWLEDGES, latency=2.0))
        alert = platform.alert()
        platform.wait_for(lambda: (platform.record.open(queue), platform.record.waiting(queue)) == (2, 2))
        platform.wait_for(lambda: {copy["status"] for copy in platform.copies(alert).values()} == {"returned-ack"})
        assert platform.record.most_open[queue] == PROCESSES["broadcasts"] == 2
        platform.networks.recover()

    def test_a_message_is_acknowledged_when_its_work_is_done(self, platform, held):
        queue = platform.queue(SERVICE_CALLBACKS)
        acknowledged = platform.record.acknowledged[queue]
        sent = held()
        assert platform.record.open(queue) == 1
        assert platform.record.acknowledged[queue] == acknowledged
        platform.receiver.go_on.set()
        platform.wait_for(lambda: platform.record.acknowledged[queue] == acknowledged + 1)
        assert not [row for row in platform.rows() if row.task == "send-delivery-status"]
        assert len(platform.told_of(sent)) == 1

    def test_the_message_of_a_killed_process_comes_back_and_costs_a_lease(self, platform, held):
        queue = platform.queue(SERVICE_CALLBACKS)
        told = len(platform.receiver.ids)
        held()
        given_back, acknowledged = platform.record.given_back[queue], platform.record.acknowledged[queue]
        (process,) = platform.claimed_by("send-delivery-status")
        os.kill(process, signal.SIGKILL)
        platform.wait_for(lambda: platform.record.given_back[queue] == given_back + 1)
        # It finds the row still the dead one's.
        platform.wait_for(lambda: platform.record.acknowledged[queue] == acknowledged + 1)
        platform.receiver.go_on.set()
        platform.let_leases_run_out()
        platform.wait_until_done()
        assert len(platform.receiver.ids) == told + 2
        assert len(set(platform.receiver.ids[told:])) == 1
        assert platform.workers["callbacks"].running()

    @pytest.fixture
    def held(self, platform, receiver):
        """A text is delivered, and the work of telling so is under way until the receiver may go on."""

        def act():
            platform.wait_until_done()
            before = len(receiver.ids)
            receiver.go_on.clear()
            sent = platform.send_text()
            platform.wait_for(lambda: len(receiver.ids) > before)
            return sent

        yield act
        receiver.go_on.set()
