from datetime import UTC, datetime, timedelta

import pytest

from notify_core.kernel.calendar import LONDON
from notify_core.letters.model import Bucket
from notify_core.letters.policies import LetterRules
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.checking import ScanFile
from notify_core.letters.tasks.watching import (
    CheckAcknowledgements,
    CheckPendingScans,
    CheckStillCreated,
    CheckStillSending,
)
from notify_core.letters.use_cases import watching
from notify_core.ports.tickets import TicketPriority
from notify_core.testing.builders import a_letter
from notify_core.testing.platform import InMemoryPlatform

MINUTES = timedelta(minutes=1)
ZIP = "NOTIFY.2026-01-06.2.00{}.aB_-Cd.41a2.ZIP"


def london(*parts):
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)


class Watched:
    def __init__(self):
        self.notify = InMemoryPlatform()
        self.notify.letter_rules = LetterRules("live", "https://runbook.example")

    def at(self, *parts):
        self.notify.advance(london(*parts) - self.notify.clock.now())
        return self.notify.clock.now()

    def given(self, **changes):
        letter = a_letter(**changes)
        with self.notify.work() as work:
            work.letters.add_many([letter])
            work.commit()
        return letter

    def ended(self, letter):
        with self.notify.work() as work:
            was = work.letters.get(letter.id)
            work.letters.change(was, was.after(LetterEvent.CANCELLED, self.notify.clock.now()))
            work.commit()

    def look(self, task):
        with self.notify.work() as work:
            work.enqueue(task)
            work.commit()
        self.notify.run_until_idle()

    def scans(self):
        return [row.arguments for row in self.notify.ledger.entries() if row.task == ScanFile.name]

    def tickets(self):
        return list(self.notify.tickets.tickets.values())


@pytest.fixture
def watched():
    return Watched()


class TestPendingScans:
    @pytest.fixture
    def pending(self, watched):
        """A letter that has waited for its scan for 91 minutes, and a scanner that nobody hears of."""
        now = watched.at(2026, 1, 6, 9, 0)
        return watched.given(status=LetterStatus.PENDING_VIRUS_CHECK, precompiled=True, created_at=now - 91 * MINUTES)

    def enqueue_only(self, watched, task):
        """Do this and nothing that follows from it."""
        handler = watched.notify.use(watching.TellOfPendingScans)
        handler(task, watched.notify.ledger.begin(task, "test", 5 * MINUTES))

    def test_it_is_scanned_again_before_anybody_is_told(self, watched, pending):
        self.enqueue_only(watched, CheckPendingScans())
        assert watched.scans() == [{"notification_id": str(pending.id), "again": True}]
        assert watched.tickets() == []

    def test_what_that_has_not_helped_is_told_half_an_hour_later(self, watched, pending, caplog):
        self.enqueue_only(watched, CheckPendingScans())
        watched.notify.advance(watching.SECOND_LOOK)
        self.enqueue_only(watched, CheckPendingScans(second_look=True))
        watched.notify.run_until_idle()
        (ticket,) = watched.tickets()
        assert ticket.subject == "[live] Letters still pending virus check"
        assert ticket.priority is TicketPriority.NORMAL
        assert (
            "Letters that have waited for their virus scan for over 90 minutes, although they were scanned again: 1."
            in ticket.body
        )
        assert "https://runbook.example" in ticket.body
        assert str(pending.id) in caplog.text
        assert str(pending.id) not in ticket.body

    def test_what_it_has_helped_nobody_hears_of(self, watched, pending):
        self.enqueue_only(watched, CheckPendingScans())
        watched.ended(pending)
        watched.notify.advance(watching.SECOND_LOOK)
        self.enqueue_only(watched, CheckPendingScans(second_look=True))
        assert watched.tickets() == []

    def test_the_second_look_leaves_alone_what_the_first_did_not_see(self, watched, pending):
        self.enqueue_only(watched, CheckPendingScans())
        watched.ended(pending)
        watched.given(status=LetterStatus.PENDING_VIRUS_CHECK, created_at=pending.created_at + 2 * MINUTES)
        watched.notify.advance(watching.SECOND_LOOK)
        self.enqueue_only(watched, CheckPendingScans(second_look=True))
        watched.notify.run_until_idle()
        assert watched.tickets() == []

    def test_the_second_look_follows_by_itself_and_only_where_there_was_something(self, watched, pending):
        self.enqueue_only(watched, CheckPendingScans())
        assert [row.arguments for row in watched.notify.ledger.entries() if row.task == CheckPendingScans.name] == [
            {"second_look": True}
        ]
        assert watched.notify.ledger.next_due_in() == timedelta()  # the scan

    def test_with_nothing_overdue_nothing_follows(self, watched):
        now = watched.at(2026, 1, 6, 9, 0)
        watched.given(status=LetterStatus.PENDING_VIRUS_CHECK, created_at=now - 90 * MINUTES)
        watched.look(CheckPendingScans())
        assert watched.notify.ledger.entries() == []

    def test_letters_of_templates_too(self, watched):
        now = watched.at(2026, 1, 6, 9, 0)
        watched.given(status=LetterStatus.PENDING_VIRUS_CHECK, precompiled=False, created_at=now - 95 * MINUTES)
        self.enqueue_only(watched, CheckPendingScans())
        assert len(watched.scans()) == 1


