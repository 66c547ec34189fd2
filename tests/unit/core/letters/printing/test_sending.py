"""Bringing a zip to the printer, once, whatever dies meanwhile."""

import hashlib
from contextlib import nullcontext
from datetime import timedelta

import pytest

from notify_core.kernel.errors import ClaimLost, Conflict, PermanentError, TransientError
from notify_core.letters.model import Bucket, Printed, Volume
from notify_core.letters.policies.grouping import marker_of
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.printing import CollateLetters, ZipAndSendLetters
from notify_core.letters.use_cases.printing import ZipAndSend
from notify_core.letters.use_cases.printing.packing import Packing
from notify_core.testing.builders import claim_row
from notify_core.testing.fakes.letter_printer import MemoryLetterPrinter
from notify_core.testing.mortal import Killed, MortalPlatform
from tests.unit.core.letters.printing.house import DEADLINE, EVENING, PrintingHouse

FOR_AN_HOUR = timedelta(hours=1)


@pytest.fixture
def grouped(house):
    """Three letters in a zip that is still to be sent; and the zip's name."""
    letters = [house.letter(f"%PDF number {number}".encode(), sheets=number + 1) for number in range(3)]
    house.printer.fail_with(*[TransientError("away")] * 2)
    house.collate()
    (group,) = house.groups()
    assert group.uploaded_at is None
    return letters, group.zip_name


def send(house, advance=FOR_AN_HOUR):
    house.notify.run_until_idle(advance)


def test_a_zip_has_the_pdfs_and_its_letters_are_on_their_way(house):
    letters = [house.letter(b"%PDF " * 100_000 + bytes([number])) for number in range(20)]
    house.collate()
    ((name, files),) = house.zips().items()
    assert files == {
        letter.pdf.key.rpartition("/")[2]: b"%PDF " * 100_000 + bytes([number]) for number, letter in enumerate(letters)
    }
    for letter in letters:
        now = house.now(letter)
        assert (now.status, now.sent_by, now.sent_at) == (LetterStatus.SENDING, "memory", EVENING)
        assert now.print_group == name
    (group,) = house.groups()
    assert (group.sent_by, group.sent_at, group.uploaded_at) == ("memory", EVENING, EVENING)
    assert group.zip_bytes == len(house.printer.released[name])
    assert group.checksum == hashlib.sha256(house.printer.released[name]).hexdigest()
    assert house.metrics.counts["letters.print-run.sent"] == 20


def test_the_marker_lists_the_files(house):
    letters = [house.letter() for _ in range(3)]
    house.collate()
    (group,) = house.groups()
    content = house.store.get(Bucket.PDF, f"2026-01-05/zips_sent/{group.zip_name}.TXT").decode()
    assert content.splitlines() == [key.rpartition("/")[2] for key in group.keys]
    assert set(group.keys) == {letter.pdf.key for letter in letters}


def test_a_printer_that_is_away_is_asked_again(house, grouped):
    letters, name = grouped
    assert house.now(letters[0]).status is LetterStatus.CREATED
    send(house)
    assert list(house.zips()) == [name]
    assert {house.now(letter).status for letter in letters} == {LetterStatus.SENDING}


def test_where_the_marker_is_nothing_is_sent(house, grouped):
    letters, name = grouped
    house.store.put(Bucket.PDF, marker_of(DEADLINE, name), b"")
    send(house)
    assert house.zips() == {}
    assert {house.now(letter).status for letter in letters} == {LetterStatus.SENDING}


def test_what_lies_there_in_equal_size_is_sent(house, grouped):
    letters, name = grouped
    other = PrintingHouse()
    for letter in letters:
        with other.notify.work() as work:
            work.letters.add_many([letter])
            work.commit()
    house.printer._failures.clear()
    other.store.files.update(house.store.files)
    other.collate()
    house.printer.released[name] = other.printer.released[name]
    house.store.requests.clear()
    send(house)
    assert "get" not in house.store.requests
    assert {house.now(letter).status for letter in letters} == {LetterStatus.SENDING}


def test_another_file_of_this_name_stops_it(house, grouped):
    letters, name = grouped
    house.printer.released[name] = b"something else"
    send(house)
    assert house.printer.released[name] == b"something else"
    assert {house.now(letter).status for letter in letters} == {LetterStatus.CREATED}
    (row,) = house.notify.ledger.entries()
    assert "another file" in row.reason


