from datetime import timedelta
from uuid import UUID

import pytest

from notify_core.accounts.model import KeyType
from notify_core.housekeeping.tasks import DeleteOldLetters, DeleteOldMessages
from notify_core.housekeeping.use_cases.retention import (
    DeleteLettersOlderThanRetention,
    DeleteMessagesOlderThanRetention,
)
from notify_core.kernel.errors import NotFound, TransientError
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import AnswerFile, Bucket, Location, PrintRun, ReturnedLetter, SortedCounts
from notify_core.letters.policies import search_prefix
from notify_core.letters.states import LetterStatus
from notify_core.notifications.model import Channel
from notify_core.notifications.states import Status
from notify_core.testing.builders import (
    a_complaint,
    a_letter,
    a_notification,
    a_print_group,
    a_retention,
    a_service,
    an_id,
    claim_row,
)
from notify_core.testing.platform import InMemoryPlatform

DAY = timedelta(days=1)


@pytest.fixture
def notify():
    return InMemoryPlatform()


@pytest.fixture
def service(notify):
    service = a_service()
    notify.put(service)
    return service


@pytest.fixture
def given(notify, service):
    def put(*messages, letters=()):
        with notify.work() as work:
            work.notifications.add_many(messages)
            work.letters.add_many(letters)
            work.commit()

    return put


@pytest.fixture
def text(notify, service):
    def make(age, **changes):
        """An ended text of so many days."""
        return a_notification(
            **{"service_id": service.id, "status": Status.DELIVERED, "created_at": notify.clock.now() - age * DAY}
            | changes
        )

    return make


@pytest.fixture
def letter(notify, service):
    def make(age, *files, **changes):
        """An ended letter of so many days, with a file of its name in each place."""
        made = a_letter(
            **{"service_id": service.id, "status": LetterStatus.DELIVERED, "created_at": notify.clock.now() - age * DAY}
            | changes
        )
        for bucket, folder in files:
            name = search_prefix(bucket, made.file_reference, made.created_at)
            notify.letter_store.put(bucket, f"{folder}{name}D.2.C.X.PDF", b"%PDF")
        return made

    return make


def run(notify, batch=1000, services=200):
    """The nightly task and what follows from it; how many executions there were."""
    executions = 0
    with notify.work() as work:
        work.enqueue(DeleteOldMessages())
        work.commit()
    while entries := notify.ledger.entries():
        notify.relay()
        claim = claim_row(notify.ledger, entries[0].id, "worker", timedelta(seconds=60))
        if claim.entry.task == DeleteOldMessages.name:
            delete = DeleteMessagesOlderThanRetention(notify.work, notify.clock, notify.daily_limits, batch, services)
            delete(DeleteOldMessages.from_arguments(claim.entry.arguments), claim)
        else:
            parts = (notify.work, notify.clock, notify.letter_store, notify.metrics)
            delete = DeleteLettersOlderThanRetention(*parts, batch, services)
            delete(DeleteOldLetters.from_arguments(claim.entry.arguments), claim)
        assert claim.finished
        executions += 1
    return executions


def is_kept(notify, *messages):
    with notify.work(read_only=True) as work:
        return [_is_there(work.notifications, one.id) or _is_there(work.letters, one.id) for one in messages]


def is_in_history(notify, *messages):
    with notify.work(read_only=True) as work:
        return [_is_there(work.history, one.id) for one in messages]


def _is_there(repository, identity):
    try:
        repository.get(identity)
    except NotFound:
        return False
    return True


def test_messages_are_kept_for_a_week_of_london_days(notify, given, text):
    # It is noon: the seventh day back is kept as a whole.
    new, old = text(7.4), text(7.6)
    given(new, old)
    run(notify)
    assert is_kept(notify, new, old) == [True, False]
    assert is_in_history(notify, new, old) == [False, True]


def test_each_service_says_how_long_each_kind_is_kept(notify, service, given, text):
    with notify.work() as work:
        work.settings.put_retention(a_retention(service_id=service.id, type="email", days=30))
        work.settings.put_retention(a_retention(service_id=service.id, type="sms", days=3))
        work.commit()
    sms, email, old_email = text(4), text(29, channel=Channel.EMAIL), text(31, channel=Channel.EMAIL)
    given(sms, email, old_email)
    run(notify)
    assert is_kept(notify, sms, email, old_email) == [False, True, False]


