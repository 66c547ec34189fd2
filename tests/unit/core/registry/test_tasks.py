import inspect
from dataclasses import MISSING, fields, is_dataclass
from typing import get_type_hints

import pytest

from notify_core.kernel.errors import NotFound
from notify_core.kernel.queues import ALL_QUEUES
from notify_core.kernel.tasks import Task
from notify_core.notifications.tasks import DeliverSms
from notify_core.ports.task_ledger import Claim
from notify_core.registry.schedule import SCHEDULE
from notify_core.registry.tasks import REGISTRY, arriving_by, by_name

everything = pytest.mark.parametrize(("task", "use_case"), REGISTRY.items())


def kinds(base=Task):
    for kind in base.__subclasses__():
        if kind.__module__.startswith("notify_core") and not kind.__module__.startswith("notify_core.testing"):
            # What has no name is only what several tasks have in common.
            yield from [kind] if "name" in vars(kind) else []
            yield from kinds(kind)


def test_every_task_of_the_core_has_a_use_case():
    assert set(kinds()) == set(REGISTRY)


def test_names_are_unique():
    assert len({task.name for task in REGISTRY}) == len(REGISTRY)


@everything
def test_a_use_case_takes_its_own_task(task, use_case):
    hints = get_type_hints(use_case.__call__)
    parameters = [name for name in inspect.signature(use_case.__call__).parameters if name != "self"]
    assert [hints[name] for name in parameters] == [task, Claim]
    assert is_dataclass(use_case)


@everything
def test_a_task_goes_to_known_queues(task, use_case):
    assert task.queue in ALL_QUEUES
    assert task.retry.queue in {None, *ALL_QUEUES}


AT_ONCE_THEN_FIVE_MINUTES = (0, 300, 300)
FIVE_MINUTES = (300, 300, 300)
DOUBLING = (1, 2, 4)


# Queues: operations.md. Retries: jobs-and-callbacks.md, sections 2 and 3, and broadcasts.md, section 4; where
# these are silent, ours.
@pytest.mark.parametrize(
    ("name", "queue", "waits", "maximum", "retry_queue"),
    [
        ("deliver_sms", "send-sms-tasks", AT_ONCE_THEN_FIVE_MINUTES, 48, "retry-tasks"),
        ("deliver_email", "send-email-tasks", FIVE_MINUTES, 48, "retry-tasks"),
        ("give-up-notification", "retry-tasks", DOUBLING, None, None),
        ("process-sms-client-response", "sms-callbacks", FIVE_MINUTES, 5, "retry-tasks"),
        ("process-ses-result", "notify-internal-tasks", FIVE_MINUTES, 5, "retry-tasks"),
        ("timeout-sending-notifications", "periodic-tasks", (60, 60, 60), 10, None),
        ("replay-created-notifications", "periodic-tasks", (60, 60, 60), 5, None),
        ("switch-current-sms-provider-on-slow-delivery", "periodic-tasks", (10, 10, 10), 3, None),
        ("tend-providers-back-to-middle", "periodic-tasks", (10, 10, 10), 3, None),
        ("get-pdf-for-templated-letter", "create-letters-pdf-tasks", FIVE_MINUTES, 15, "retry-tasks"),
        ("give-up-letter", "retry-tasks", DOUBLING, None, None),
        ("simulate-letter-printing", "research-mode-tasks", DOUBLING, None, None),
        ("replay-created-letters", "periodic-tasks", (60, 60, 60), 5, None),
        ("update-letter-notifications-statuses", "notify-internal-tasks", DOUBLING, None, None),
        ("record-daily-sorted-counts", "notify-internal-tasks", DOUBLING, None, None),
        ("apply-waiting-letter-responses", "notify-internal-tasks", DOUBLING, None, None),
        ("process-returned-letters-list", "notify-internal-tasks", DOUBLING, None, None),
        ("look-for-letter-response-files", "periodic-tasks", (60, 60, 60), 10, None),
        ("check-if-letters-still-pending-virus-check", "periodic-tasks", (60, 60, 60), 10, None),
        ("check-if-letters-still-in-created", "periodic-tasks", (60, 60, 60), 10, None),
        ("raise-alert-if-letter-notifications-still-sending", "periodic-tasks", (60, 60, 60), 10, None),
        ("raise-alert-if-no-letter-ack-file", "periodic-tasks", (60, 60, 60), 10, None),
        ("delete-expired-documents", "periodic-tasks", (60, 60, 60), 10, None),
        ("send-delivery-status", "service-callbacks", FIVE_MINUTES, 5, "service-callbacks-retry"),
        ("send-broadcast-event", "broadcast-tasks", DOUBLING, None, None),
        ("send-broadcast-provider-message", "broadcast-tasks", DOUBLING, None, None),
        ("complete-expired-broadcasts", "periodic-tasks", (10, 10, 10), 6, None),
        ("simplify-broadcast-areas", "database-tasks", DOUBLING, None, None),
        ("trigger-link-tests", "periodic-tasks", (10, 10, 10), 6, None),
        ("trigger-link-test", "broadcast-tasks", (10, 10, 10), 6, None),
        ("create-ticket", "notify-internal-tasks", DOUBLING, None, None),
    ],
)
def test_where_a_task_waits_and_how_often_it_is_tried(name, queue, waits, maximum, retry_queue):
    task = by_name(name)
    assert (task.queue, task.retry.maximum, task.retry.queue) == (queue, maximum, retry_queue)
    assert tuple(task.retry.delay(retry).total_seconds() for retry in range(3)) == waits


@everything
def test_what_follows_is_known_and_can_be_made_of_its_arguments(task, use_case):
    for following in (task.when_exhausted, task.when_refused):
        if following is not None:
            assert following in REGISTRY
            needed = {field.name for field in fields(following) if field.default is MISSING}
            assert needed <= {field.name for field in fields(task)}


def test_what_is_scheduled_is_known():
    assert {type(entry.task) for entry in SCHEDULE} <= set(REGISTRY)


def test_a_task_is_found_by_its_name():
    assert by_name("deliver_sms") is DeliverSms


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(NotFound, match=r"no task deliver; known are: .*, complete-expired-broadcasts, create-ticket, "):
        by_name("deliver")


def test_whoever_consumes_a_queue_meets_its_own_tasks_the_chosen_ones_and_the_retries():
    def names(*queues):
        return {task.name for task in arriving_by(queues)}

    assert names("broadcast-tasks") == {"send-broadcast-event", "send-broadcast-provider-message", "trigger-link-test"}
    assert names("priority-tasks") == {"deliver_sms", "deliver_email"}
    assert {"deliver_sms", "process-sms-client-response", "simulate-letter-printing"} <= names("research-mode-tasks")
    assert {"deliver_email", "give-up-notification"} <= names("retry-tasks")
    assert names("send-sms-tasks", "priority-tasks") == {"deliver_sms", "deliver_email"}
    assert names() == set()
    assert arriving_by(ALL_QUEUES) == tuple(REGISTRY)
