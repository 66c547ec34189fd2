import logging
from dataclasses import replace
from datetime import date, timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import Conflict, TransientError
from notify_core.letters.model import AnswerCounts, AnswerFileState, Bucket, Location, SortedCounts
from notify_core.letters.policies import LetterRules
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.answers import (
    ApplyWaitingAnswers,
    LookForAnswers,
    RecordSortedCounts,
    UpdateLetterStatuses,
)
from notify_core.letters.use_cases.answers import ListSortedCounts, UpdateStatusesFromFile
from notify_core.testing.builders import NOON

FILE = "NOTIFY-20260105120000-RSP.TXT"
UPDATE = UpdateLetterStatuses(FILE)
MINUTES = timedelta(minutes=1)


class TestAnAnswer:
    def test_sent_means_delivered(self, letters):
        letters.given("A")
        letters.writes("A|Sent|1|Sorted")
        letters.notify.advance(MINUTES)
        letters.do(UPDATE)
        stored = letters.stored("A")
        assert (stored.status, stored.cost_threshold) == (LetterStatus.DELIVERED, "sorted")
        assert stored.completed_at == NOON + MINUTES
        assert letters.tickets() == []

    def test_anything_else_is_a_temporary_failure_listed_and_told_once_a_file(self, letters, caplog):
        failed, _, _ = letters.given("A", "B", "C")
        letters.writes("A|Damaged|1|Sorted", "B|sent|1|Unsorted", "C|Sent|1|Unsorted")
        letters.do(UPDATE)
        assert [letters.status(one) for one in "ABC"] == ["temporary-failure", "temporary-failure", "delivered"]
        ((subject, body),) = letters.tickets()
        assert subject == "[live] Letters were not printed"
        assert f"Letters that were not printed, by {FILE}: 2." in body
        assert "https://runbook.example" in body
        assert f"{failed.id} (Damaged)" in caplog.text

    def test_where_there_are_no_tickets_it_is_in_the_log_alone(self, letters, caplog):
        letters.notify.letter_rules = LetterRules("preview")
        letters.given("A")
        letters.writes("A|Damaged|1|Sorted")
        letters.do(UPDATE)
        assert letters.tickets() == []
        assert "the printer could not print (1): " in caplog.text

    def test_a_page_count_that_is_not_the_billed_one_is_logged(self, letters, caplog):
        letters.given("A", sheets=2)
        letters.given("B", sheets=0, key_type=KeyType.TEST)
        letters.writes("A|Sent|3|Sorted", "B|Sent|3|Sorted")
        letters.do(UPDATE)
        assert [letters.status(one) for one in "AB"] == ["delivered", "delivered"]
        messages = [record.getMessage() for record in caplog.records if "sheets" in record.getMessage()]
        assert messages == ["the printer counted 3 sheets, billed are 2"]

    def test_unknown_letters_stop_nothing(self, letters, caplog):
        letters.given("A")
        letters.writes("UNKNOWN|Sent|1|Sorted", "A|Sent|1|Sorted")
        letters.do(UPDATE)
        assert letters.status("A") == "delivered"
        assert letters.file().counts == AnswerCounts(printed=1, unknown=1)
        assert "unknown references (1): UNKNOWN" in caplog.text

    @pytest.mark.parametrize("status", ["delivered", "temporary-failure", "returned-letter", "cancelled"])
    def test_one_that_comes_too_late_changes_nothing(self, letters, status):
        letters.given("A", status=LetterStatus(status), cost_threshold="sorted")
        letters.writes("A|Damaged|1|Unsorted")
        letters.do(UPDATE)
        assert (letters.status("A"), letters.stored("A").cost_threshold) == (status, "sorted")
        assert letters.file().counts == AnswerCounts(late=1)
        assert letters.tickets() == []


