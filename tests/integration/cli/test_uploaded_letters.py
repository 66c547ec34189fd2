"""Letters that wait for their check when a process is killed, and those that it put aside."""

import random

import pytest

from notify_core.letters.model import PROVIDED_AS_PDF, Bucket
from notify_core.letters.policies import upload_name
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.checking import ScanFile
from notify_core.testing.builders import a_letter, a_service
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings
from tests.integration.uploads import an_upload

LETTERS, KILLS = 12, 3


class Uploads:
    """Letters in the database and the directories of a machine."""

    def __init__(self, machine):
        self.machine = machine
        chosen = {name: value for name, value in machine.environ.items() if name.startswith("NOTIFY_")}
        self.container = Container(settings=load_settings(chosen))
        self.store = self.container.letter_store()
        self.service = a_service()
        self.change(lambda work: work.services.put(self.service))

    def change(self, does):
        with self.container.work()() as work:
            does(work)
            work.commit()

    def add(self, content, folder="", status=LetterStatus.PENDING_VIRUS_CHECK):
        letter = a_letter(service_id=self.service.id, status=status, to=PROVIDED_AS_PDF, precompiled=True)
        key = upload_name(Bucket.SCAN, letter.file_reference, letter.created_at, letter.postage)
        self.store.put(Bucket.SCAN, f"{folder}{key}", content)
        waits = status is LetterStatus.PENDING_VIRUS_CHECK
        self.change(lambda work: (work.letters.add_many([letter]), waits and work.enqueue(ScanFile(letter.id))))
        return letter.id, key

    def statuses(self, ids):
        with self.container.work()(read_only=True) as work:
            return {work.letters.get(letter_id).status for letter_id in ids}

    def keys(self, bucket):
        return [found.key for found in self.store.listing(bucket)]


@pytest.fixture
def uploads(migrated):
    uploads = Uploads(migrated)
    yield uploads
    uploads.container.engine().dispose()


@pytest.mark.timeout(300)
def test_a_killed_process_loses_none_of_them_and_leaves_no_file_behind(uploads, eventually):
    good = [uploads.add(an_upload(number % 3 + 1))[0] for number in range(LETTERS)]
    bad = [uploads.add(an_upload(11))[0] for _ in range(LETTERS // 3)]
    for _ in range(KILLS):
        with uploads.machine.serving():
            # Some of them are done, or not one.
            done = len(uploads.keys(Bucket.PDF)) + random.randrange(2)  # noqa: S311 - any moment will do
            eventually(lambda done=done: len(uploads.keys(Bucket.PDF)) >= min(done, LETTERS))
    with uploads.machine.serving():
        eventually(lambda: uploads.machine.unfinished() == 0, otherwise=uploads.machine.ledger)

    assert uploads.statuses(good) == {LetterStatus.CREATED}
    assert uploads.statuses(bad) == {LetterStatus.VALIDATION_FAILED}
    assert [len(uploads.keys(bucket)) for bucket in (Bucket.PDF, Bucket.INVALID)] == [LETTERS, LETTERS // 3]
    assert uploads.keys(Bucket.SCAN) == uploads.keys(Bucket.SANITISE) == []


def test_what_was_put_aside_is_checked_again(uploads, eventually):
    one, key = uploads.add(an_upload(), "ERROR/", LetterStatus.TECHNICAL_FAILURE)
    other, _ = uploads.add(an_upload(), "ERROR/", LetterStatus.TECHNICAL_FAILURE)
    again = "is checked again"
    machine = uploads.machine
    assert machine.document("letters", "replay-errors", key) == [
        {"file": f"ERROR/{key}", "notification_id": str(one), "outcome": again}
    ]
    assert uploads.statuses([one]) == {LetterStatus.PENDING_VIRUS_CHECK}
    assert uploads.statuses([other]) == {LetterStatus.TECHNICAL_FAILURE}
    assert machine.done("letters", "replay-errors").count(again) == 2
    with machine.serving():
        eventually(lambda: uploads.statuses([one, other]) == {LetterStatus.CREATED}, otherwise=machine.ledger)
    assert uploads.keys(Bucket.SCAN) == []
    assert machine.done("letters", "replay-errors") == "There are no files in ERROR/.\n"


def test_it_is_said_why_a_letter_was_refused_and_on_which_pages(uploads, eventually):
    letter, _ = uploads.add(an_upload(11))
    machine = uploads.machine
    assert machine.refused("letters", "why", str(letter)).endswith("should not be printed: it is pending-virus-check")
    with machine.serving():
        eventually(lambda: uploads.statuses([letter]) == {LetterStatus.VALIDATION_FAILED}, otherwise=machine.ledger)
    told = machine.document("letters", "why", str(letter))
    assert told == {
        "notification_id": str(letter),
        "message": "Letters must be 10 pages or less.",
        "code": "letter-too-long",
        "invalid_pages": told["invalid_pages"],
        "page_count": 11,
    }
    assert machine.done("letters", "why", str(letter)).startswith("Letters must be 10 pages or less.\n")


def test_a_file_that_is_not_there_is_said(migrated):
    said = migrated.refused("letters", "replay-errors", "NOTIFY.NO.PDF")
    assert said == "there is no file NOTIFY.NO.PDF in ERROR/ of the scan bucket"