class TestStillCreated:
    @pytest.mark.parametrize("precompiled", [True, False])
    def test_what_yesterday_s_run_should_have_taken_is_told(self, watched, precompiled):
        watched.at(2026, 1, 7, 9, 0)
        for created_at in (london(2026, 1, 6, 17, 29, 59, 999999), london(2026, 1, 6, 17, 30)):
            watched.given(created_at=created_at, precompiled=precompiled)
        watched.look(CheckStillCreated())
        (ticket,) = watched.tickets()
        assert ticket.subject == "[live] Letters still in 'created' status"
        assert ticket.body.startswith("Letters that were created before yesterday's 17:30")

    def test_with_none_there_is_no_ticket(self, watched):
        watched.at(2026, 1, 7, 9, 0)
        watched.look(CheckStillCreated())
        assert watched.tickets() == []

    @pytest.mark.parametrize(("environment", "tickets"), [("test", 1), ("preview", 0), ("staging", 0)])
    def test_tickets_are_for_live_and_test(self, watched, environment, tickets, caplog):
        watched.notify.letter_rules = LetterRules(environment)
        watched.at(2026, 1, 7, 9, 0)
        letter = watched.given(created_at=london(2026, 1, 5, 12))
        watched.look(CheckStillCreated())
        assert len(watched.tickets()) == tickets
        assert str(letter.id) in caplog.text

    def test_a_great_many(self, watched, caplog):
        watched.notify.most = 250
        watched.at(2026, 1, 7, 9, 0)
        for _ in range(300):
            watched.given(created_at=london(2026, 1, 5, 12))
        watched.look(CheckStillCreated())
        (ticket,) = watched.tickets()
        assert ": 250 or more." in ticket.body
        lines = [record.getMessage() for record in caplog.records if "still in" in record.getMessage()]
        assert [line.count("-4") > 0 and line.count(",") + 1 for line in lines] == [100, 100, 50]


class TestStillSending:
    def test_what_the_printer_has_not_answered_for_is_told(self, watched):
        watched.at(2026, 1, 7, 15, 30)
        for sent_at in (london(2026, 1, 5, 23, 59), london(2026, 1, 6, 0, 0)):
            watched.given(status=LetterStatus.SENDING, created_at=sent_at - timedelta(hours=1), sent_at=sent_at)
        watched.look(CheckStillSending())
        (ticket,) = watched.tickets()
        assert ticket.subject == "[live] Letters still sending"
        assert ": 1." in ticket.body

    def test_nobody_is_told_at_a_weekend(self, watched):
        watched.at(2026, 1, 10, 15, 30)
        sent_at = london(2026, 1, 1, 18)
        watched.given(status=LetterStatus.SENDING, created_at=sent_at, sent_at=sent_at)
        watched.look(CheckStillSending())
        assert watched.tickets() == []
        assert watched.notify.ledger.entries() == []


