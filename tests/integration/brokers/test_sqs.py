"""The whole platform on Amazon's queues, which moto plays."""

from contextlib import closing

import pytest

from tests.integration.brokers.record import Record
from tests.integration.brokers.sqs_wire import ListeningToSqs
from tests.integration.brokers.suite import BrokerSuite
from tests.integration.conftest import MotoServer

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(600)


class MotoSqs:
    url = "sqs://"

    def __init__(self):
        self.record, self.failures = Record(), []
        self._server = MotoServer(self._listened_to)
        # The standard variables, as a deployment sets them.
        self.environ = {
            "AWS_ENDPOINT_URL_SQS": self._server.url,
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
        }

    @property
    def calls(self):
        return list(self._listening.calls)

    def _listened_to(self, application):
        self._listening = ListeningToSqs(application, self.record)
        return self._listening

    def close(self):
        self._server.close()


@pytest.fixture(scope="module")
def broker():
    from moto.backends import get_backend

    with closing(MotoSqs()) as broker:
        yield broker
    # It is this process's.
    get_backend("sqs").reset()


class TestSqs(BrokerSuite):
    def test_every_queue_hides_a_message_for_longer_than_any_work_takes(self, platform, broker, everything):
        created = {asked["QueueName"]: asked["Attributes"] for action, asked in broker.calls if action == "CreateQueue"}
        assert set(created) == platform.record.names
        assert {attributes["VisibilityTimeout"] for attributes in created.values()} == {"310"}

    def test_workers_wait_for_messages_and_take_few(self, platform, broker, everything):
        questions = [asked for action, asked in broker.calls if action == "ReceiveMessage"]
        assert {asked["WaitTimeSeconds"] for asked in questions} == {5}
        assert {asked["MaxNumberOfMessages"] for asked in questions} == {1, 2}
