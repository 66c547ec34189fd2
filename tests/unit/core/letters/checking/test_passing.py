from dataclasses import replace

import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.letters.model import Bucket, Location, Postage
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.checking import ProcessSanitisedLetter, SanitiseLetter
from notify_core.testing.builders import NOON
from notify_core.testing.fakes.letter_sanitiser import ADDRESS, an_upload

REFERENCE = "ABCDEFGH01234567"
KEY = f"NOTIFY.{REFERENCE}.D.2.C.20260105120000.PDF"
FRANCE = ("Marie Curie", "1 rue de la Paix", "75002 Paris", "France")
AUSTRALIA = ("Sydney Opera House", "Bennelong Point", "Sydney NSW 2000", "Australia")
ABROAD = {Permission.LETTER, Permission.INTERNATIONAL_LETTERS}


def test_a_letter_that_passes_is_ready_for_its_print_run(checking):
    letter = checking.given(an_upload(pages=3))
    checking.run()
    place = Location(Bucket.PDF, f"2026-01-05/{KEY}")
    assert checking.letter == replace(
        letter,
        status=LetterStatus.CREATED,
        to="\n".join(ADDRESS),
        pages=3,
        sheets=2,
        pdf=place,
        pdf_bytes=len(an_upload(pages=3)),
        updated_at=NOON,
    )
    assert checking.files == {(place.bucket, place.key): an_upload(pages=3)}
    assert checking.scanner.scanned == [an_upload(pages=3)]
    assert checking.failed == checking.tickets == []


def test_what_is_printed_is_what_was_sanitised(checking):
    checking.given(b"%PDF-1.4 with who knows what in it")
    checking.run()
    assert list(checking.files.values()) == [an_upload()]


def test_a_letter_of_a_test_key_is_delivered_and_costs_nothing(checking):
    checking.given(an_upload(pages=3), key_type=KeyType.TEST)
    checking.run()
    assert (checking.letter.status, checking.letter.sheets) == (LetterStatus.DELIVERED, 0)
    assert checking.letter.completed_at == NOON
    assert checking.letter.pdf == Location(Bucket.TEST, KEY)
    assert list(checking.files) == [(Bucket.TEST, KEY)]


@pytest.mark.parametrize(
    ("address", "postage", "klass"), [(FRANCE, Postage.EUROPE, "E"), (AUSTRALIA, Postage.REST_OF_WORLD, "N")]
)
def test_a_letter_abroad_goes_by_the_post_of_its_country_under_a_new_name(make_checking, address, postage, klass):
    checking = make_checking(ABROAD)
    checking.given(an_upload(address=address), postage=Postage.FIRST)
    checking.run()
    letter = checking.letter
    assert (letter.status, letter.postage, letter.international) == (LetterStatus.CREATED, postage, True)
    assert letter.to == "\n".join(address)
    assert letter.pdf == Location(Bucket.PDF, f"2026-01-05/NOTIFY.{REFERENCE}.D.{klass}.C.20260105120000.PDF")
    assert list(checking.files) == [(letter.pdf.bucket, letter.pdf.key)]


def test_within_the_country_the_sender_chooses(make_checking):
    checking = make_checking(ABROAD)
    checking.given(an_upload(), postage=Postage.ECONOMY)
    checking.run()
    assert (checking.letter.postage, checking.letter.international) == (Postage.ECONOMY, False)


def test_an_upload_with_an_older_name_is_found(checking):
    checking.given()
    old = f"NOTIFY.{REFERENCE}.D.2.C.C.20210101120000.PDF"
    checking.store.put(Bucket.SCAN, old, an_upload())
    checking.run()
    assert list(checking.files) == [(Bucket.PDF, f"2026-01-05/{KEY}")]


class TestRequests:
    """Nothing is asked for that is known."""

    def test_of_a_letter_that_passes(self, checking):
        checking.given(an_upload())
        checking.run()
        scan, sanitise, place = ["list", "get"], ["get", "put"], ["copy", "delete", "delete"]
        assert checking.store.requests == [*scan, *sanitise, *place]

    def test_of_one_with_a_virus(self, checking, infected):
        checking.given(infected)
        checking.run()
        assert checking.store.requests == ["list", "get", "copy", "delete"]

    def test_of_one_that_cannot_be_printed(self, checking):
        checking.given(an_upload(pages=11))
        checking.run()
        assert checking.store.requests == ["list", "get", "get", "copy", "delete"]

    def test_of_a_thousand(self, checking):
        for number in range(1_000):
            checking.given(an_upload(), file_reference=f"R{number:015}")
        checking.run()
        assert len(checking.store.requests) == 7_000


class TestLate:
    """Something else was faster than a check."""

    CANCELLED = LetterStatus.CANCELLED

    def test_a_letter_that_was_cancelled_is_not_looked_at(self, checking):
        checking.given(an_upload())
        checking.set(status=self.CANCELLED)
        checking.run()
        assert checking.letter.status is self.CANCELLED
        assert checking.scanner.scanned == checking.failed == []

    def test_nor_sanitised(self, checking):
        checking.given(an_upload())
        checking.run()
        checking.set(status=self.CANCELLED, pdf=None)
        checking.enqueue(SanitiseLetter(checking.letter_id, KEY))
        checking.run()
        assert len(checking.sanitiser.sanitised) == 1

    def test_what_comes_out_while_it_is_being_cancelled_is_ignored(self, checking):
        checking.given(an_upload())
        checking.sanitiser.sanitise = meanwhile(checking, checking.sanitiser.sanitise)
        checking.run()
        assert checking.letter.status is self.CANCELLED
        assert checking.letter.to == "Provided as PDF"
        assert checking.failed == []

    def test_what_is_refused_while_it_is_being_cancelled_stays_cancelled(self, checking):
        checking.given(an_upload(pages=11))
        checking.sanitiser.sanitise = meanwhile(checking, checking.sanitiser.sanitise)
        checking.run()
        assert checking.letter.status is self.CANCELLED
        assert checking.failed == []

    def test_a_letter_that_is_cancelled_before_its_file_has_a_place_leaves_it(self, checking):
        checking.given(an_upload())
        checking.withdraw()
        checking.set(status=self.CANCELLED)
        checking.enqueue(ProcessSanitisedLetter(checking.letter_id, KEY))
        checking.run()
        assert list(checking.files) == [(Bucket.SCAN, KEY)]

    def test_one_that_is_cancelled_while_its_file_is_moved_knows_where_it_is(self, checking):
        checking.given(an_upload())
        checking.store.move = meanwhile(checking, checking.store.move)
        checking.run()
        place = Location(Bucket.PDF, f"2026-01-05/{KEY}")
        assert (checking.letter.status, checking.letter.pdf) == (self.CANCELLED, place)
        assert list(checking.files) == [(place.bucket, place.key)]


def meanwhile(checking, does):
    """``does``, after which somebody cancels the letter."""

    def done(*given, **named):
        try:
            return does(*given, **named)
        finally:
            checking.set(status=LetterStatus.CANCELLED)

    return done
