"""Tickets, in memory."""

from collections.abc import MutableMapping, Sequence

from notify_core.alarms.model import Ticket
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import TicketId
from notify_core.testing.fakes.database import MemoryDatabase
from notify_core.testing.fakes.repositories.inserting import insert


class MemoryTicketStore:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._rows: MutableMapping[TicketId, Ticket] = database.table("tickets")

    def add(self, ticket: Ticket) -> None:
        insert(self._database, self._rows, ticket.id, ticket, what=f"ticket {ticket.id}")

    def get(self, ticket_id: TicketId) -> Ticket:
        if ticket_id not in self._rows:
            raise NotFound(f"no ticket {ticket_id}")
        return self._rows[ticket_id]

    def put(self, ticket: Ticket) -> None:
        self._rows[ticket.id] = ticket

    def newest(self, limit: int = 100) -> Sequence[Ticket]:
        return sorted(self._rows.values(), key=lambda ticket: (ticket.created_at, ticket.id), reverse=True)[:limit]