class TestALongFile:
    @pytest.fixture
    def references(self, letters):
        references = [f"LETTER{number:04}" for number in range(25)]
        letters.given(*references)
        letters.writes(*(f"{reference}|Sent|1|Sorted" for reference in references))
        return references

    def test_is_applied_in_portions(self, letters, references):
        assert letters.do(UPDATE) == 3
        assert letters.file().counts == AnswerCounts(printed=25)
        assert {letters.status(reference) for reference in references} == {LetterStatus.DELIVERED}

    def test_whoever_dies_between_two_portions_repeats_nothing(self, letters, references):
        notify = letters.notify
        apply = notify.use(UpdateStatusesFromFile)
        apply(UPDATE, notify.ledger.begin(UPDATE, "first", MINUTES))
        assert (letters.file().lines, letters.file().counts.printed) == (10, 10)
        # The next portion is another's, who dies before his commit.
        notify.work.fail_next_commit(TransientError("killed"))
        notify.run_until_idle(advance=10 * MINUTES)
        assert (letters.file().lines, letters.file().counts) == (25, AnswerCounts(printed=25))
        assert letters.file().state is AnswerFileState.DONE

    def test_somebody_else_changed_a_letter_at_that_moment(self, letters):
        letters.given("A")
        letters.writes("A|Sent|1|Sorted")
        with letters.notify.work() as work:
            work.enqueue(UPDATE)
            work.commit()
        letters.notify.work.fail_next_commit(Conflict("changed"))
        letters.notify.run_until_idle()
        assert letters.status("A") == "delivered"
        assert letters.file().counts == AnswerCounts(printed=1)


class TestAnInvalidFile:
    @pytest.fixture(autouse=True)
    def invalid(self, letters):
        letters.given("A")
        letters.writes("A|Sent|1|Sorted", "A|Sent")
        letters.do(UPDATE, RecordSortedCounts(FILE))

    def test_changes_nothing_and_raises(self, letters):
        fault = "line 2 has 2 parts and not 4: reference|status|page count|cost threshold"
        assert letters.status("A") == "sending"
        file = letters.file()
        assert (file.state, file.fault, file.lines, file.read_at) == (AnswerFileState.INVALID, fault, 0, NOON)
        assert letters.failed().keys() == {"update-letter-notifications-statuses", "record-daily-sorted-counts"}
        assert all(fault in reason for reason in letters.failed().values())
        assert letters.notify.use(ListSortedCounts)(date(2026, 1, 1), date(2026, 1, 31)) == []

    def test_people_are_told_once(self, letters):
        ((subject, body),) = letters.tickets()
        assert subject == "[live] A response file of the printer is invalid"
        assert f"{FILE}: line 2 has 2 parts" in body
        letters.do(UPDATE)
        assert len(letters.tickets()) == 1

    def test_once_it_is_right_it_is_applied(self, letters):
        letters.writes("A|Sent|1|Sorted")
        letters.do(UPDATE)
        assert letters.status("A") == "delivered"
        assert (letters.file().state, letters.file().fault) == (AnswerFileState.DONE, None)


def test_a_file_with_a_wrong_name_is_invalid(letters):
    letters.given("A")
    letters.writes("A|Sent|1|Sorted", name="answers.txt")
    letters.do(UpdateLetterStatuses("answers.txt"), RecordSortedCounts("answers.txt"))
    assert letters.status("A") == "sending"
    assert "is no name of a response file" in letters.failed()["update-letter-notifications-statuses"]


def test_a_file_that_is_not_there(letters):
    letters.do(UPDATE, RecordSortedCounts(FILE))
    assert all("begins with" in reason for reason in letters.failed().values())
    assert letters.file() is None


def test_while_the_store_is_away_it_waits(letters):
    letters.given("A")
    letters.writes("A|Sent|1|Sorted")
    letters.notify.letter_store.fail_with(TransientError("away"))
    letters.do(UPDATE)
    assert letters.status("A") == "sending"
    letters.notify.run_until_idle(advance=MINUTES)
    assert letters.status("A") == "delivered"


