"""Answers of the printer that operators bring, and what is shown of them."""

from datetime import UTC, datetime

import pytest

from notify_core.letters.model import Bucket
from notify_core.letters.states import LetterStatus
from notify_core.testing.builders import NOON, a_letter
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings

FILE = f"NOTIFY-{datetime.now(UTC):%Y%m%d}000000-RSP.TXT"


@pytest.fixture
def platform(migrated):
    """What the commands work on, seen from within."""
    environ = {name: value for name, value in migrated.environ.items() if name.startswith("NOTIFY_")}
    container = Container(settings=load_settings(environ))
    yield container
    container.engine().dispose()


@pytest.fixture(autouse=True)
def letter(platform):
    letter = a_letter(file_reference="LETTER0000000001", status=LetterStatus.SENDING, sent_at=NOON, sheets=1)
    with platform.work()() as work:
        work.letters.add_many([letter])
        work.commit()
    return letter


def status(platform, letter):
    with platform.work()(read_only=True) as work:
        return work.letters.get(letter.id).status


def test_a_file_is_put_into_the_bucket_and_applied(migrated, platform, letter, eventually):
    file = migrated.folder / FILE
    file.write_text("LETTER0000000001|Sent|1|Unsorted\n")
    assert migrated.done("letters", "responses", file) == "Answers that are going to be applied: 1\n"
    assert platform.letter_store().get(Bucket.RESPONSE, FILE) == file.read_bytes()
    with migrated.serving():
        eventually(lambda: migrated.unfinished() == 0)
    assert status(platform, letter) == "delivered"
    (listed,) = migrated.document("letters", "responses")
    assert (listed["name"], listed["state"], listed["printed"]) == (FILE, "done", 1)
    assert migrated.refused("letters", "responses", FILE) == f"{FILE} has been applied already"
    (counts,) = migrated.document("letters", "sorted-counts")
    assert (counts["sorted"], counts["unsorted"]) == (0, 1)


def test_a_file_of_the_bucket_is_named(migrated, platform):
    platform.letter_store().put(Bucket.RESPONSE, FILE, b"LETTER0000000001|Sent|1|Unsorted\n")
    assert migrated.document("letters", "responses", FILE) == {"name": FILE, "answers": 1}
    assert len(migrated.ledger()) == 2


def test_an_invalid_file_is_refused_before_anything_happens(migrated, platform):
    file = migrated.folder / FILE
    file.write_text("LETTER0000000001|Sent|1|Unsorted\nLETTER0000000002|Sent\n")
    refused = migrated.refused("letters", "responses", file)
    assert refused == "line 2 has 2 parts and not 4: reference|status|page count|cost threshold"
    assert list(platform.letter_store().listing(Bucket.RESPONSE)) == []
    assert migrated.ledger() == []
    assert migrated.done("letters", "responses") == "There are none yet.\n"


def test_a_list_of_returned_letters(migrated, platform, letter, eventually):
    file = migrated.folder / "returned.txt"
    file.write_text("LETTER0000000001\n\nunknown000000000\n")
    assert migrated.document("letters", "returned", file) == {"count": 2}
    with migrated.serving():
        eventually(lambda: migrated.unfinished() == 0)
    assert status(platform, letter) == "returned-letter"


def test_a_list_of_other_things_is_refused(migrated):
    file = migrated.folder / "returned.txt"
    file.write_bytes("Grüße\n".encode())
    assert "is not a list of references" in migrated.refused("letters", "returned", file)
    file.write_text("LETTER0000000001,LETTER0000000002\n")
    assert "is no reference of a letter" in migrated.refused("letters", "returned", file)
