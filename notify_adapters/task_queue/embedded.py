"""A broker inside the process: one queue in memory for each group of worker threads.

It dies with the process, and nothing is lost by that: the ledger has every row, and the next start
makes those due that this process held.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Condition

from notify_adapters.options import known
from notify_core.kernel import queues
from notify_core.kernel.queues import Queue
from notify_core.ports.task_queue import Publication, TaskQueue

OPTIONS: Mapping[str, str] = {}

REST = "rest"

# Each group has threads of its own, so that slow work of one kind delays no other kind. Queues not
# named here belong to the group "rest".
GROUPS: Mapping[str, frozenset[Queue]] = {
    "broadcasts": frozenset({queues.BROADCASTS}),
    "deliveries": frozenset({queues.SEND_SMS, queues.SEND_EMAIL, queues.PRIORITY, queues.RESEARCH_MODE, queues.RETRY}),
    "callbacks": frozenset({queues.SERVICE_CALLBACKS}),
    "callback-retries": frozenset({queues.SERVICE_CALLBACKS_RETRY}),
    REST: frozenset(),
}


@dataclass
class _Waiting:
    urgent: deque[Publication] = field(default_factory=deque)
    others: deque[Publication] = field(default_factory=deque)
    # Its own for each group: a message wakes one thread of those that may take it.
    arrived: Condition = field(default_factory=Condition)

    def add(self, publication: Publication) -> None:
        (self.urgent if publication.queue == queues.PRIORITY else self.others).append(publication)

    def next(self) -> Publication | None:
        for messages in (self.urgent, self.others):
            if messages:
                return messages.popleft()
        return None


class EmbeddedQueue:
    """Safe among threads. Within a group messages come out in the order they went in; those in
    ``priority-tasks`` before the others."""

    def __init__(self, groups: Mapping[str, frozenset[Queue]] = GROUPS) -> None:
        self._group_of = {queue: name for name, group in groups.items() for queue in group}
        self._waiting = {name: _Waiting() for name in (*groups, REST)}

    def publish(self, publications: Sequence[Publication]) -> None:
        """Never fails."""
        for publication in publications:
            waiting = self._waiting[self._group_of.get(publication.queue, REST)]
            with waiting.arrived:
                waiting.add(publication)
                waiting.arrived.notify()

    def take(self, group: str, timeout: float) -> Publication | None:
        """The next message of a group; None: there was none for ``timeout`` seconds.

        :raises KeyError: there is no such group.
        """
        waiting = self._waiting[group]
        with waiting.arrived:
            publication = waiting.next()
            if publication is None:
                waiting.arrived.wait(timeout)
                publication = waiting.next()
            return publication

    def drain(self) -> Sequence[Publication]:
        """Take back all that nobody has taken yet."""
        left: list[Publication] = []
        for waiting in self._waiting.values():
            with waiting.arrived:
                while (publication := waiting.next()) is not None:
                    left.append(publication)
        return left

    def wake_all(self) -> None:
        """Let every waiting :meth:`take` return now, as it would after its time-out."""
        for waiting in self._waiting.values():
            with waiting.arrived:
                waiting.arrived.notify_all()


def build(options: Mapping[str, str]) -> TaskQueue:
    """:raises BadOption: it has no options of its own."""
    known(options, *OPTIONS)
    return EmbeddedQueue()
