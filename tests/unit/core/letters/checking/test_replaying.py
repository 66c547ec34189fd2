from datetime import timedelta

import pytest

from notify_core.kernel.errors import NotFound
from notify_core.letters.model import Bucket
from notify_core.letters.states import LetterStatus
from notify_core.letters.use_cases.checking import FileReplayed, ReplayScanErrors
from notify_core.testing.fakes.letter_sanitiser import an_upload

KEY = "NOTIFY.ABCDEFGH01234567.D.2.C.20260105120000.PDF"
LONG = timedelta(hours=2)


def given_errors(checking, *references):
    """Letters that nobody could scan; their ids."""
    letters = [checking.given(an_upload(), file_reference=reference).id for reference in references]
    checking.fail_scanner(times=16 * len(references))
    checking.run(within=LONG)
    checking.store.requests.clear()
    return letters


def replay(checking, *file):
    return checking.platform.use(ReplayScanErrors)(*file)


def status_of(checking, letter_id):
    checking.letter_id = letter_id
    return checking.letter.status


def test_all_files_in_error_are_checked_again(checking):
    one, other = given_errors(checking, "A" * 16, "B" * 16)
    replayed = replay(checking)
    assert [(row.notification_id, row.outcome) for row in replayed] == [
        (one, "is checked again"),
        (other, "is checked again"),
    ]
    assert {status_of(checking, one), status_of(checking, other)} == {LetterStatus.PENDING_VIRUS_CHECK}
    assert checking.letter.completed_at is None
    checking.run()
    assert {status_of(checking, one), status_of(checking, other)} == {LetterStatus.CREATED}
    assert {bucket for bucket, _ in checking.files} == {Bucket.PDF}
    # One listing for the errors; for each letter one more look and a move than the first time.
    assert len(checking.store.requests) == 1 + 2 * (7 + 3)


@pytest.mark.parametrize("folder", ["", "ERROR/"])
def test_one_file_with_or_without_its_folder(checking, folder):
    given_errors(checking, "ABCDEFGH01234567", "B" * 16)
    replayed = replay(checking, folder + KEY)
    assert [row.file for row in replayed] == [f"ERROR/{KEY}"]
    checking.run()
    assert {bucket for bucket, _ in checking.files} == {Bucket.PDF, Bucket.SCAN}


def test_a_file_that_is_not_there_is_said(checking):
    with pytest.raises(NotFound, match=r"there is no file NOTIFY.NO.PDF in ERROR/ of the scan bucket"):
        replay(checking, "NOTIFY.NO.PDF")


def test_nothing_to_do_is_no_error(checking):
    assert replay(checking) == []


def test_it_may_be_called_again_before_the_letters_are_checked(checking):
    (letter,) = given_errors(checking, "A" * 16)
    assert replay(checking) == replay(checking)
    checking.run()
    assert status_of(checking, letter) is LetterStatus.CREATED
    assert replay(checking) == []


def test_a_letter_that_moved_on_is_left(checking):
    given_errors(checking, "ABCDEFGH01234567")
    checking.set(status=LetterStatus.CANCELLED)
    (row,) = replay(checking)
    assert row == FileReplayed(f"ERROR/{KEY}", checking.letter_id, "left: the letter is cancelled")
    checking.run()
    assert list(checking.files) == [(Bucket.SCAN, f"ERROR/{KEY}")]


@pytest.mark.parametrize("name", ["NOTIFY.UNKNOWN.D.2.C.20260105120000.PDF", "readme.txt"])
def test_what_is_no_letters_is_left(checking, name):
    checking.store.put(Bucket.SCAN, f"ERROR/{name}", b"")
    assert replay(checking) == [FileReplayed(f"ERROR/{name}", None, "left: its name is no letter's")]


def test_a_scan_that_fails_again_puts_it_aside_again(checking):
    (letter,) = given_errors(checking, "ABCDEFGH01234567")
    replay(checking)
    checking.fail_scanner(times=16)
    checking.run(within=LONG)
    assert status_of(checking, letter) is LetterStatus.TECHNICAL_FAILURE
    assert list(checking.files) == [(Bucket.SCAN, f"ERROR/{KEY}")]
