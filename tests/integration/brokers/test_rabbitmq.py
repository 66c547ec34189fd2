"""The whole platform on RabbitMQ."""

from contextlib import closing

import pytest

from tests.integration.brokers.amqp_wire import AmqpListener, Declarations
from tests.integration.brokers.platform import GROUPS, PROCESSES
from tests.integration.brokers.proxy import ProxiedBroker
from tests.integration.brokers.record import Record
from tests.integration.brokers.suite import BrokerSuite

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def declarations():
    return Declarations()


@pytest.fixture(scope="module")
def broker(rabbitmq_url, declarations):
    record = Record()
    with closing(ProxiedBroker(rabbitmq_url, record, lambda: AmqpListener(record, declarations))) as broker:
        yield broker


class TestRabbitMq(BrokerSuite):
    def test_every_queue_is_a_quorum_queue(self, everything, declarations):
        kinds = {name: arguments.get("x-queue-type") for name, arguments in declarations.queues.items()}
        assert set(kinds.values()) == {"quorum"}, kinds

    def test_each_consumer_is_given_one_message_for_each_process(self, platform, declarations):
        for group, queues in GROUPS.items():
            for queue in queues:
                # Not of the whole connection.
                assert declarations.prefetch[platform.queue(queue)] == (PROCESSES[group], False)

    def test_no_message_counts_as_done_because_it_was_sent(self, platform, declarations):
        consumed = {name for name, without in declarations.without_acknowledgement.items() if not without}
        assert {platform.queue(queue) for queues in GROUPS.values() for queue in queues} <= consumed