def test_what_arrived_in_part_is_brought_again(house, grouped):
    class Losing(MemoryLetterPrinter):
        lost = 0

        def upload(self, zip_name, pieces):
            super().upload(zip_name, pieces)
            if not self.lost:
                self.lost = 1
                self.incoming[zip_name] = self.incoming[zip_name][:-1]

    house.printer = house.notify.letter_printer = Losing()
    send(house)
    assert house.printer.lost
    assert len(house.zips()) == 1


def test_what_changed_after_its_release_is_told(house, grouped):
    letters, _ = grouped

    class Spoiling(MemoryLetterPrinter):
        def release(self, zip_name):
            super().release(zip_name)
            self.released[zip_name] += b"?"

    house.notify.letter_printer = Spoiling()
    send(house)
    (row,) = house.notify.ledger.entries()
    assert "bytes at the printer's" in row.reason
    assert house.now(letters[0]).status is LetterStatus.CREATED


def test_a_printer_that_takes_zips_at_once(house, grouped):
    letters, name = grouped

    class Quick(MemoryLetterPrinter):
        def release(self, zip_name):
            super().release(zip_name)
            self.take_all()

    house.printer = house.notify.letter_printer = Quick()
    send(house)
    assert list(house.zips()) == [name]
    assert {house.now(letter).status for letter in letters} == {LetterStatus.SENDING}


def test_an_upload_that_lasts_too_long_is_given_up(house, grouped):
    letters, _ = grouped

    class Slow(MemoryLetterPrinter):
        def upload(self, zip_name, pieces):
            for piece in pieces:
                house.notify.clock.advance(timedelta(seconds=120))
                super().upload(zip_name, [piece])

    house.notify.letter_printer = Slow()
    house.notify.run_until_idle(timedelta(seconds=2))
    (row,) = house.notify.ledger.entries()
    assert "in time" in row.reason
    assert house.now(letters[0]).status is LetterStatus.CREATED


# What vanishes


def test_a_pdf_that_vanished_is_left_out_and_goes_with_the_next_run(house, grouped):
    letters, _ = grouped
    house.store.delete(Bucket.PDF, [letters[1].pdf.key])
    send(house)
    assert house.printed() == {letter.file_reference: 1 for letter in (letters[0], letters[2])}
    assert house.metrics.counts["letters.print-run.missing-pdf"] == 1
    vanished = house.now(letters[1])
    assert (vanished.status, vanished.print_group) == (LetterStatus.CREATED, None)
    (group,) = house.groups()
    assert (group.letters, group.sheets) == (2, 4)
    assert group.pdf_bytes == letters[0].pdf_bytes + letters[2].pdf_bytes

    house.store.put(Bucket.PDF, letters[1].pdf.key, b"%PDF again")
    house.at(EVENING + timedelta(days=1))
    house.collate()
    assert house.printed() == {letter.file_reference: 1 for letter in letters}


def test_a_letter_that_was_cancelled_is_not_in_the_zip(house, grouped):
    letters, _ = grouped
    with house.notify.work() as work:
        was = work.letters.get(letters[0].id)
        work.letters.change(was, was.after(LetterEvent.CANCELLED, EVENING))
        work.commit()
    send(house)
    assert house.printed() == {letter.file_reference: 1 for letter in letters[1:]}
    assert house.now(letters[0]).status is LetterStatus.CANCELLED


def test_of_a_zip_that_would_be_empty_nothing_is_released(house, grouped):
    letters, name = grouped
    house.store.delete(Bucket.PDF, [letter.pdf.key for letter in letters])
    send(house)
    assert house.zips() == {}
    assert house.printer.incoming == {}
    assert house.notify.ledger.entries() == []
    (group,) = house.groups()
    assert (group.letters, group.sent_at) == (0, None)
    with house.notify.work(read_only=True) as work:
        assert work.print_runs.printed(DEADLINE) == Printed(0, 0, Volume())
    house.enqueue(ZipAndSendLetters(name))
    send(house)
    assert house.zips() == {}


def test_whoever_reads_no_further_leaves_nothing_open(house):
    letters = [house.letter() for _ in range(30)]
    house.store.delete(Bucket.PDF, [letters[1].pdf.key])
    packing = Packing(house.store, [letter.pdf.key for letter in letters])
    pieces = packing.pieces()
    assert next(pieces).startswith(b"PK")
    pieces.close()


# Deaths


