"""Which letters a run takes, what that costs, and into which zips they go."""

from datetime import UTC, datetime, timedelta

import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import Conflict, TransientError
from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import Bucket, Location, Postage, PrintRun, Volume
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.printing import CollateLetters, FindLettersToPrint, GroupLettersToPrint
from notify_core.letters.use_cases.printing import FindLetters, GroupLetters
from notify_core.registry.schedule import SCHEDULE
from notify_core.testing.builders import a_print_group, an_id, claim_row
from notify_core.testing.fakes.letter_store import StoredFile
from tests.unit.core.letters.printing.house import DEADLINE, EVENING, MORNING

MICROSECOND = timedelta(microseconds=1)
DEADLINE_TEXT = "2026-01-05T17:30:00.000000Z"


def older_name(key):
    """As files were named until March 2021."""
    return key.replace(".C.", ".C.N.")


def crowd(house, number, folder="2026-01-05/"):
    """So many files in a folder that are nobody's."""
    for each in range(number):
        key = f"{folder}NOTIFY.{each:016}.D.2.C.20260105090000.PDF"
        house.store.files[Location(Bucket.PDF, key)] = StoredFile(b"", {}, EVENING)


def statuses(house, *letters):
    return [house.now(letter).status for letter in letters]


# Which letters


def test_it_runs_at_ten_to_six_in_london():
    (entry,) = [entry for entry in SCHEDULE if isinstance(entry.task, CollateLetters)]
    assert entry.when.latest(datetime(2026, 7, 5, 23, tzinfo=UTC)) == datetime(2026, 7, 5, 16, 50, tzinfo=UTC)


def test_letters_of_before_the_deadline_are_sent_and_later_ones_wait(house):
    before = house.letter(created_at=DEADLINE - MICROSECOND)
    later = [house.letter(created_at=created) for created in (DEADLINE, DEADLINE + MICROSECOND)]
    house.collate()
    assert statuses(house, before, *later) == [LetterStatus.SENDING, LetterStatus.CREATED, LetterStatus.CREATED]
    assert house.printed() == {before.file_reference: 1}

    house.at(EVENING + timedelta(days=1))
    house.collate()
    assert statuses(house, *later) == [LetterStatus.SENDING] * 2
    assert set(house.printed().values()) == {1}


def test_before_half_past_five_it_is_yesterdays_run(house):
    house.at(DEADLINE - MICROSECOND + timedelta(days=1))
    yesterdays, todays = house.letter(created_at=DEADLINE - MICROSECOND), house.letter(created_at=DEADLINE)
    house.collate()
    assert statuses(house, yesterdays, todays) == [LetterStatus.SENDING, LetterStatus.CREATED]
    (group,) = house.groups()
    assert group.deadline == DEADLINE


def test_only_what_is_created_with_a_normal_key_is_printed(house):
    test = house.letter(key_type=KeyType.TEST)
    others = [house.letter(status=status) for status in LetterStatus if status is not LetterStatus.CREATED]
    house.collate()
    assert house.zips() == {}
    assert statuses(house, test, *others) == [test.status, *(one.status for one in others)]


def test_a_team_key_sends_no_letters(house):
    house.letter(key_type=KeyType.TEAM)
    house.collate()
    assert house.zips() == {}


def test_a_letter_without_pdf_is_counted_and_waits_while_the_others_go(house, caplog):
    there = house.letter()
    gone = house.letter(is_there=False)
    unmade = house.letter(is_there=False, pdf=None, pdf_bytes=None)
    no_pdf = house.letter(stored_as=lambda key: key.replace(".PDF", ".TXT"))
    house.collate()
    assert statuses(house, there, gone, unmade, no_pdf) == [LetterStatus.SENDING, *[LetterStatus.CREATED] * 3]
    assert house.metrics.counts["letters.print-run.missing-pdf"] == 3
    logged = {record.notification_id for record in caplog.records if hasattr(record, "notification_id")}
    assert logged == {str(one.id) for one in (gone, unmade, no_pdf)}

    house.store.put(Bucket.PDF, gone.pdf.key, b"%PDF found again")
    house.at(EVENING + timedelta(days=1))
    house.collate()
    assert house.now(gone).status is LetterStatus.SENDING


