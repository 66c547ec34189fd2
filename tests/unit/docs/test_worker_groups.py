"""In the deployment that operations.md describes, every queue that is published to has a consumer."""

import re
from pathlib import Path

from notify_core.kernel.queues import ALL_QUEUES
from notify_core.registry.tasks import REGISTRY

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "operations.md").read_text(encoding="utf-8")
GROUPS = {
    group: (int(processes), queues.split(","))
    for group, processes, queues in re.findall(r"^worker (\w+) +(\d+) +(\S+)$", PAGE, re.MULTILINE)
}


def test_every_queue_belongs_to_one_group():
    assert sorted(queue for _, queues in GROUPS.values() for queue in queues) == sorted(ALL_QUEUES)


def test_every_task_is_published_to_a_queue_that_there_is():
    published = {queue for task in REGISTRY for queue in task.queues()}
    assert published <= set(ALL_QUEUES)


def test_broadcasts_share_their_workers_with_nothing_and_have_one_for_each_network_and_the_next_alert():
    assert GROUPS["broadcasts"] == (8, ["broadcast-tasks"])
