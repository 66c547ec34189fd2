import pytest

from notify_adapters.tickets.memory import build
from notify_core.kernel.errors import PermanentError
from notify_core.testing.contracts.tickets import TicketsContract


class TestMemory(TicketsContract):
    @pytest.fixture
    def tickets(self):
        return build({})

    def created(self, tickets):
        return [(ticket.subject, ticket.body, ticket.priority) for ticket in tickets.tickets.values()]

    def make_it_fail(self, tickets):
        tickets.fail_next()

    def make_it_refuse(self, tickets):
        tickets.fail_with(PermanentError("no"))
