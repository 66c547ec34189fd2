"""Raising tickets."""

from dataclasses import dataclass, replace

from notify_core.alarms.model import Ticket
from notify_core.alarms.ports import AlarmsWork
from notify_core.alarms.tasks import CreateTicket
from notify_core.kernel.ids import TicketId
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.task_ledger import Claim
from notify_core.ports.tickets import TicketPriority, Tickets
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class RaiseTicket:
    """Write a ticket, and the task that brings it to the ticketing system, in the caller's work."""

    clock: Clock
    random: RandomSource

    def __call__(self, work: AlarmsWork, *, subject: str, body: str, priority: TicketPriority) -> Ticket:
        ticket = Ticket(TicketId(self.random.uuid()), subject, body, priority, created_at=self.clock.now())
        work.tickets.add(ticket)
        work.enqueue(CreateTicket(ticket.id))
        return ticket


@dataclass(frozen=True)
class CreateTicketInSystem:
    """The task ``create-ticket``. The ticket's id is its idempotency key, so a repeat is harmless.

    :raises NotFound: no such ticket.
    :raises TransientError: the ticketing system is down or slow.
    :raises PermanentError: it refuses.
    """

    work: UnitOfWorkFactory[AlarmsWork]
    tickets: Tickets
    clock: Clock

    def __call__(self, task: CreateTicket, claim: Claim) -> None:
        with self.work(read_only=True) as work:
            ticket = work.tickets.get(task.ticket_id)
        if ticket.raised_at is None:
            self.tickets.create(ticket.text)
        with self.work() as work:
            work.tickets.put(replace(ticket, raised_at=ticket.raised_at or self.clock.now()))
            work.finish(claim)
            work.commit()
