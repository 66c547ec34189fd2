"""The tables of queues and of the schedule in docs/operations.md name all tasks, and where and when they are done."""

import re
from collections import defaultdict
from pathlib import Path

from notify_core.kernel.queues import ALL_QUEUES
from notify_core.registry.schedule import SCHEDULE
from notify_core.registry.tasks import REGISTRY

PAGE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
TASKS = {task.name for task in REGISTRY}


def table(first, second):
    """The rows under these headings: what stands in the first column, and the names in backticks in the second."""
    (rows,) = re.findall(rf"^\| {first} \| {second} \|\n\| --- \| --- \|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    for row in rows.splitlines():
        left, right = row.strip("| ").split(" | ", 1)
        yield left, set(re.findall("`([^`]+)`", right))


def test_every_queue_and_what_is_in_it():
    written = defaultdict(set)
    for queues, names in table("queue", "tasks"):
        for queue in re.findall("`([^`]+)`", queues):
            written[queue] |= names
    expected = {queue: set() for queue in ALL_QUEUES}
    for task in REGISTRY:
        for queue in (task.queue, *task.other_queues):
            expected[queue].add(task.name)
    expected["periodic-tasks"] -= {entry.name for entry in SCHEDULE}
    assert dict(written) == expected


def test_the_schedule():
    written = {name: when for when, names in table("when", "what is done") for name in names}
    assert written == {entry.name: str(entry.when) for entry in SCHEDULE}
