"""A ticketing system in a dictionary."""

from dataclasses import dataclass, field

from notify_core.kernel.errors import NotifyError, TransientError
from notify_core.kernel.ids import TicketId
from notify_core.ports.tickets import TicketText


@dataclass
class MemoryTickets:
    """``tickets`` by id, oldest first; ``calls`` counts every request, also failed and repeated ones."""

    tickets: dict[TicketId, TicketText] = field(default_factory=dict)
    calls: int = 0
    _failures: list[NotifyError] = field(default_factory=list)

    def fail_with(self, *errors: NotifyError) -> None:
        """The next requests meet these errors, one each."""
        self._failures.extend(errors)

    def fail_next(self, times: int = 1) -> None:
        """The next ``times`` requests meet a TransientError."""
        self.fail_with(*(TransientError("the ticketing system is down") for _ in range(times)))

    def create(self, ticket: TicketText) -> None:
        self.calls += 1
        if self._failures:
            raise self._failures.pop(0)
        self.tickets.setdefault(ticket.id, ticket)