def a_life(last):
    """A run in a process that is killed after so many steps, and in others that end it; how many steps there were."""
    house = PrintingHouse(MortalPlatform())
    letters = [house.letter(f"%PDF {number}".encode()) for number in range(3)]
    house.enqueue(CollateLetters())
    notify, steps = house.notify, house.notify.steps
    steps.done, steps.last = 0, last
    with pytest.raises(Killed) if last is not None else nullcontext():
        notify.run_until_idle()
    done = steps.done
    # The printer comes by at the worst moment.
    house.printer.take_all()
    notify.run_until_idle(FOR_AN_HOUR)
    house.collate(FOR_AN_HOUR)
    assert house.printed() == {letter.file_reference: 1 for letter in letters}
    assert {house.now(letter).status for letter in letters} == {LetterStatus.SENDING}
    assert notify.ledger.entries() == []
    assert all(group.sent_at for group in house.groups())
    return done


def test_whenever_a_process_is_killed_every_letter_is_sent_once():
    steps = a_life(None)
    assert steps > 12
    for last in range(steps):
        a_life(last)


def test_a_worker_that_was_thought_dead_releases_nothing(house, grouped):
    letters, name = grouped
    notify = house.notify
    house.printer._failures.clear()
    (row,) = notify.ledger.entries()
    notify.advance(timedelta(minutes=10))
    notify.relay()
    stale = claim_row(notify.ledger, row.id, "slow", timedelta(minutes=1))

    class Overtaken(MemoryLetterPrinter):
        def look(self, zip_name):
            seen = super().look(zip_name)
            if seen.incoming:
                notify.advance(timedelta(minutes=10))
                notify.run_until_idle(timedelta(minutes=10))
            return seen

    slow = Overtaken(incoming=house.printer.incoming, released=house.printer.released)
    use = ZipAndSend(notify.work, notify.clock, notify.metrics, house.store, slow)
    with pytest.raises((ClaimLost, Conflict)):
        use(ZipAndSendLetters(name), stale)
    assert list(house.zips()) == [name]
    assert {house.now(letter).status for letter in letters} == {LetterStatus.SENDING}


@pytest.fixture
def overtaken(house, grouped):
    """A worker's claim on a zip that another has claimed since; and what it then does with which printer."""
    _, name = grouped
    notify = house.notify
    house.printer._failures.clear()
    (row,) = notify.ledger.entries()
    notify.advance(timedelta(minutes=10))
    notify.relay()
    stale = claim_row(notify.ledger, row.id, "slow", timedelta(minutes=1))

    def by_another():
        notify.advance(timedelta(minutes=2))
        notify.relay()
        claim_row(notify.ledger, row.id, "quick", timedelta(minutes=1))

    def wake(printer):
        use = ZipAndSend(notify.work, notify.clock, notify.metrics, house.store, printer)
        with pytest.raises(ClaimLost):
            use(ZipAndSendLetters(name), stale)

    return by_another, wake


def test_a_worker_that_was_thought_dead_leaves_alone_what_another_is_uploading(house, grouped, overtaken):
    _, name = grouped
    by_another, wake = overtaken
    by_another()
    house.printer.incoming[name] = b"half of it"
    wake(house.printer)
    assert house.printer.incoming[name] == b"half of it"


def test_a_worker_that_stood_still_in_the_middle_of_an_upload_goes_on_with_none(overtaken):
    by_another, wake = overtaken
    brought = []

    class Freezing(MemoryLetterPrinter):
        def upload(self, zip_name, pieces):
            for piece in pieces:
                brought.append(piece)
                if len(brought) == 1:
                    by_another()

    wake(Freezing())
    assert len(brought) == 1


@pytest.mark.usefixtures("grouped")
def test_an_upload_of_a_while_asks_now_and_then_whether_it_is_still_ours(house):
    class Steady(MemoryLetterPrinter):
        def upload(self, zip_name, pieces):
            super().upload(zip_name, self.slowly(pieces))

        def slowly(self, pieces):
            for piece in pieces:
                house.notify.clock.advance(timedelta(seconds=15))
                yield piece

    house.printer = house.notify.letter_printer = Steady()
    send(house)
    assert len(house.zips()) == 1


def test_two_runs_of_one_zip_send_it_once(house):
    letters = [house.letter() for _ in range(3)]
    house.collate()
    (group,) = house.groups()
    house.printer.take_all()
    house.enqueue(ZipAndSendLetters(group.zip_name))
    send(house)
    assert house.printed() == {letter.file_reference: 1 for letter in letters}


def test_a_refusing_store_is_told(house, grouped):
    house.store.fail_with(PermanentError("no rights"))
    send(house)
    (row,) = house.notify.ledger.entries()
    assert "no rights" in row.reason


def test_an_unknown_zip(house):
    house.enqueue(ZipAndSendLetters("NOTIFY.nothing.ZIP"))
    send(house)
    (row,) = house.notify.ledger.entries()
    assert "no zip" in row.reason
