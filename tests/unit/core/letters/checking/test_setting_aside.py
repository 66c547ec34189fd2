from datetime import timedelta

import pytest

from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.letters.model import Bucket
from notify_core.letters.policies import LetterRules
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.checking import (
    GiveUpCheck,
    ProcessSanitisedLetter,
    ProcessVirusScanError,
    ProcessVirusScanFailed,
)
from notify_core.ports.tickets import TicketPriority
from notify_core.testing.builders import NOON
from notify_core.testing.fakes.letter_sanitiser import an_upload

KEY = "NOTIFY.ABCDEFGH01234567.D.2.C.20260105120000.PDF"
LONG = timedelta(hours=2)


def test_a_letter_with_a_virus_is_put_aside_and_people_are_told(checking, infected):
    checking.platform.letter_rules = LetterRules("live", "https://runbook.example")
    checking.given(infected)
    checking.run()
    assert checking.files == {(Bucket.SCAN, f"FAILURE/{KEY}"): infected}
    letter = checking.letter
    assert (letter.status, letter.sheets, letter.completed_at) == (LetterStatus.VIRUS_SCAN_FAILED, 0, NOON)
    (ticket,) = checking.tickets
    assert ticket.subject == "[live] Virus found in an uploaded letter"
    assert ticket.priority is TicketPriority.NORMAL
    assert ticket.body.splitlines() == [
        "It is in FAILURE/ of the scan bucket; its sender sees the status virus-scan-failed.",
        "There may be more by now; their ids are in the log.",
        "What to do now: https://runbook.example",
    ]
    assert checking.sanitiser.sanitised == checking.failed == []


def test_the_log_says_what_was_found_and_in_which_letter(checking, infected, caplog):
    checking.given(infected)
    checking.run()
    said = [record for record in caplog.records if "A virus was found in an uploaded letter: Eicar" in record.message]
    assert [record.notification_id for record in said] == [str(checking.letter_id)]


def test_many_letters_with_viruses_are_one_alarm_an_hour(checking, infected):
    for number in range(5):
        checking.given(infected, file_reference=f"R{number:015}")
    checking.run()
    assert len(checking.tickets) == 1
    checking.platform.advance(timedelta(hours=1))
    checking.given(infected)
    checking.run()
    assert len(checking.tickets) == 2


def test_a_scanner_that_is_away_for_a_while_is_waited_for(checking):
    checking.given(an_upload())
    checking.fail_scanner(times=15)
    checking.run(within=LONG)
    assert checking.letter.status is LetterStatus.CREATED
    assert checking.platform.clock.now() - NOON == 15 * timedelta(minutes=5)


def test_a_letter_that_nobody_could_scan_is_put_aside_and_people_are_told(checking):
    checking.given(an_upload())
    checking.fail_scanner(times=16)
    checking.run(within=LONG)
    assert checking.files == {(Bucket.SCAN, f"ERROR/{KEY}"): an_upload()}
    assert (checking.letter.status, checking.letter.sheets) == (LetterStatus.TECHNICAL_FAILURE, 0)
    (ticket,) = checking.tickets
    assert ticket.subject == "[development] Uploaded letters could not be scanned for viruses"
    assert "`notify letters replay-errors`" in ticket.body
    assert checking.failed == []


def test_a_letter_that_nobody_could_check_is_put_aside_as_well(checking):
    checking.given(an_upload())
    checking.sanitiser.fail_with(*[TransientError("no memory left")] * 16)
    checking.run(within=LONG)
    assert list(checking.files) == [(Bucket.SCAN, f"ERROR/{KEY}")]
    assert checking.letter.status is LetterStatus.TECHNICAL_FAILURE
    assert [ticket.subject for ticket in checking.tickets] == ["[development] Uploaded letters could not be checked"]


def test_what_the_store_refuses_is_kept_as_failed_for_an_operator(checking):
    checking.given(an_upload())
    checking.store.fail_with(PermanentError("no such bucket"))
    checking.run(within=LONG)
    assert checking.letter.status is LetterStatus.PENDING_VIRUS_CHECK
    assert checking.failed == ["scan-file"]


class TestLost:
    """A file that is not where it should be is no use to look for again."""

    @pytest.mark.parametrize(
        "task",
        [
            None,
            lambda i: ProcessVirusScanFailed(i, KEY),
            lambda i: ProcessSanitisedLetter(i, KEY),
            ProcessVirusScanError,
            GiveUpCheck,
        ],
        ids=["scan", "infected", "sanitised", "error", "give up"],
    )
    def test_the_letter_has_failed_for_a_technical_reason(self, checking, task, caplog):
        checking.given(None)
        if task:
            checking.withdraw()
            checking.enqueue(task(checking.letter_id))
        checking.run(within=LONG)
        assert (checking.letter.status, checking.letter.sheets) == (LetterStatus.TECHNICAL_FAILURE, 0)
        assert checking.failed == checking.tickets == []
        assert "The file of a letter that is being checked is lost: bucket" in caplog.text


class TestLate:
    @pytest.mark.parametrize("task", [lambda i: ProcessVirusScanFailed(i, KEY), ProcessVirusScanError, GiveUpCheck])
    def test_nothing_is_put_aside_of_a_letter_that_was_cancelled(self, checking, task):
        checking.given(an_upload())
        checking.withdraw()
        checking.set(status=LetterStatus.CANCELLED)
        checking.enqueue(task(checking.letter_id))
        checking.run()
        assert list(checking.files) == [(Bucket.SCAN, KEY)]
        assert checking.tickets == checking.failed == []

    def test_nobody_is_told_of_one_that_is_cancelled_meanwhile(self, checking, infected):
        checking.given(infected)
        move = checking.store.move

        def cancelled_meanwhile(*given):
            move(*given)
            checking.set(status=LetterStatus.CANCELLED)

        checking.store.move = cancelled_meanwhile
        checking.run()
        assert checking.letter.status is LetterStatus.CANCELLED
        assert checking.tickets == checking.failed == []