class TestAcknowledgements:
    @pytest.fixture(autouse=True)
    def eleven_o_clock(self, watched):
        watched.at(2026, 1, 5, 18, 0)
        self.sent(watched, "2026-01-05", "YESTERDAYS.ZIP")
        watched.at(2026, 1, 6, 18, 0)
        for number in (1, 2):
            self.sent(watched, "2026-01-06", ZIP.format(number))

    def sent(self, watched, day, name):
        watched.notify.letter_store.put(Bucket.PDF, f"{day}/zips_sent/{name}.TXT", b"list")

    def acknowledge(self, watched, number):
        key = f"root/dispatch/{ZIP.format(number).removesuffix('.ZIP')}.ACK.TXT"
        watched.notify.letter_store.put(Bucket.RESPONSE, key, b"ok")

    def test_zips_without_are_named(self, watched):
        self.acknowledge(watched, 2)
        watched.at(2026, 1, 6, 23, 0)
        watched.look(CheckAcknowledgements())
        (ticket,) = watched.tickets()
        assert ticket.subject == "Letter acknowledge error"
        assert ZIP.format(1).upper() in ticket.body.splitlines()
        assert ZIP.format(2).upper() not in ticket.body
        assert "YESTERDAYS" not in ticket.body

    def test_where_all_have_one_all_is_well(self, watched):
        self.acknowledge(watched, 1)
        self.acknowledge(watched, 2)
        watched.at(2026, 1, 6, 23, 0)
        watched.look(CheckAcknowledgements())
        assert watched.tickets() == []

    def test_made_up_for_past_midnight_it_is_about_the_same_run(self, watched):
        self.acknowledge(watched, 2)
        watched.at(2026, 1, 7, 3, 0)
        watched.look(CheckAcknowledgements())
        (ticket,) = watched.tickets()
        assert ZIP.format(1).upper() in ticket.body

    @pytest.mark.parametrize("sent_at", [(2026, 1, 5, 23, 0), (2026, 1, 6, 2, 0), (2026, 1, 6, 22, 59)])
    @pytest.mark.parametrize("day", ["2026-01-05", "2025-12-30"])
    def test_a_zip_that_was_sent_days_late_is_missed_as_well(self, watched, day, sent_at):
        watched = Watched()
        watched.at(*sent_at)
        self.sent(watched, day, "LATE.ZIP")
        watched.at(2026, 1, 6, 23, 0)
        watched.look(CheckAcknowledgements())
        (ticket,) = watched.tickets()
        assert "LATE.ZIP" in ticket.body.splitlines()

    def test_nobody_is_told_of_a_zip_twice(self, watched):
        watched.at(2026, 1, 6, 23, 0)
        watched.look(CheckAcknowledgements())
        watched.at(2026, 1, 7, 23, 0)
        watched.look(CheckAcknowledgements())
        assert len(watched.tickets()) == 1

    def test_one_from_before_yesterday_counts_for_nothing(self, watched):
        store = watched.notify.letter_store
        self.acknowledge(watched, 1)
        self.acknowledge(watched, 2)
        watched.at(2026, 1, 8, 18, 0)
        store.put(Bucket.PDF, f"2026-01-08/zips_sent/{ZIP.format(1)}.TXT", b"list")
        watched.at(2026, 1, 8, 23, 0)
        watched.look(CheckAcknowledgements())
        assert len(watched.tickets()) == 1

    @pytest.fixture
    def years_of_them(self, watched):
        """A page for each thousand."""
        store = watched.notify.letter_store
        for number in range(2500):
            store.put(Bucket.RESPONSE, f"root/dispatch/NOTIFY.2025-{1 + number % 11:02}-01.2.{number}.ACK.TXT", b"ok")
        store.requests.clear()

    @pytest.mark.usefixtures("years_of_them")
    def test_those_of_years_ago_cost_nothing(self, watched):
        self.acknowledge(watched, 1)
        self.acknowledge(watched, 2)
        watched.at(2026, 1, 6, 23, 0)
        watched.notify.letter_store.requests.clear()
        watched.look(CheckAcknowledgements())
        assert watched.tickets() == []
        days_of_markers = 8
        assert watched.notify.letter_store.requests == ["list"] * (days_of_markers + 1)

    @pytest.mark.usefixtures("years_of_them")
    @pytest.mark.parametrize("name", [str.lower, str.upper, "early/{}".format, "Acknowledged/{}".format])
    def test_however_the_printer_names_them_nobody_is_called_in_vain(self, watched, name):
        for number in (1, 2):
            key = name(f"{ZIP.format(number).removesuffix('.ZIP')}.ack.txt")
            watched.notify.letter_store.put(Bucket.RESPONSE, f"root/dispatch/{key}", b"ok")
        watched.at(2026, 1, 6, 23, 0)
        watched.look(CheckAcknowledgements())
        assert watched.tickets() == []
