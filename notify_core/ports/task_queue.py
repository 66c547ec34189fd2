"""The broker: carries the ids of due ledger rows to workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import Queue
from notify_core.kernel.turns import who_may_overtake


@dataclass(frozen=True, slots=True)
class Publication:
    """One row to be announced: its id, and the names a broker needs to route it. No personal data.
    ``together`` is how many rows of this task one message may name; ``lost`` how many claims of this row
    ended with their workers; ``ahead``: its fair key has few rows in a queue that is full of others'."""

    entry_id: LedgerEntryId
    task: str
    queue: Queue
    fair: str | None
    together: int = 1
    lost: int = 0
    ahead: bool = False


def marked_ahead(
    publications: Sequence[Publication], under_way: Mapping[Queue, Mapping[str | None, int]]
) -> Sequence[Publication]:
    """The rows, each marked where it may overtake; ``under_way`` are numbers of rows by queue and fair key, those of
    ``publications`` among them."""
    favoured = {queue: who_may_overtake(rows) for queue, rows in under_way.items()}
    return [replace(one, ahead=True) if one.fair in favoured.get(one.queue, ()) else one for one in publications]


class TaskQueue(Protocol):
    """May lose, repeat and reorder messages: the task ledger makes all three harmless."""

    def publish(self, publications: Sequence[Publication]) -> None:
        """Hand the messages over, in this order. A broker to which a message is dear may let one name
        several rows of the same task and queue, no more than their ``together``.

        :raises TransientError: the broker is not there, or refuses a queue; the message says which and why.
            Nothing, or only a part, was handed over.
        """
        ...
