import pytest

from notify_core.kernel.errors import NotAllowed, NotFound
from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import Bucket, Location
from notify_core.letters.ports import LetterPdfNotFound
from notify_core.letters.states import LetterStatus
from notify_core.letters.use_cases.reading import ExplainRefusal, Refusal
from notify_core.testing.builders import an_id

PLACE = Location(Bucket.INVALID, "NOTIFY.A.D.2.C.20260105120000.PDF")
KEPT = {"message": "Too long.", "code": "letter-too-long", "invalid_pages": "[11, 12]", "page_count": "12"}


@pytest.fixture
def why(reading):
    return reading.platform.use(ExplainRefusal)


@pytest.fixture
def refused(reading):
    def make(metadata):
        letter = reading.posted(status=LetterStatus.VALIDATION_FAILED, pdf=PLACE, precompiled=True)
        if metadata is not None:
            reading.platform.letter_store.put(PLACE.bucket, PLACE.key, b"%PDF", metadata)
        return letter.id

    return make


def test_the_reason_is_what_is_kept_with_the_file(why, refused):
    assert why(refused(KEPT)) == Refusal("Too long.", "letter-too-long", (11, 12), 12)


def test_pages_that_nobody_could_count(why, refused):
    unreadable = {"message": "Unreadable.", "code": "unable-to-read-the-file", "invalid_pages": "[]", "page_count": ""}
    assert why(refused(unreadable)) == Refusal("Unreadable.", "unable-to-read-the-file", (), None)


def test_without_the_file_nobody_knows(why, refused):
    with pytest.raises(LetterPdfNotFound):
        why(refused(None))


@pytest.mark.parametrize("changes", [{"status": LetterStatus.CREATED}, {"status": LetterStatus.VALIDATION_FAILED}])
def test_a_letter_that_was_not_looked_at_has_no_reason(why, reading, changes):
    with pytest.raises(NotAllowed, match=f"no reason is kept .*: it is {changes['status']}"):
        why(reading.posted(**changes).id)


def test_a_letter_that_does_not_exist(why):
    with pytest.raises(NotFound):
        why(NotificationId(an_id()))