def test_what_waits_for_its_end_stays_until_the_time_out_has_ended_it(notify, given, text):
    waiting = [text(8, status=status) for status in (Status.CREATED, Status.SENDING, Status.PENDING)]
    given(*waiting, text(8, status=Status.SENT))
    run(notify)
    assert is_kept(notify, *waiting) == [True] * 3


def test_messages_go_in_batches_and_service_after_service(notify, given, text):
    others = [a_service() for _ in range(2)]
    notify.put(*others)
    old = [text(8 + n) for n in range(3)] + [text(8, service_id=other.id) for other in others]
    given(*old)
    # Three batches of messages, of which the last finds nothing, and one of letters.
    assert run(notify, batch=2) == 4
    assert is_in_history(notify, *old) == [True] * 5


def test_many_services_are_gone_through_portion_by_portion(notify, given, text, letter):
    several = [a_service(id=ServiceId(UUID(int=n))) for n in range(5)]
    notify.put(*several)
    old = [text(8, service_id=one.id) for one in several]
    letters = [letter(8, service_id=one.id) for one in several]
    given(*old, letters=letters)
    assert run(notify, services=2) == 6
    assert is_in_history(notify, *old, *letters) == [True] * 10


def test_how_many_were_sent_is_forgotten_when_the_day_is_over(notify, service):
    today = notify.clock.now().date()
    for day in (today - DAY, today):
        notify.daily_limits.take(service.id, "sms", day, limit=1)
    run(notify)
    assert [day for _, _, day in notify.daily_limits.used] == [today]


def test_a_letter_goes_with_its_file(notify, given, letter):
    old, new = letter(8, (Bucket.PDF, "")), letter(6, (Bucket.PDF, ""))
    given(letters=[old, new])
    run(notify)
    assert is_in_history(notify, old, new) == [True, False]
    assert [key for key in notify.letter_store.keys(Bucket.PDF) if new.file_reference in key]
    assert not [key for key in notify.letter_store.keys(Bucket.PDF) if old.file_reference in key]


def test_no_listing_is_spent_where_the_file_is_known(notify, given, letter):
    old = [letter(8, pdf=Location(Bucket.PDF, f"2026-01-01/NOTIFY.{n}.PDF"), pdf_bytes=4) for n in range(3)]
    for one in old:
        notify.letter_store.put(one.pdf.bucket, one.pdf.key, b"%PDF")
    given(letters=old)
    notify.letter_store.requests.clear()
    run(notify)
    assert len(notify.letter_store.requests) == 1
    assert notify.letter_store.keys(Bucket.PDF) == []


@pytest.mark.parametrize(
    ("status", "place"),
    [
        (LetterStatus.VALIDATION_FAILED, (Bucket.INVALID, "")),
        (LetterStatus.VIRUS_SCAN_FAILED, (Bucket.SCAN, "FAILURE/")),
        (LetterStatus.TECHNICAL_FAILURE, (Bucket.SCAN, "ERROR/")),
        (LetterStatus.CANCELLED, (Bucket.SCAN, "")),
        (LetterStatus.CANCELLED, (Bucket.SANITISE, "")),
        (LetterStatus.CANCELLED, (Bucket.PDF, "")),
    ],
)
def test_the_file_of_an_uploaded_letter_is_found_wherever_its_way_ended(notify, given, letter, status, place):
    old = letter(8, place, status=status, precompiled=True)
    given(letters=[old])
    run(notify)
    assert is_in_history(notify, old) == [True]
    assert notify.letter_store.keys(place[0]) == []


def test_a_missing_file_stops_nothing(notify, given, letter):
    old, other = letter(8), letter(8, pdf=Location(Bucket.PDF, "2026-01-01/NOTIFY.GONE.PDF"))
    given(letters=[old, other])
    run(notify)
    assert is_in_history(notify, old, other) == [True, True]
    assert notify.metrics.counts["letters.retention.missing-pdf"] == 1


@pytest.mark.parametrize("status", [LetterStatus.PENDING_VIRUS_CHECK, LetterStatus.CREATED, LetterStatus.SENDING])
def test_letters_on_their_way_stay(notify, given, letter, status):
    old = letter(30, (Bucket.PDF, ""), status=status)
    given(letters=[old])
    run(notify)
    assert is_kept(notify, old) == [True]
    assert len(notify.letter_store.keys(Bucket.PDF)) == 1


def test_of_test_letters_nothing_stays(notify, given, letter):
    old = letter(8, (Bucket.TEST, ""), key_type=KeyType.TEST)
    given(letters=[old])
    run(notify)
    assert (is_kept(notify, old), is_in_history(notify, old)) == ([False], [False])
    assert notify.letter_store.keys(Bucket.TEST) == []


