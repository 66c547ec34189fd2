"""What every implementation of the Tickets port does."""

from typing import ClassVar
from uuid import UUID

import pytest

from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.kernel.ids import TicketId
from notify_core.ports.tickets import TicketPriority, Tickets, TicketText

FIRST = TicketText(TicketId(UUID(int=1)), "Letters wait", "Line one.\nLine two: £5", TicketPriority.NORMAL)
SECOND = TicketText(TicketId(UUID(int=2)), "A broadcast failed", "Look at once", TicketPriority.P1)


class TicketsContract:
    """Supply the fixture ``tickets`` and :meth:`created`; where the system can fail also
    :meth:`make_it_fail` and :meth:`make_it_refuse`."""

    #: Whether there is a system on the other side that may be down or refuse.
    can_fail: ClassVar[bool] = True

    @pytest.fixture
    def tickets(self) -> Tickets:
        raise NotImplementedError

    def created(self, tickets: Tickets) -> list[tuple[str, str, TicketPriority]]:
        """(subject, body, priority) of every ticket in the system, oldest first."""
        raise NotImplementedError

    def make_it_fail(self, tickets: Tickets) -> None:
        """The next request finds the system down."""
        raise NotImplementedError

    def make_it_refuse(self, tickets: Tickets) -> None:
        """The next request is refused for good."""
        raise NotImplementedError

    def test_a_ticket_is_created_as_it_was_written(self, tickets: Tickets) -> None:
        tickets.create(FIRST)
        tickets.create(SECOND)
        assert self.created(tickets) == [
            ("Letters wait", "Line one.\nLine two: £5", TicketPriority.NORMAL),
            ("A broadcast failed", "Look at once", TicketPriority.P1),
        ]

    def test_the_same_ticket_again_is_no_second_one(self, tickets: Tickets) -> None:
        tickets.create(FIRST)
        tickets.create(FIRST)
        assert len(self.created(tickets)) == 1

    def test_while_the_system_is_down_trying_again_is_worth_it(self, tickets: Tickets) -> None:
        if self.can_fail:
            self.make_it_fail(tickets)
            with pytest.raises(TransientError):
                tickets.create(FIRST)
        tickets.create(FIRST)
        assert len(self.created(tickets)) == 1

    def test_a_refusal_is_final(self, tickets: Tickets) -> None:
        if self.can_fail:
            self.make_it_refuse(tickets)
            with pytest.raises(PermanentError):
                tickets.create(FIRST)
            assert self.created(tickets) == []
