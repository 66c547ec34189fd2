"""What people on call are told, kept until the ticketing system has it."""

from dataclasses import dataclass
from datetime import datetime

from notify_core.kernel.ids import TicketId
from notify_core.ports.tickets import TicketPriority, TicketText


@dataclass(frozen=True, slots=True)
class Ticket:
    """``created_at`` is when we raised it, ``raised_at`` when the ticketing system took it."""

    id: TicketId
    subject: str
    body: str
    priority: TicketPriority
    created_at: datetime
    raised_at: datetime | None = None

    @property
    def text(self) -> TicketText:
        return TicketText(self.id, self.subject, self.body, self.priority)
