"""Where tickets are kept."""

from collections.abc import Sequence
from typing import Protocol

from notify_core.alarms.model import Ticket
from notify_core.kernel.ids import TicketId
from notify_core.ports.unit_of_work import UnitOfWork


class TicketStore(Protocol):
    def add(self, ticket: Ticket) -> None:
        """:raises AlreadyExists: at commit, when the id is taken."""
        ...

    def get(self, ticket_id: TicketId) -> Ticket:
        """:raises NotFound: no such ticket."""
        ...

    def put(self, ticket: Ticket) -> None:
        """Replace the ticket with this id."""
        ...

    def newest(self, limit: int = 100) -> Sequence[Ticket]:
        """The latest tickets, newest first."""
        ...


class AlarmsWork(UnitOfWork, Protocol):
    @property
    def tickets(self) -> TicketStore: ...
