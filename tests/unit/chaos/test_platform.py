"""The groups of workers in a chaos run are those of docs/operations.md."""

import re
from pathlib import Path

from chaos.platform import GROUPS, WORKERS, workers_of
from notify_core.kernel.queues import INTERNAL, SEND_SMS, SMS_CALLBACKS

PAGE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_groups_are_those_that_operators_are_told_to_run():
    told = dict(re.findall(r"^worker (\w+) +\d+ +(\S+)$", PAGE, re.MULTILINE))
    assert {group: sorted(queues) for group, (_, queues) in GROUPS.items()} == {
        group: sorted(queues.split(",")) for group, queues in told.items()
    }


def test_who_serves_a_queue():
    assert workers_of(SEND_SMS) == {"worker-deliveries-1", "worker-deliveries-2"}
    assert workers_of(SMS_CALLBACKS, INTERNAL) == {"worker-receipts"} <= set(WORKERS)
