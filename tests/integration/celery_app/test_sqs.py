"""The same on Amazon's queues, by moto in a server of its own address."""

import boto3
import pytest

from notify_core.kernel.queues import PERIODIC, RETRY, SEND_SMS

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)

COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


@pytest.fixture
def broker_url(moto_server, monkeypatch):
    # The standard variables, as a deployment sets them.
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", moto_server.url)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    return "sqs://"


@pytest.fixture
def attributes(deployment):
    """What SQS says of one of this deployment's queues."""
    client = boto3.client("sqs", region_name="eu-west-1")

    def of(queue):
        url = client.get_queue_url(QueueName=deployment.prefix + queue)["QueueUrl"]
        return client.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]

    yield of
    client.close()


def test_texts_are_delivered_by_a_worker_that_leaves_nothing_behind(deployment, attributes):
    deployment.sms_network.rescript(fail_next=1)
    worker = deployment.worker(SEND_SMS, RETRY, PERIODIC)
    sent = {str(deployment.text()) for _ in range(5)}
    deployment.wait_until_done()
    assert {message.reference for message in deployment.sms_network.messages()} == sent
    for queue in (SEND_SMS, RETRY, PERIODIC):
        assert attributes(queue)["VisibilityTimeout"] == "310"
        deployment.wait_for(lambda queue=queue: [attributes(queue)[count] for count in COUNTS] == ["0", "0"])
    worker.terminate()
    assert worker.ended() == 0


def test_a_worker_without_the_library_for_it_says_which_extra_brings_it(deployment):
    without = deployment.folder / "without"
    without.mkdir()
    (without / "pycurl.py").write_text("raise ModuleNotFoundError('No module', name='pycurl')")
    worker = deployment.start_worker(SEND_SMS, PYTHONPATH=str(without))
    assert worker.ended() != 0
    assert "notify: a worker needs the library pycurl: pip install 'notify-platform[sqs]'" in worker.text
