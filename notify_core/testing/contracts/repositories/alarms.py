"""Tickets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.alarms.ports import AlarmsWork
from notify_core.kernel.errors import AlreadyExists, NotFound
from notify_core.ports.tickets import TicketPriority
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.testing.builders import NOON, a_ticket

Storage = UnitOfWorkFactory[AlarmsWork]


class TicketStoreContract:
    @pytest.fixture
    def storage(self) -> Storage:
        raise NotImplementedError

    def test_a_ticket_comes_back_as_put_last(self, storage: Storage) -> None:
        ticket = a_ticket(subject="Rhwydwaith ŵ", body="Line one\nline two", priority=TicketPriority.NORMAL)
        raised = replace(ticket, raised_at=NOON + timedelta(seconds=3))
        with storage() as work:
            work.tickets.add(ticket)
            work.commit()
        with storage() as work:
            assert work.tickets.get(ticket.id) == ticket
            work.tickets.put(raised)
            work.commit()
        with storage(read_only=True) as work:
            assert work.tickets.get(ticket.id) == raised

    def test_an_unknown_ticket_is_not_found(self, storage: Storage) -> None:
        with storage(read_only=True) as work, pytest.raises(NotFound):
            work.tickets.get(a_ticket().id)

    def test_a_taken_id_shows_at_commit(self, storage: Storage) -> None:
        ticket = a_ticket()
        with storage() as work:
            work.tickets.add(ticket)
            work.commit()
        with storage() as work:
            work.tickets.add(replace(ticket, subject="Another"))
            with pytest.raises(AlreadyExists):
                work.commit()
        with storage(read_only=True) as work:
            assert work.tickets.get(ticket.id) == ticket

    def test_the_newest_come_first(self, storage: Storage) -> None:
        tickets = [a_ticket(created_at=NOON + timedelta(seconds=second)) for second in range(4)]
        with storage() as work:
            for ticket in tickets:
                work.tickets.add(ticket)
            work.commit()
        with storage(read_only=True) as work:
            assert list(work.tickets.newest()) == tickets[::-1]
            assert list(work.tickets.newest(2)) == [tickets[3], tickets[2]]
