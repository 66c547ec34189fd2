from dataclasses import replace

import pytest

from notify_core.kernel.errors import Conflict, InvalidValue, NotFound
from notify_core.kernel.ids import ServiceId
from notify_core.letters.events import LetterReturned
from notify_core.letters.model import ReturnedLetter
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.answers import ProcessReturnedLetters
from notify_core.letters.use_cases.answers import ListReturnedLetters, ReportReturned
from notify_core.testing.builders import NOON, a_service, an_id


@pytest.fixture
def events(letters):
    told = []
    react = letters.notify.work.react

    def note(event, work):
        told.append(event)
        react(event, work)

    letters.notify.work.react = note
    return told


@pytest.fixture
def service(letters):
    service = a_service()
    letters.notify.put(service)
    return service


@pytest.fixture
def report(letters):
    def act(*references):
        count = letters.notify.use(ReportReturned)(references)
        letters.notify.run_until_idle()
        return count

    return act


@pytest.mark.parametrize("status", ["sending", "delivered"])
def test_a_letter_that_came_back_is_returned_and_its_service_told(letters, service, events, report, status):
    (letter,) = letters.given("A", status=LetterStatus(status), service_id=service.id)
    assert report("A") == 1
    assert letters.status("A") == "returned-letter"
    assert events == [LetterReturned(letter.id, letter.service_id)]
    returned = letters.notify.use(ListReturnedLetters)(letter.service_id)
    assert returned == [ReturnedLetter(letter.id, letter.service_id, NOON)]


def test_a_letter_may_come_back_when_it_is_kept_no_longer(letters, service, events, report):
    (letter, lost) = letters.given("A", "B", status=LetterStatus.DELIVERED, service_id=service.id)
    with letters.notify.work() as work:
        work.letters.change(lost, replace(lost, status=LetterStatus.TEMPORARY_FAILURE))
        work.history.take_in_letters([letter, lost])
        work.commit()
    assert report("A", "B") == 2
    report("A")
    with letters.notify.work(read_only=True) as work:
        statuses = [work.history.get(one.id).status for one in (letter, lost)]
    assert statuses == ["returned-letter", "temporary-failure"]
    assert events == [LetterReturned(letter.id, letter.service_id)]
    assert letters.notify.use(ListReturnedLetters)(service.id) == [ReturnedLetter(letter.id, service.id, NOON)]


def test_reported_again_nothing_follows(letters, events, report, caplog):
    letters.given("A")
    report("A")
    report("A", "a ", "A")
    assert len(events) == 1
    assert "not on their way" not in caplog.text


def test_unknown_ones_and_those_never_sent_stop_nothing(letters, events, report, caplog):
    letters.given("A")
    (cancelled,) = letters.given("B", status=LetterStatus.CANCELLED)
    (created,) = letters.given("C", status=LetterStatus.CREATED)
    assert report("C", "B", "UNKNOWN", "A") == 4
    assert [letters.status(one) for one in "ABC"] == ["returned-letter", "cancelled", "created"]
    assert len(events) == 1
    assert "returned are unknown references (1): UNKNOWN" in caplog.text
    assert {str(cancelled.id), str(created.id)} <= set(caplog.text.replace(",", " ").split())


def test_a_list_with_what_cannot_be_a_reference_is_refused_whole(letters, report):
    letters.given("A")
    with pytest.raises(InvalidValue, match="'what\\?' is no reference of a letter"):
        report("A", "what?")
    assert letters.status("A") == "sending"


def test_a_long_list_goes_in_portions(letters, events, report):
    references = [f"LETTER{number:04}" for number in range(25)]
    letters.given(*references)
    assert report(*references) == 25
    assert len(events) == 25
    assert {letters.status(reference) for reference in references} == {LetterStatus.RETURNED}


def test_whoever_dies_in_the_middle_repeats_nothing(letters, service):
    (letter,) = letters.given("A", service_id=service.id)
    letters.notify.use(ReportReturned)(["A"])
    letters.notify.work.fail_next_commit(Conflict("killed"))
    letters.notify.run_until_idle()
    assert letters.status("A") == "returned-letter"
    assert len(letters.notify.use(ListReturnedLetters)(letter.service_id)) == 1


def test_an_old_row_with_an_empty_list(letters):
    letters.do(ProcessReturnedLetters(()))
    assert letters.failed() == {}


def test_of_a_service_that_does_not_exist(letters):
    with pytest.raises(NotFound):
        letters.notify.use(ListReturnedLetters)(ServiceId(an_id()))