def test_a_file_that_is_done_is_not_read_again(letters):
    letters.writes("UNKNOWN|Sent|1|Sorted")
    letters.do(UPDATE)
    done = letters.file()
    letters.notify.letter_store.files.clear()
    letters.do(UPDATE)
    assert letters.file() == done
    assert letters.failed() == {}


class TestAnAnswerThatOvertakesOurRecord:
    @pytest.fixture(autouse=True)
    def created(self, letters):
        (self.letter,) = letters.given("A", status=LetterStatus.CREATED)
        letters.writes("A|Sent|1|Sorted")
        letters.do(UPDATE)

    def test_waits(self, letters):
        assert letters.status("A") == "created"
        assert letters.waiting() == ["A"]
        assert letters.file().counts == AnswerCounts(waiting=1)

    def test_is_applied_by_the_look_after_the_record(self, letters):
        letters.do(LookForAnswers())
        assert (letters.status("A"), letters.waiting()) == ("created", ["A"])
        letters.becomes(self.letter, LetterEvent.SENT)
        letters.do(LookForAnswers())
        assert (letters.status("A"), letters.waiting()) == ("delivered", [])
        assert letters.stored("A").cost_threshold == "sorted"

    def test_of_a_letter_that_was_not_printed_people_are_told(self, letters):
        letters.writes("A|Damaged|1|Sorted", name="NOTIFY-20260105130000-RSP.TXT")
        letters.do(UpdateLetterStatuses("NOTIFY-20260105130000-RSP.TXT"))
        letters.becomes(self.letter, LetterEvent.SENT)
        letters.do(ApplyWaitingAnswers())
        assert letters.status("A") == "temporary-failure"
        ((subject, body),) = letters.tickets()
        assert subject == "[live] Letters were not printed"
        assert "by answers that had waited: 1." in body

    def test_is_forgotten_where_the_letter_was_never_sent(self, letters):
        letters.becomes(self.letter, LetterEvent.CANCELLED)
        letters.do(ApplyWaitingAnswers())
        assert (letters.status("A"), letters.waiting()) == ("cancelled", [])

    def test_more_than_a_portion_of_them(self, letters):
        references = [f"LETTER{number:04}" for number in range(16)]
        made = letters.given(*references, status=LetterStatus.CREATED)
        letters.writes(*(f"{one}|Sent|1|Sorted" for one in references), name="NOTIFY-20260105130000-RSP.TXT")
        letters.do(UpdateLetterStatuses("NOTIFY-20260105130000-RSP.TXT"))
        for letter in made[::2]:
            letters.becomes(letter, LetterEvent.SENT)
        letters.do(ApplyWaitingAnswers())
        assert [letters.status(one) for one in references] == ["delivered", "created"] * 8


class TestSortedCounts:
    def test_are_those_of_the_file_s_day_in_london(self, letters):
        name = "NOTIFY-20260630231500-RSP.TXT"
        letters.writes("A|Sent|1|Sorted", "B|Damaged|1|UNSORTED", "C|Sent|1|unsorted", name=name)
        letters.do(RecordSortedCounts(name))
        letters.do(RecordSortedCounts(name))
        counts = letters.notify.use(ListSortedCounts)(date(2026, 6, 30), date(2026, 7, 1))
        assert counts == [SortedCounts(date(2026, 7, 1), sorted=1, unsorted=2)]


def test_logs_name_letters_and_nobody(letters, caplog):
    caplog.set_level(logging.DEBUG)
    letters.given("A")
    letters.writes("A|Damaged|9|Sorted")
    letters.do(UPDATE)
    assert "Grace" not in caplog.text


def test_files_are_kept_where_they_are(letters):
    letters.writes("A|Sent|1|Sorted")
    letters.do(UPDATE)
    assert Location(Bucket.RESPONSE, FILE) in letters.notify.letter_store.files
    assert replace(letters.file(), read_at=None).name == FILE
