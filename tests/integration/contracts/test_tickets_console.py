import io

import pytest

from notify_adapters.tickets.console import ConsoleTickets, build
from notify_core.ports.tickets import TicketPriority
from notify_core.testing.contracts.tickets import SECOND, TicketsContract


class TestConsole(TicketsContract):
    can_fail = False

    @pytest.fixture
    def tickets(self):
        self.out = io.StringIO()
        return ConsoleTickets(self.out)

    def created(self, tickets):
        found = []
        for line in self.out.getvalue().splitlines():
            if line.startswith("TICKET "):
                _, priority, subject = line.split(" ", 2)
                found.append([subject, [], TicketPriority(priority.lower())])
            else:
                found[-1][1].append(line.removeprefix("    "))
        return [(subject, "\n".join(body), priority) for subject, body, priority in found]


def test_speaks_on_the_standard_error_output(capsys):
    build({}).create(SECOND)
    assert capsys.readouterr().err == "TICKET P1 A broadcast failed\n    Look at once\n"