def test_looking_up_few_letters_of_which_one_has_no_pdf(house):
    gone, there = house.letter(is_there=False), house.letter()
    text = house.letter(stored_as=lambda key: key.replace(".PDF", ".TXT"), created_at=MORNING - timedelta(days=3))
    house.collate()
    assert statuses(house, gone, there, text) == [LetterStatus.CREATED, LetterStatus.SENDING, LetterStatus.CREATED]


def test_a_run_by_hand_has_another_deadline(house):
    house.at(MORNING + timedelta(hours=2))
    letter, later = house.letter(), house.letter(created_at=MORNING + timedelta(hours=1))
    house.enqueue(CollateLetters("2026-01-05T10:00:00Z"))
    house.notify.run_until_idle()
    assert statuses(house, letter, later) == [LetterStatus.SENDING, LetterStatus.CREATED]
    house.at(EVENING)
    house.collate()
    assert house.printed() == {letter.file_reference: 1, later.file_reference: 1}


def test_no_run_has_a_deadline_to_come(house):
    letter = house.letter()
    house.enqueue(CollateLetters("2026-01-05T17:51:00Z"))
    house.notify.run_until_idle()
    assert house.now(letter).status is LetterStatus.CREATED
    (row,) = house.notify.ledger.entries()
    assert "is to come" in row.reason


# What it costs


def test_a_days_letters_cost_a_request_for_every_thousand_files(house):
    letters = [house.letter() for _ in range(2_500)]
    house.store.requests.clear()
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    house.notify.relay()
    work_through(house, FindLetters)
    assert house.store.requests == ["list"] * 3
    with house.notify.work(read_only=True) as work:
        found = work.letters_to_print.ungrouped(DEADLINE, Postage.SECOND, 5_000)
    assert len(found) == len(letters)


def work_through(house, use_case, **settings):
    """Carry out the rows there are, and those that follow of the same task; how many executions it took."""
    notify = house.notify
    times = 0
    while entries := [one for one in notify.ledger.entries() if one.task == TASKS[use_case].name]:
        notify.relay()
        claim = claim_row(notify.ledger, entries[0].id, "worker", timedelta(minutes=5))
        use = use_case(**{name: getattr(notify, name) for name in NEEDS[use_case]}, **settings)
        use(TASKS[use_case].from_arguments(entries[0].arguments), claim)
        times += 1
    return times


TASKS = {FindLetters: FindLettersToPrint, GroupLetters: GroupLettersToPrint}
NEEDS = {FindLetters: ("work", "clock", "metrics", "letter_store"), GroupLetters: ("work", "clock")}


@pytest.mark.parametrize(("letters", "files", "requests"), [(1, 5_000, 1), (2, 5_000, 2), (3, 0, 1), (3, 500, 1)])
def test_stragglers_are_looked_up_where_that_is_cheaper(house, letters, files, requests):
    crowd(house, files)
    for _ in range(letters):
        house.letter()
    house.store.requests.clear()
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    assert work_through(house, FindLetters) == 1
    assert house.store.requests == ["list"] * requests


def test_a_folder_that_is_known_to_be_large_is_not_listed_for_a_few(house):
    crowd(house, 5_000)
    with house.notify.work() as work:
        for number in range(10):
            keys = tuple(f"{number}-{each}.PDF" for each in range(500))
            work.print_runs.add_group(
                a_print_group(deadline=DEADLINE, number=number + 1, postage=Postage.FIRST, keys=keys)
            )
        work.commit()
    house.at(EVENING + timedelta(days=1))
    stragglers = [house.letter() for _ in range(4)]
    house.store.requests.clear()
    house.enqueue(FindLettersToPrint("2026-01-06T17:30:00.000000Z"))
    work_through(house, FindLetters)
    assert house.store.requests == ["list"] * 4
    with house.notify.work(read_only=True) as work:
        found = work.letters_to_print.ungrouped(DEADLINE + timedelta(days=1), Postage.SECOND, 10)
    assert {one.id for one in found} == {one.id for one in stragglers}


