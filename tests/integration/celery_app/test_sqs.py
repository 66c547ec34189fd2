"""What workers need besides for Amazon's queues."""

import pytest

from notify_core.kernel.queues import SEND_SMS

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def broker_url(moto_server, monkeypatch):
    # The standard variables, as a deployment sets them.
    monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", moto_server.url)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    return "sqs://"


def test_a_worker_without_the_library_for_it_says_which_extra_brings_it(deployment):
    without = deployment.folder / "without"
    without.mkdir()
    (without / "pycurl.py").write_text("raise ModuleNotFoundError('No module', name='pycurl')")
    worker = deployment.start_worker(SEND_SMS, PYTHONPATH=str(without))
    assert worker.ended() != 0
    assert "notify: a worker needs the library pycurl: pip install 'notify-platform[sqs]'" in worker.text
