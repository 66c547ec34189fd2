from datetime import timedelta

import pytest

from notify_core.alarms.tasks import CreateTicket
from notify_core.alarms.use_cases import CreateTicketInSystem, RaiseTicket
from notify_core.kernel.errors import ClaimLost, NotFound, PermanentError, TransientError
from notify_core.ports.task_ledger import RelayLimits
from notify_core.ports.tickets import TicketPriority
from notify_core.testing.builders import claim_row
from notify_core.testing.fakes.clock import NOON, FakeClock
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger
from notify_core.testing.fakes.tickets import MemoryTickets
from notify_core.testing.fakes.unit_of_work import MemoryStorage


class OnCall:
    """The part of the platform that tells people on call, on fakes."""

    def __init__(self):
        self.clock = FakeClock()
        self.work = MemoryStorage()
        self.system = MemoryTickets()
        self.ledger = MemoryTaskLedger(self.work.database)
        self.raise_ticket = RaiseTicket(self.clock, SeededRandom())
        self.create = CreateTicketInSystem(self.work, self.system, self.clock)

    def raised(self):
        with self.work() as work:
            ticket = self.raise_ticket(work, subject="Network down", body="bt-ee", priority=TicketPriority.P1)
            work.commit()
        return ticket

    def claimed(self):
        published = self.ledger.publish_due(RelayLimits(), "relay")
        return claim_row(self.ledger, published[0].entry_id, "worker", timedelta(minutes=1))

    def stored(self, ticket_id):
        with self.work(read_only=True) as work:
            return work.tickets.get(ticket_id)


@pytest.fixture
def on_call():
    return OnCall()


def test_a_ticket_is_written_together_with_the_task_that_brings_it_on(on_call):
    ticket = on_call.raised()
    assert on_call.stored(ticket.id) == ticket
    assert (ticket.created_at, ticket.raised_at) == (NOON, None)
    entry = on_call.claimed().entry
    assert (entry.task, entry.arguments) == (CreateTicket.name, {"ticket_id": str(ticket.id)})


def test_work_that_is_undone_leaves_neither_ticket_nor_task(on_call):
    with on_call.work() as work:
        ticket = on_call.raise_ticket(work, subject="s", body="b", priority=TicketPriority.NORMAL)
    with pytest.raises(NotFound):
        on_call.stored(ticket.id)
    assert on_call.ledger.publish_due(RelayLimits(), "relay") == []


def test_the_ticketing_system_gets_the_ticket_and_the_task_is_done(on_call):
    ticket = on_call.raised()
    claim = on_call.claimed()
    on_call.clock.advance(timedelta(seconds=5))
    on_call.create(CreateTicket(ticket.id), claim)
    assert on_call.system.tickets == {ticket.id: ticket.text}
    assert on_call.stored(ticket.id).raised_at == NOON + timedelta(seconds=5)
    assert claim.finished
    assert on_call.ledger.entries() == []


@pytest.mark.parametrize("error", [TransientError("down"), PermanentError("refused")])
def test_a_ticketing_system_that_fails_leaves_the_task_to_its_policy(on_call, error):
    ticket = on_call.raised()
    claim = on_call.claimed()
    on_call.system.fail_with(error)
    with pytest.raises(type(error)):
        on_call.create(CreateTicket(ticket.id), claim)
    assert on_call.stored(ticket.id).raised_at is None
    assert not claim.finished
    assert CreateTicket.retry.allows(10**6)


def test_a_repeat_after_the_result_was_recorded_calls_nobody(on_call):
    ticket = on_call.raised()
    claim = on_call.claimed()
    on_call.create(CreateTicket(ticket.id), claim)
    raised_at = on_call.stored(ticket.id).raised_at
    on_call.clock.advance(timedelta(minutes=1))
    with pytest.raises(ClaimLost):
        on_call.create(CreateTicket(ticket.id), claim)
    assert on_call.system.calls == 1
    assert on_call.stored(ticket.id).raised_at == raised_at


def test_a_worker_that_died_before_recording_makes_no_second_ticket(on_call):
    ticket = on_call.raised()
    claim = on_call.claimed()
    on_call.work.fail_next_commit(TransientError("the database is gone"))
    with pytest.raises(TransientError):
        on_call.create(CreateTicket(ticket.id), claim)
    on_call.create(CreateTicket(ticket.id), claim)
    assert on_call.system.calls == 2
    assert len(on_call.system.tickets) == 1


def test_one_ticket_is_under_way_once():
    key = CreateTicket(SeededRandom().uuid()).dedupe_key()
    assert key.startswith("create-ticket:")