def test_a_listing_ends_when_the_last_letters_are_cheaper_looked_up(house):
    crowd(house, 5_000)
    for number in (0, 1, 2, 3, 4_998):
        house.letter(file_reference=f"{number:015}X")
    house.store.requests.clear()
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    work_through(house, FindLetters)
    assert house.store.requests == ["list"] * 2


@pytest.mark.parametrize("missing", [2, 3])
def test_a_listing_of_whole_thousands_costs_no_request_more(house, missing):
    for _ in range(1_000):
        house.letter()
    for _ in range(missing):
        house.letter(is_there=False)
    house.store.requests.clear()
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    work_through(house, FindLetters)
    assert house.store.requests == ["list"]


def test_folders_are_those_of_the_days_on_which_letters_should_have_been_printed(house):
    for created in (DEADLINE, DEADLINE + MICROSECOND):
        for _ in range(3):
            house.letter(created_at=created - timedelta(days=1))
    for _ in range(3):
        house.letter(created_at=datetime(2025, 7, 1, 16, 29, tzinfo=UTC))
    house.store.requests.clear()
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    work_through(house, FindLetters)
    assert house.store.requests == ["list"] * 3
    with house.notify.work(read_only=True) as work:
        assert len(work.letters_to_print.ungrouped(DEADLINE, Postage.SECOND, 10)) == 9


def test_many_folders_are_searched_in_several_executions(house):
    for days in range(4):
        house.letter(created_at=MORNING - timedelta(days=days))
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    assert work_through(house, FindLetters, begin_within=-1) == 5
    assert [one.task for one in house.notify.ledger.entries()] == [GroupLettersToPrint.name]


def test_a_large_folder_is_listed_in_several_executions_with_no_request_more(house):
    for _ in range(2_500):
        house.letter()
    house.store.requests.clear()
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    assert work_through(house, FindLetters, begin_within=-1) == 4
    assert house.store.requests == ["list"] * 3
    with house.notify.work(read_only=True) as work:
        assert len(work.letters_to_print.ungrouped(DEADLINE, Postage.SECOND, 5_000)) == 2_500


# Under which names


def test_old_and_new_names_mix_in_one_zip(house):
    letters = [
        house.letter(),
        house.letter(stored_as=older_name, known_as=older_name),
        house.letter(stored_as=older_name),
    ]
    house.collate()
    ((_, files),) = house.zips().items()
    assert set(files) == {
        letters[0].pdf.key.rpartition("/")[2],
        letters[1].pdf.key.rpartition("/")[2],
        older_name(letters[2].pdf.key).rpartition("/")[2],
    }
    assert house.now(letters[2]).pdf.key == older_name(letters[2].pdf.key)


def test_of_two_files_the_one_that_is_known_is_printed(house):
    letters = [house.letter(stored_as=older_name) for _ in range(3)]
    for letter in letters:
        house.store.put(Bucket.PDF, letter.pdf.key, b"%PDF the one that is known")
    house.collate()
    ((_, files),) = house.zips().items()
    assert set(files.values()) == {b"%PDF the one that is known"}


def test_the_size_of_the_listing_counts(house):
    letter = house.letter(b"%PDF as it was")
    house.store.put(Bucket.PDF, letter.pdf.key, b"%PDF as it is now")
    house.collate()
    assert house.now(letter).pdf_bytes == len(b"%PDF as it is now")


# Into which zips


