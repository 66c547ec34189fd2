import pytest

from notify_core.kernel.errors import PermanentError
from notify_core.testing.contracts.tickets import TicketsContract
from notify_core.testing.fakes.tickets import MemoryTickets


class TestMemoryTickets(TicketsContract):
    @pytest.fixture
    def tickets(self) -> MemoryTickets:
        return MemoryTickets()

    def created(self, tickets: MemoryTickets) -> list[tuple]:
        return [(ticket.subject, ticket.body, ticket.priority) for ticket in tickets.tickets.values()]

    def make_it_fail(self, tickets: MemoryTickets) -> None:
        tickets.fail_next()

    def make_it_refuse(self, tickets: MemoryTickets) -> None:
        tickets.fail_with(PermanentError("no such account"))
