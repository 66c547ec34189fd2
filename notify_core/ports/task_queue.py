"""The broker: carries the ids of due ledger rows to workers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import Queue


@dataclass(frozen=True, slots=True)
class Publication:
    """One row to be announced: its id, and the names a broker needs to route it. No personal data.
    ``together`` is how many rows of this task one message may name; ``lost`` how many claims of this row
    ended with their workers."""

    entry_id: LedgerEntryId
    task: str
    queue: Queue
    fair: str | None
    together: int = 1
    lost: int = 0


class TaskQueue(Protocol):
    """May lose, repeat and reorder messages: the task ledger makes all three harmless."""

    def publish(self, publications: Sequence[Publication]) -> None:
        """Hand the messages over, in this order. A broker to which a message is dear may let one name
        several rows of the same task and queue, no more than their ``together``.

        :raises TransientError: the broker is not there, or refuses a queue; the message says which and why.
            Nothing, or only a part, was handed over.
        """
        ...