def test_each_postage_and_service_has_zips_of_its_own_numbered_by_postage(house):
    services = sorted(ServiceId(an_id()) for _ in range(2))
    given = {
        (postage, service): house.letter(postage=postage, service_id=service)
        for postage in reversed(Postage)
        for service in services
    }
    house.collate()
    groups = house.groups()
    assert [(group.postage, group.number, group.service_id) for group in groups] == [
        (postage, number, service) for postage in Postage for number, service in enumerate(services, 1)
    ]
    for group in groups:
        letter = given[group.postage, group.service_id]
        assert group.keys == (letter.pdf.key,)
        assert house.now(letter).print_group == group.zip_name
        assert group.zip_name.split(".")[1] == "2026-01-05"


def test_letters_are_in_their_order(house):
    second = house.letter(created_at=MORNING + timedelta(minutes=1), sheets=2)
    first = house.letter(sheets=3)
    house.collate()
    (group,) = house.groups()
    assert group.keys == (first.pdf.key, second.pdf.key)
    assert (group.letters, group.sheets, group.pdf_bytes) == (2, 5, first.pdf_bytes + second.pdf_bytes)


@pytest.mark.parametrize(("begin_within", "executions"), [(-1, 3), (60, 1)])
def test_batches_are_seams_that_nobody_sees(house, begin_within, executions):
    letters = [house.letter(created_at=MORNING + timedelta(seconds=each)) for each in range(1_203)]
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    work_through(house, FindLetters)
    assert work_through(house, GroupLetters, batch=501, begin_within=begin_within) == executions
    groups = house.groups()
    assert [group.letters for group in groups] == [500, 500, 203]
    assert [key for group in groups for key in group.keys] == [letter.pdf.key for letter in letters]


def test_without_letters_there_is_a_run_without_zips(house):
    house.collate()
    assert house.groups() == []
    assert house.zips() == {}


# Twice


def test_collating_again_puts_nothing_into_a_second_zip(house):
    letters = [house.letter() for _ in range(5)]
    for _ in range(3):
        house.collate()
    assert house.printed() == {letter.file_reference: 1 for letter in letters}
    assert len(house.groups()) == 1


def test_what_was_missing_goes_with_the_same_run_when_it_is_made_again(house):
    letter, late = house.letter(), house.letter(is_there=False)
    house.collate()
    house.store.put(Bucket.PDF, late.pdf.key, b"%PDF late")
    house.collate()
    assert [group.number for group in house.groups()] == [1, 2]
    assert house.printed() == {letter.file_reference: 1, late.file_reference: 1}


def test_what_a_run_left_behind_goes_with_the_next(house):
    letter = house.letter()
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    work_through(house, FindLetters)
    # Here somebody deleted the row that would have gone on.
    for entry in house.notify.ledger.entries():
        house.notify.database.table("task_ledger").pop(entry.id)
    house.at(EVENING + timedelta(days=1))
    house.collate()
    assert house.printed() == {letter.file_reference: 1}


def test_a_letter_that_is_cancelled_meanwhile_is_left_out(house):
    letters = [house.letter() for _ in range(3)]
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    work_through(house, FindLetters)

    class Cancelling:
        """A storage in which a letter is cancelled just before a batch is recorded."""

        def __init__(self, storage):
            self.storage = storage
            self.left = 1

        def __call__(self, **options):
            work = self.storage(**options)
            taken = work.letters_to_print.ungrouped

            def ungrouped(*arguments):
                found = taken(*arguments)
                if found and self.left:
                    self.left = 0
                    was = work.letters.get(letters[0].id)
                    work.letters.change(was, was.after(LetterEvent.CANCELLED, EVENING))
                return found

            work.letters_to_print.ungrouped = ungrouped
            return work

    house.notify.work, plain = Cancelling(house.notify.work), house.notify.work
    with pytest.raises(Conflict):
        work_through(house, GroupLetters)
    house.notify.work = plain
    assert house.groups() == []
    assert work_through_after_retry(house) == 1
    assert house.groups()[0].letters == 3


