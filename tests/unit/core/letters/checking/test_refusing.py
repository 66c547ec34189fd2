import json
from datetime import timedelta

import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.kernel.errors import TransientError
from notify_core.letters.model import Bucket, Location
from notify_core.letters.policies import MESSAGES, Flaw
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.checking import SanitiseLetter
from notify_core.testing.builders import NOON
from notify_core.testing.fakes.letter_sanitiser import an_upload

KEY = "NOTIFY.ABCDEFGH01234567.D.2.C.20260105120000.PDF"
INVALID = Location(Bucket.INVALID, KEY)
FRANCE = ("Marie Curie", "1 rue de la Paix", "75002 Paris", "France")


def reason(checking):
    metadata = dict(checking.store.files[INVALID].metadata)
    return metadata | {"invalid_pages": json.loads(metadata["invalid_pages"])}


def test_a_letter_that_cannot_be_printed_is_kept_with_the_reason(checking):
    upload = an_upload(4, flaw=Flaw.OUTSIDE, flawed_pages=(2, 4))
    checking.given(upload)
    checking.run()
    assert checking.files == {(Bucket.INVALID, KEY): upload}
    assert reason(checking) == {
        "message": "Nothing may be printed nearer than 15 mm from the sides and 5 mm from the top and bottom.",
        "code": "content-outside-printable-area",
        "invalid_pages": [2, 4],
        "page_count": "4",
    }
    letter = checking.letter
    assert letter.status is LetterStatus.VALIDATION_FAILED
    assert (letter.pages, letter.sheets) == (4, 0)
    assert (letter.pdf, letter.pdf_bytes) == (INVALID, len(upload))
    assert letter.completed_at == NOON
    assert checking.failed == checking.tickets == []


def test_one_whose_pages_nobody_can_count(checking):
    checking.given(b"no letter at all")
    checking.run()
    assert reason(checking) == {
        "message": MESSAGES[Flaw.UNREADABLE],
        "code": "unable-to-read-the-file",
        "invalid_pages": [],
        "page_count": "",
    }
    assert (checking.letter.status, checking.letter.pages) == (LetterStatus.VALIDATION_FAILED, 0)


@pytest.mark.parametrize("key_type", KeyType)
def test_whatever_its_key(checking, key_type):
    checking.given(an_upload(pages=11), key_type=key_type)
    checking.run()
    assert list(checking.files) == [(Bucket.INVALID, KEY)]
    assert checking.letter.status is LetterStatus.VALIDATION_FAILED


BFPO = ("Captain Jack", "BFPO 12", "Cyprus")
ADDRESSES = [
    (("Grace Hopper", "SW1A 1AA"), Flaw.FEW_LINES, "Address must be at least 3 lines"),
    ((*"abcdefg", "SW1A 1AA"), Flaw.MANY_LINES, "Address must be no more than 7 lines"),
    (
        ("Grace", "...", "SW1A 1AA"),
        Flaw.NOBODY,
        "The first 2 lines of the address must both include at least one alphanumeric character",
    ),
    (BFPO, Flaw.BFPO_ABROAD, "The last line of a BFPO address must not be a country."),
    (("Grace", "1 High Street", "Utopia"), Flaw.NO_POSTCODE, "Must be a real UK postcode"),
    (FRANCE, Flaw.NO_POSTCODE, "Must be a real UK postcode"),
    (
        ("Grace", "(1 High Street", "SW1A 1AA"),
        Flaw.BAD_START,
        "Address lines must not start with any of the following characters: @ ( ) = [ ] ” \\ / , < >",
    ),
]


@pytest.mark.parametrize(("address", "flaw", "message"), ADDRESSES)
def test_an_address_to_which_no_letter_would_come(checking, address, flaw, message):
    checking.given(an_upload(2, address))
    checking.run()
    assert reason(checking) == {"message": message, "code": flaw, "invalid_pages": [1], "page_count": "2"}
    assert checking.letter.status is LetterStatus.VALIDATION_FAILED
    assert checking.letter.to == "Provided as PDF"


def test_a_service_that_may_send_abroad_is_told_that_it_may(make_checking):
    checking = make_checking({Permission.LETTER, Permission.INTERNATIONAL_LETTERS})
    checking.given(an_upload(address=("Grace", "1 High Street", "Utopia")))
    checking.run()
    assert reason(checking)["message"] == "Last line of address must be a real UK postcode or another country"
    assert reason(checking)["code"] == Flaw.NO_LAST_LINE


def test_a_file_that_is_lost_before_it_is_sanitised_is_not_looked_for_again(checking):
    checking.given()
    checking.withdraw()
    checking.enqueue(SanitiseLetter(checking.letter_id, KEY))
    checking.run()
    assert checking.letter.status is LetterStatus.TECHNICAL_FAILURE
    assert checking.failed == []


def test_a_sanitiser_that_is_away_is_waited_for(checking):
    checking.given(an_upload())
    checking.sanitiser.fail_with(TransientError("no memory left"), TransientError("no memory left"))
    checking.run()
    assert checking.letter.status is LetterStatus.PENDING_VIRUS_CHECK
    (row,) = checking.platform.ledger.entries()
    assert (row.task, row.queue, row.attempt) == ("sanitise-letter", "retry-tasks", 1)
    checking.run(within=timedelta(minutes=10))
    assert checking.letter.status is LetterStatus.CREATED
