"""Tickets, on SQL."""

from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa

from notify_adapters.storage.sql.schema_alarms import tickets
from notify_adapters.storage.sql.session import SqlSession
from notify_core.alarms.model import Ticket
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import TicketId
from notify_core.ports.tickets import TicketPriority

_TICKET = sa.select(tickets).where(tickets.c.id == sa.bindparam("id"))
_NEWEST_FIRST = (
    sa.select(tickets).order_by(tickets.c.created_at.desc(), tickets.c.id.desc()).limit(sa.bindparam("number"))
)


class SqlTicketStore:
    def __init__(self, session: SqlSession) -> None:
        self._session = session

    def add(self, ticket: Ticket) -> None:
        # The fields of a ticket are the columns, by name.
        self._session.insert(tickets, [asdict(ticket)])

    def get(self, ticket_id: TicketId) -> Ticket:
        row = self._session.row(_TICKET, {"id": ticket_id})
        if row is None:
            raise NotFound(f"no ticket {ticket_id}")
        return _to_ticket(row)

    def put(self, ticket: Ticket) -> None:
        self._session.upsert(tickets, asdict(ticket))

    def newest(self, limit: int = 100) -> Sequence[Ticket]:
        return [_to_ticket(row) for row in self._session.rows(_NEWEST_FIRST, {"number": limit})]


def _to_ticket(row: sa.RowMapping) -> Ticket:
    return Ticket(**{**row, "priority": TicketPriority(row["priority"])})