def work_through_after_retry(house):
    house.notify.advance(timedelta(minutes=10))
    house.notify.relay()
    return work_through(house, GroupLetters)


def test_who_groups_the_same_at_the_same_moment_is_told(house):
    house.letter()
    house.enqueue(FindLettersToPrint(DEADLINE_TEXT))
    work_through(house, FindLetters)

    class OneStepBehind:
        def __init__(self, storage):
            self.storage = storage

        def __call__(self, **options):
            work = self.storage(**options)
            work.print_runs.next_number = lambda *_: 1
            return work

    with house.notify.work() as work:
        work.print_runs.add_group(a_print_group(deadline=DEADLINE, number=1))
        work.commit()
    house.notify.work = OneStepBehind(house.notify.work)
    with pytest.raises(Conflict, match="elsewhere"):
        work_through(house, GroupLetters)


def test_a_store_that_is_away_is_asked_again(house):
    letter = house.letter()
    house.store.fail_with(TransientError("away"), TransientError("away"))
    house.collate(advance=timedelta(minutes=5))
    assert house.printed() == {letter.file_reference: 1}


# The printer is told


def test_the_printer_is_told_how_much_there_will_be(house):
    house.tells("post@printer.example.com", "desk@printer.example.com")
    for postage, number in ((Postage.FIRST, 2), (Postage.SECOND, 1), (Postage.EUROPE, 1), (Postage.REST_OF_WORLD, 3)):
        for _ in range(number):
            house.letter(postage=postage, sheets=2)
    house.collate()
    house.collate()
    emails = house.notify.email.emails()
    assert [email.recipient for email in emails] == ["post@printer.example.com", "desk@printer.example.com"]
    assert {email.subject for email in emails} == {"Letters to print on 2026-01-05"}
    assert emails[0].plain.splitlines() == [
        "Total: 7 letters, 14 sheets",
        "First class: 2 letters, 4 sheets",
        "Second class: 1 letter, 2 sheets",
        "International: 4 letters, 8 sheets",
    ]
    assert "<p>Total: 7 letters, 14 sheets</p>" in emails[0].html
    assert emails[0].from_address == '"Letters" <letters@notify.localhost>'
    assert len({email.reference for email in emails}) == 2


def test_economy_is_told_where_there_is_any(house):
    house.tells("post@printer.example.com")
    house.letter(postage=Postage.ECONOMY)
    house.collate()
    assert house.notify.email.emails()[0].plain.splitlines()[-1] == "Economy: 1 letter, 1 sheet"


def test_an_email_is_tried_again_under_the_same_reference(house):
    house.tells("post@printer.example.com")
    house.notify.email.fail_with(TransientError("away"))
    house.collate(advance=timedelta(minutes=2))
    assert len(set(house.notify.email.calls)) == 1
    assert len(house.notify.email.calls) == 2


def test_the_emails_of_two_runs_of_a_day_are_two(house):
    house.tells("post@printer.example.com")
    house.collate()
    house.enqueue(CollateLetters("2026-01-05T11:00:00Z"))
    house.notify.run_until_idle()
    assert len({email.reference for email in house.notify.email.emails()}) == 2


def test_nobody_is_told_who_is_no_longer_to_be(house):
    house.tells("post@printer.example.com")
    house.notify.email.fail_with(TransientError("away"))
    house.collate()
    house.tells()
    house.notify.run_until_idle(timedelta(minutes=2))
    assert house.notify.email.emails() == []
    assert house.notify.ledger.entries() == []


def test_what_was_due_is_kept_with_the_run(house):
    house.letter(postage=Postage.FIRST, sheets=4)
    house.collate()
    with house.notify.work(read_only=True) as work:
        assert work.print_runs.get(DEADLINE) == PrintRun(DEADLINE, EVENING, {Postage.FIRST: Volume(1, 4)})
