"""The tasks that Celery runs, without a broker."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from uuid import UUID

import pytest
from celery.exceptions import Reject

from notify_adapters.storage.sql.wake import LocalWake
from notify_core.kernel.errors import TransientError
from notify_core.registry.execute import ExecutionOutcome
from notify_core.registry.tasks import REGISTRY
from notify_core.testing.fakes.clock import FakeClock
from notify_entrypoints.celery_app.make import TICK, make_app
from notify_entrypoints.celery_app.patience import Patience
from notify_entrypoints.celery_app.unknown import NAME as UNKNOWN
from notify_entrypoints.settings import SettingsError, load_settings

ROW = UUID("11111111-1111-4111-8111-111111111111")
OTHER_ROW = UUID("22222222-2222-4222-8222-222222222222")


class Wake(LocalWake):
    def is_set(self):
        return self._event.is_set()


@dataclass
class Process:
    """What a worker process would work with."""

    failures: list = field(default_factory=list)
    executed: list = field(default_factory=list)
    outcome: ExecutionOutcome = ExecutionOutcome.DONE
    wake: Wake = field(default_factory=Wake)
    ticks: int = 0
    clock: FakeClock = field(default_factory=FakeClock)

    def parts(self):
        patience = Patience(self.clock, lambda: False, self.clock.sleep)
        return SimpleNamespace(worker="host:1", execute=self, tick=self.tick, wake=self.wake, patience=patience)

    def together(self, entry_ids, worker, *, task, queue):
        if self.failures:
            raise self.failures.pop()
        self.executed += [(entry_id, worker, task, queue) for entry_id in entry_ids]
        return [ExecutionOutcome.DONE, self.outcome]

    def tick(self):
        self.ticks += 1
        if self.failures:
            raise self.failures.pop()


@pytest.fixture
def variables(tmp_path):
    return {
        "NOTIFY_DATA_DIR": str(tmp_path),
        "NOTIFY_TASK_QUEUE": "celery",
        "NOTIFY_TASK_QUEUE_BROKER_URL": "redis://127.0.0.1:1/0",
        "NOTIFY_TASK_QUEUE_PREFIX": "test-",
    }


@pytest.fixture
def process():
    return Process()


@pytest.fixture
def app(variables, process):
    app = make_app(load_settings(variables))
    for task in app.tasks.values():
        if not task.name.startswith("celery."):
            type(task).process = process
    return app


def run(task, *arguments, **delivery_info):
    """As a worker calls a task."""
    task.push_request(delivery_info=delivery_info or None)
    try:
        task.run(*arguments)
    finally:
        task.pop_request()


def test_there_is_one_task_for_each_kind_of_work_the_tick_and_what_is_unknown(app):
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert ours == {kind.name for kind in REGISTRY} | {TICK, UNKNOWN}


def test_a_task_carries_out_its_row_under_the_name_of_its_queue(app, process):
    run(app.tasks["deliver_sms"], str(ROW), routing_key="test-retry-tasks")
    assert process.executed == [(ROW, "host:1", "deliver_sms", "retry-tasks")]


@pytest.mark.parametrize("outcome", ExecutionOutcome)
def test_what_is_due_again_wakes_the_relay(app, process, outcome):
    process.outcome = outcome
    run(app.tasks["deliver_sms"], str(ROW))
    assert process.wake.is_set() == (outcome.value in {"retried", "put off", "given back"})


@pytest.mark.parametrize(
    ("name", "wakes"), [("send-broadcast-provider-message", True), ("trigger-link-test", True), ("deliver_sms", False)]
)
def test_room_for_what_waits_for_the_same_network_wakes_the_relay(app, process, name, wakes):
    run(app.tasks[name], str(ROW), str(OTHER_ROW))
    assert process.wake.is_set() == wakes


def test_a_message_may_name_several_rows(app, process):
    run(app.tasks["deliver_sms"], str(ROW), str(OTHER_ROW), routing_key="test-send-sms-tasks")
    assert [row for row, *_ in process.executed] == [ROW, OTHER_ROW]


def test_without_a_message_there_is_no_queue(app, process):
    run(app.tasks["deliver_sms"], str(ROW))
    run(app.tasks["deliver_sms"], str(ROW), routing_key=None)
    assert [queue for *_, queue in process.executed] == ["none", "none"]


def test_a_message_waits_for_a_database_that_is_soon_back(app, process):
    process.failures = [TransientError("no connection")] * 3
    run(app.tasks["deliver_sms"], str(ROW), routing_key="test-send-sms-tasks")
    assert process.executed == [(ROW, "host:1", "deliver_sms", "send-sms-tasks")]


def test_a_database_that_is_away_for_long_gives_the_message_back(app, process, caplog):
    process.failures = [TransientError("no connection to grace@example.gov.uk")] * 100
    with pytest.raises(Reject) as raised:
        run(app.tasks["deliver_sms"], str(ROW), routing_key="test-send-sms-tasks")
    assert raised.value.requeue
    assert "goes back to its queue" in caplog.text
    assert "grace@" not in caplog.text


def test_a_tick_that_fails_waits_for_the_next(app, process, caplog):
    process.failures = [TransientError("another scheduler was faster")]
    run(app.tasks[TICK])
    run(app.tasks[TICK])
    assert process.ticks == 2
    assert "waits for the next tick" in caplog.text


def test_a_tick_counts_whatever_the_clocks_of_beat_and_of_the_worker_say(app):
    (tick,) = app.conf.beat_schedule.values()
    assert tick["options"] == {"queue": "test-periodic-tasks"}
    assert tick["schedule"] == 10.0


def test_workers_need_celery_as_the_task_queue(tmp_path):
    with pytest.raises(SettingsError, match="NOTIFY_TASK_QUEUE=embedded"):
        make_app(load_settings({"NOTIFY_DATA_DIR": str(tmp_path)}))


def test_wrong_options_stop_the_start(variables):
    with pytest.raises(SettingsError, match="NOTIFY_TASK_QUEUE=celery: NOTIFY_TASK_QUEUE_RELAY must be"):
        make_app(load_settings({**variables, "NOTIFY_TASK_QUEUE_RELAY": "perhaps"}))
