"""Raising a ticket is a task of its own, so that a ticketing failure delays nothing else."""

from dataclasses import dataclass
from typing import ClassVar

from notify_core.kernel.ids import TicketId
from notify_core.kernel.queues import INTERNAL, Queue
from notify_core.kernel.tasks import FOR_EVER, RetryPolicy, Task


@dataclass(frozen=True)
class CreateTicket(Task):
    name: ClassVar[str] = "create-ticket"
    queue: ClassVar[Queue] = INTERNAL
    retry: ClassVar[RetryPolicy] = FOR_EVER

    ticket_id: TicketId

    def dedupe_key(self) -> str:
        return f"create-ticket:{self.ticket_id}"
