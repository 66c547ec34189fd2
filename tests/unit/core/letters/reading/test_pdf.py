import pytest

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import NotAllowed, NotFound, TransientError
from notify_core.letters.model import Bucket, Location
from notify_core.letters.policies import search_prefix, upload_name
from notify_core.letters.policies.pdfs import PdfNotReady
from notify_core.letters.states import LetterStatus

PDF = b"%PDF-1.7 a letter"


@pytest.fixture
def stored(reading):
    """Store the file of a letter, under its own name or ``key``."""

    def put(letter, bucket=Bucket.PDF, key=None):
        name = key or upload_name(bucket, letter.file_reference, letter.created_at, letter.postage)
        reading.platform.letter_store.put(bucket, name, PDF)
        reading.platform.letter_store.requests.clear()
        return Location(bucket, name)

    return put


def test_a_file_that_is_known_costs_one_request(reading, stored):
    key = "2026-01-05/NOTIFY.A.D.2.C.20260105120000.PDF"
    letter = reading.posted(pdf=Location(Bucket.PDF, key), pdf_bytes=len(PDF))
    stored(letter, key=key)

    assert reading.pdf_of(letter) == PDF
    assert len(reading.platform.letter_store.requests) == 1


def test_a_file_that_is_not_where_it_was_is_looked_for(reading, stored):
    letter = reading.posted(pdf=Location(Bucket.PDF, "2026-01-05/elsewhere.PDF"), pdf_bytes=len(PDF))
    stored(letter)

    assert reading.pdf_of(letter) == PDF


@pytest.mark.parametrize(
    ("changes", "bucket"),
    [
        ({}, Bucket.PDF),
        ({"status": LetterStatus.CANCELLED}, Bucket.PDF),
        ({"key_type": KeyType.TEST, "status": LetterStatus.DELIVERED}, Bucket.TEST),
        ({"status": LetterStatus.VALIDATION_FAILED, "precompiled": True}, Bucket.INVALID),
    ],
)
def test_a_file_of_which_only_the_reference_is_known_is_looked_for(reading, stored, changes, bucket):
    letter = reading.posted(**changes)
    stored(letter, bucket)

    assert reading.pdf_of(letter) == PDF


def test_names_of_before_march_2021_are_found(reading, stored):
    letter = reading.posted()
    prefix = search_prefix(Bucket.PDF, letter.file_reference, letter.created_at)
    stored(letter, key=f"{prefix}D.2.C.C.20260105120000.PDF")

    assert reading.pdf_of(letter) == PDF


def test_one_that_was_there_and_is_lost_is_logged_and_counted(reading, caplog):
    letter = reading.posted(pdf=Location(Bucket.PDF, "2026-01-05/NOTIFY.A.D.2.C.20260105120000.PDF"), pdf_bytes=1)
    with pytest.raises(PdfNotReady):
        reading.pdf_of(letter)
    (line,) = caplog.records
    assert line.notification_id == str(letter.id)
    assert reading.platform.metrics.counts["letters.download.missing-pdf"] == 1


@pytest.mark.parametrize("status", [LetterStatus.CREATED, LetterStatus.SENDING, LetterStatus.PENDING_VIRUS_CHECK])
def test_what_is_not_there_yet(reading, status):
    with pytest.raises(PdfNotReady, match="PDF not available yet, try again later"):
        reading.pdf_of(reading.posted(status=status))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (LetterStatus.VIRUS_SCAN_FAILED, "File did not pass the virus scan"),
        (LetterStatus.TECHNICAL_FAILURE, "PDF not available for letters in status technical-failure"),
    ],
)
def test_what_will_never_be_there(reading, status, said):
    with pytest.raises(NotAllowed) as caught:
        reading.pdf_of(reading.posted(status=status))
    assert str(caught.value) == said
    assert not isinstance(caught.value, PdfNotReady)


def test_texts_have_none(reading):
    with pytest.raises(NotAllowed, match="Notification is not a letter"):
        reading.pdf_of(reading.sent())


@pytest.mark.parametrize("make", ["sent", "posted"])
def test_another_services_is_not_there(reading, stranger, make):
    one = getattr(reading, make)()
    with pytest.raises(NotFound):
        reading.pdf_of(one, stranger)


def test_a_store_that_is_away_is_not_a_file_that_is_missing(reading):
    reading.platform.letter_store.fail_with(TransientError("away"))
    with pytest.raises(TransientError):
        reading.pdf_of(reading.posted())
