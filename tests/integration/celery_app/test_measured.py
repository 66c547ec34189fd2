"""What is measured and logged of tasks, heard on the wire: the same, whichever way the work is done."""

import logging
import re
from collections import Counter
from uuid import uuid4

import pytest

from notify_core.alarms.tasks import CreateTicket
from notify_core.kernel.ids import LedgerEntryId, TicketId
from notify_core.kernel.queues import INTERNAL, RETRY, SEND_SMS
from notify_core.ports.task_ledger import EntryState
from notify_core.ports.task_queue import Publication
from notify_entrypoints.runner import EmbeddedRunner

# Starting processes takes its time on a busy machine.
pytestmark = pytest.mark.timeout(300)


class OnCelery:
    """Worker processes, and Redis between."""

    def variables(self):
        return {}

    def start(self, deployment):
        self._deployment, self._worker = deployment, deployment.worker(SEND_SMS, RETRY, INTERNAL)

    def lines(self):
        return [(line["level"], line["message"], line) for line in self._deployment.lines(self._worker)]

    def stop(self):
        """The deployment ends its processes itself."""


class Embedded:
    """Threads of this process."""

    def __init__(self, caplog):
        self._caplog = caplog
        caplog.set_level(logging.INFO)

    def variables(self):
        return dict.fromkeys(["NOTIFY_TASK_QUEUE", "NOTIFY_TASK_QUEUE_BROKER_URL", "NOTIFY_TASK_QUEUE_PREFIX"])

    def start(self, deployment):
        made = deployment.container
        # Nothing of the schedule: it would be measured, too.
        parts = (made.execute(), made.relay(), lambda: 0, made.ledger(), made.task_queue(), made.wake(), "embedded")
        self._runner = EmbeddedRunner(*parts)
        self._runner.start()

    def lines(self):
        records = list(self._caplog.records)
        return [
            (record.levelname, record.getMessage(), {**vars(record), "exception": record.exc_text or record.exc_info})
            for record in records
        ]

    def stop(self):
        assert self._runner.stop(60)


@pytest.fixture(params=["celery", "embedded"])
def way(request, caplog):
    return OnCelery() if request.param == "celery" else Embedded(caplog)


@pytest.fixture
def platform(way, make_deployment):
    deployment = make_deployment(**way.variables())
    deployment.sms_network.rescript(fail_next=1, receipts=False)
    way.start(deployment)
    yield deployment
    way.stop()


def heard(platform):
    """How often which kind of figure came, of the tasks of this test."""
    ours = re.compile(r"(celery\.[^.]+\.(deliver_sms|create-ticket)\.|tasks\.|clients\.|sms\.)")
    return Counter((name, kind) for name, kind, _ in list(platform.statsd.heard) if ours.match(name))


def everything_happens(platform):
    """A retry, a success, a failure, and a message for work that is done. The fake supplier plays MMG."""
    platform.text()
    platform.enqueue(CreateTicket(TicketId(uuid4())))
    platform.wait_for(lambda: [row.state for row in platform.rows()] == [EntryState.FAILED])
    platform.container.task_queue().publish([Publication(LedgerEntryId(uuid4()), "deliver_sms", SEND_SMS, None)])
    platform.wait_for(lambda: platform.statsd.count("celery.send-sms-tasks.deliver_sms.duplicate"))


def test_each_end_of_a_task_is_told_once_by_its_name(way, platform):
    everything_happens(platform)
    wanted = Counter(
        {
            ("celery.send-sms-tasks.deliver_sms.wait", "ms"): 1,
            ("celery.send-sms-tasks.deliver_sms.retry", "c"): 1,
            ("celery.retry-tasks.deliver_sms.wait", "ms"): 1,
            ("celery.retry-tasks.deliver_sms.success", "ms"): 1,
            ("celery.send-sms-tasks.deliver_sms.duplicate", "c"): 1,
            ("celery.notify-internal-tasks.create-ticket.wait", "ms"): 1,
            ("celery.notify-internal-tasks.create-ticket.failure", "c"): 1,
            # The old names: of successes only, of tasks that are not new.
            ("tasks.deliver_sms", "c"): 1,
            ("tasks.deliver_sms", "ms"): 1,
            ("clients.mmg.error", "c"): 1,
            ("clients.mmg.success", "c"): 1,
            ("clients.mmg.request-time", "ms"): 2,
            ("sms.total-time", "ms"): 1,
            ("sms.live-key.total-time", "ms"): 1,
        }
    )
    platform.wait_for(lambda: heard(platform) == wanted, otherwise=lambda: str(heard(platform) - wanted))
    values = {name: value for name, kind, value in platform.statsd.heard if kind == "ms"}
    # Milliseconds, of work that takes a moment.
    assert 0 < values["celery.retry-tasks.deliver_sms.success"] < 60_000
    assert values["tasks.deliver_sms"] == values["celery.retry-tasks.deliver_sms.success"]


def test_each_end_of_a_task_is_logged_in_the_same_words(way, platform):
    everything_happens(platform)
    lines = platform.wait_for(lambda: [line for line in way.lines() if line[1].startswith("Celery task ")])
    (took,) = [line for line in lines if " took " in line[1]]
    assert re.fullmatch(r"Celery task deliver_sms \(queue: retry-tasks\) took \d+\.\d{4}", took[1])
    (failed,) = [line for line in lines if line[1].endswith(" failed")]
    assert failed[:2] == ("ERROR", "Celery task create-ticket (queue: notify-internal-tasks) failed")
    assert "NotFound" in str(failed[2]["exception"])
    (again,) = [line for line in lines if "is tried again" in line[1]]
    assert again[1].startswith("Celery task deliver_sms (queue: send-sms-tasks) is tried again in 0 seconds: ")
    for _, _, more in lines:
        assert {"task", "queue", "task_id"} <= more.keys()
    assert not any(personal in str(line) for line in lines for personal in ("7700900123", "Grace"))


def test_a_metrics_server_that_is_not_there_breaks_nothing(way, make_deployment):
    deployment = make_deployment(**way.variables(), NOTIFY_METRICS_HOST="statsd.invalid")
    way.start(deployment)
    try:
        deployment.text()
        deployment.wait_until_done()
    finally:
        way.stop()
    assert deployment.sms_network.count() == 1