def test_letters_go_in_batches(notify, given, letter):
    old = [letter(8 + n, (Bucket.PDF, "")) for n in range(5)]
    given(letters=old)
    # One of messages; two, two, one letters.
    assert run(notify, batch=2) == 4
    assert is_in_history(notify, *old) == [True] * 5


def test_while_the_store_is_away_letters_stay_where_they_are(notify, given, letter):
    old = letter(8, (Bucket.PDF, ""))
    given(letters=[old])
    notify.letter_store.fail_with(TransientError("away"))
    with pytest.raises(TransientError):
        run(notify)
    assert is_kept(notify, old) == [True]


def test_two_sweeps_side_by_side_move_each_message_once(notify, given, text, letter):
    old, paper = text(8), letter(8, (Bucket.PDF, ""))
    given(old, letters=[paper])
    with notify.work() as first:
        letters = first.history.past_letters(paper.service_id, notify.clock.now(), 10)
    run(notify)
    with notify.work() as second:
        second.history.take_in_letters(letters)
        second.commit()
    assert is_in_history(notify, old, paper) == [True, True]


def told(notify, *things):
    """What services were told of, or the printer told us, is kept."""
    with notify.work() as work:
        for one in things:
            if isinstance(one, ReturnedLetter):
                work.returned_letters.add_many([one])
            else:
                work.complaints.add(one)
        work.commit()


@pytest.fixture
def complaint(notify, service):
    return lambda age: a_complaint(service_id=service.id, received_at=notify.clock.now() - age * DAY)


@pytest.fixture
def returned(notify, service):
    return lambda age: ReturnedLetter(NotificationId(an_id()), service.id, notify.clock.now() - age * DAY)


def test_complaints_are_kept_as_long_as_emails_and_returned_letters_as_letters(notify, service, complaint, returned):
    with notify.work() as work:
        work.settings.put_retention(a_retention(service_id=service.id, type="email", days=3))
        work.commit()
    complaints, letters = [complaint(age) for age in (2, 4)], [returned(age) for age in (2, 4, 8)]
    told(notify, *complaints, *letters)
    run(notify)
    with notify.work(read_only=True) as work:
        assert [_is_there(work.complaints, one.id) for one in complaints] == [True, False]
        assert list(work.returned_letters.of_service(service.id)) == letters[:2]


@pytest.mark.parametrize(("batch", "executions"), [(1, 8), (3, 4), (100, 2)])
def test_they_go_in_batches(notify, complaint, returned, batch, executions):
    told(notify, *(complaint(9) for _ in range(3)), *(returned(9) for _ in range(3)))
    assert run(notify, batch=batch) == executions
    assert len(notify.database.table("returned_letters")) == len(notify.database.table("complaints")) == 0


class TestRecordsOfPrinting:
    @pytest.fixture(autouse=True)
    def printed(self, notify):
        with notify.work() as work:
            for age in (89, 91, 399, 401):
                then = notify.clock.now() - age * DAY
                work.print_runs.begin(PrintRun(then, then))
                work.print_runs.add_group(a_print_group(deadline=then, sent_at=then))
                work.answer_files.add(AnswerFile(f"{age}", then))
                work.answer_files.put_counts(f"{age}", SortedCounts(then.date(), 1, 0))
            work.commit()

    @pytest.mark.parametrize(("batch", "executions"), [(1, 12), (4, 4), (100, 2)])
    def test_go_after_ninety_days_in_batches_and_counts_after_four_hundred(self, notify, batch, executions):
        today = notify.clock.now().date()
        assert run(notify, batch=batch) == executions
        with notify.work(read_only=True) as work:
            assert [run.deadline for run in work.print_runs.latest(9)] == [notify.clock.now() - 89 * DAY]
            assert [file.name for file in work.answer_files.newest()] == ["89"]
            counts = work.answer_files.daily_counts(today - 500 * DAY, today)
            assert [today - one.day for one in counts] == [399 * DAY, 91 * DAY, 89 * DAY]

    def test_a_zip_that_was_never_sent_stays(self, notify):
        then = notify.clock.now() - 100 * DAY
        unsent = a_print_group(deadline=then)
        with notify.work() as work:
            work.print_runs.begin(PrintRun(then, then))
            work.print_runs.add_group(unsent)
            work.commit()
        run(notify)
        with notify.work(read_only=True) as work:
            assert work.print_runs.group(unsent.zip_name) == unsent
            assert work.print_runs.get(then)
