from datetime import timedelta

import pytest

from notify_core.kernel.errors import InvalidValue, NotAllowed
from notify_core.letters.model import AnswerCounts, AnswerFileState, Bucket
from notify_core.letters.ports import LetterPdfNotFound
from notify_core.letters.tasks.answers import LookForAnswers
from notify_core.letters.use_cases.answers import AcceptAnnouncement, BringAnswers, ListAnswerFiles
from notify_core.notifications.ports import ReceiptForged, ReceiptRequest

FILE = "NOTIFY-20260105120000-RSP.TXT"
ONE_PRINTED = AnswerCounts(printed=1)


@pytest.fixture
def announce(letters):
    def act(*keys):
        accept = letters.notify.use(AcceptAnnouncement)
        accepted = accept(letters.notify.letter_announcements.request(*keys))
        letters.notify.run_until_idle()
        return accepted

    return act


@pytest.fixture
def look(letters):
    return lambda: letters.do(LookForAnswers())


@pytest.fixture
def bring(letters):
    def act(name=FILE, content=None):
        count = letters.notify.use(BringAnswers)(name, content)
        letters.notify.run_until_idle()
        return count

    return act


@pytest.fixture
def written(letters):
    letters.given("A")
    letters.writes("A|Sent|1|Sorted")


@pytest.mark.usefixtures("written")
class TestOnce:
    def test_an_announced_file_is_applied(self, letters, announce):
        assert announce(FILE) == 1
        assert letters.status("A") == "delivered"
        assert letters.file().counts == ONE_PRINTED

    def test_a_file_that_nobody_announced_is_found(self, letters, look):
        look()
        assert letters.file().counts == ONE_PRINTED

    def test_a_file_that_an_operator_names_is_applied(self, letters, bring):
        assert bring() == 1
        assert letters.file().counts == ONE_PRINTED

    def test_announced_twice_found_and_named_it_is_applied_once(self, letters, announce, look, bring):
        announce(FILE, FILE)
        announce(FILE)
        look()
        with pytest.raises(NotAllowed, match=f"{FILE} has been applied already"):
            bring()
        assert letters.file().counts == ONE_PRINTED
        assert letters.failed() == {}

    def test_announced_while_it_is_under_way_it_is_begun_once(self, letters):
        accept = letters.notify.use(AcceptAnnouncement)
        for _ in range(3):
            accept(letters.notify.letter_announcements.request(FILE))
        assert letters.notify.run_until_idle() == 2


def test_other_files_are_nobody_s_business(letters, announce):
    assert announce("root/dispatch/NOTIFY.2026-01-05.2.001.X.ACK.TXT", "readme.txt") == 0
    assert letters.notify.use(ListAnswerFiles)() == []


def test_a_forged_announcement_announces_nothing(letters):
    letters.writes("A|Sent|1|Sorted")
    with pytest.raises(ReceiptForged):
        letters.notify.use(AcceptAnnouncement)(ReceiptRequest(FILE.encode(), {}))
    assert letters.file() is None


def test_one_that_was_announced_before_it_can_be_seen_is_found_later(letters, announce, look):
    letters.given("A")
    announce(FILE)
    assert letters.failed()
    letters.writes("A|Sent|1|Sorted")
    look()
    assert letters.file().counts == ONE_PRINTED


class TestAnInvalidFile:
    @pytest.fixture(autouse=True)
    def invalid(self, letters, look):
        letters.given("A")
        letters.writes("A|Sent")
        look()
        letters.notify.advance(timedelta(minutes=15))

    def test_is_not_tried_again_by_every_look(self, letters, look):
        assert look() == 1
        assert len(letters.tickets()) == 1

    def test_that_was_written_anew_is_found(self, letters, look):
        letters.writes("A|Sent|1|Sorted")
        look()
        assert letters.file().state is AnswerFileState.DONE

    def test_is_tried_again_when_it_is_announced(self, letters, announce):
        letters.writes("A|Sent|1|Sorted")
        announce(FILE)
        assert letters.file().counts == ONE_PRINTED

    def test_is_not_even_begun_by_an_operator(self, letters, bring):
        with pytest.raises(InvalidValue, match="line 1 has 2 parts"):
            bring()
        assert bring(content=b"A|Sent|1|Sorted\n") == 1
        assert letters.file().counts == ONE_PRINTED


def test_files_from_before_are_no_news(letters, look):
    letters.writes("A|Sent|1|Sorted")
    letters.notify.advance(timedelta(days=14))
    look()
    assert letters.file() is None


class TestBrought:
    def test_its_content_is_put_into_the_bucket(self, letters, bring):
        letters.given("A")
        assert bring(content=b"A|Sent|1|Sorted\n") == 1
        assert letters.notify.letter_store.get(Bucket.RESPONSE, FILE) == b"A|Sent|1|Sorted\n"
        assert letters.status("A") == "delivered"

    def test_what_is_invalid_is_not_kept(self, letters, bring):
        with pytest.raises(InvalidValue, match="the file is empty"):
            bring(content=b"")
        assert letters.notify.letter_store.files == {}

    def test_what_is_called_otherwise_is_none(self, letters, bring):
        with pytest.raises(InvalidValue, match="is no name of a response file"):
            bring("answers.txt", b"A|Sent|1|Sorted\n")
        assert letters.notify.letter_store.files == {}

    def test_what_is_not_there(self, bring):
        with pytest.raises(LetterPdfNotFound):
            bring()


def test_those_heard_of_last_are_listed_first(letters, announce):
    for hour in (11, 12):
        name = f"NOTIFY-20260105{hour}0000-RSP.TXT"
        letters.writes("A|Sent|1|Sorted", name=name)
        announce(name)
        letters.notify.advance(timedelta(hours=1))
    listed = letters.notify.use(ListAnswerFiles)()
    assert [file.name[15:17] for file in listed] == ["12", "11"]


class TestALook:
    def test_costs_as_much_after_years(self, letters, look):
        for number in range(2500):
            letters.writes("A|Sent|1|Sorted", name=f"NOTIFY-2025{1 + number % 10:02}01{number:06}-RSP.TXT")
        letters.notify.letter_store.requests.clear()
        look()
        assert letters.notify.letter_store.requests == ["list"]

    def test_finds_what_was_written_long_after_it_was_begun(self, letters, look):
        letters.given("A")
        letters.notify.advance(timedelta(days=59))
        letters.writes("A|Sent|1|Sorted")
        look()
        assert letters.status("A") == "delivered"
