"""A print run from the command line: a day's letters go to the printer's folder, and the manifest says so."""

import hashlib
import random
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Timer

import pytest

from notify_core.letters.model import Bucket, Location
from notify_core.letters.policies.answers import is_answer_file
from notify_core.letters.policies.cut_off import print_deadline
from notify_core.letters.policies.naming import upload_name
from notify_core.letters.states import LetterStatus
from notify_core.testing.builders import a_letter
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings

CREATED = print_deadline(datetime.now(UTC)) - timedelta(hours=1)


@pytest.fixture
def platform(migrated):
    """What the commands work on, seen from within."""
    environ = {name: value for name, value in migrated.environ.items() if name.startswith("NOTIFY_")}
    container = Container(settings=load_settings(environ))
    yield container
    container.engine().dispose()


def given(platform, made):
    """The letters, kept, with their PDFs."""
    letters = []
    for letter in made:
        key = upload_name(Bucket.PDF, letter.file_reference, letter.created_at)
        platform.letter_store().put(Bucket.PDF, key, b"%PDF-1.7")
        letters.append(replace(letter, pdf=Location(Bucket.PDF, key), pdf_bytes=8))
    with platform.work()() as work:
        work.letters.add_many(letters)
        work.commit()
    return letters


@pytest.fixture
def letters(platform):
    """Two letters of one service that are due."""
    first = a_letter(created_at=CREATED, sheets=2)
    second = a_letter(created_at=CREATED + timedelta(seconds=1), service_id=first.service_id, sheets=1)
    return given(platform, [first, second])


def test_a_day_is_printed_and_shown(migrated, letters, eventually):
    assert migrated.done("letters", "runs") == "Nothing has been printed yet.\n"
    migrated.done("tasks", "run", "collate-letter-pdfs-to-be-sent")
    with migrated.serving():
        eventually(lambda: migrated.unfinished() == 0)

    (run,) = migrated.document("letters", "runs")
    assert (run["letters"], run["sheets"], run["zips"], run["zips_sent"]) == (2, 3, 1, 1)
    shown = migrated.document("letters", "show", run["run"])
    assert shown["volumes"] == {"second": {"letters": 2, "sheets": 3}}
    (one,) = shown["zips"]
    assert one["files"] == [letter.pdf.key for letter in letters]
    assert one["sent_by"] == "directory"
    # The simulated printer takes zips away.
    (content,) = migrated.data_dir.rglob(one["zip"])
    assert one["checksum"] == hashlib.sha256(content.read_bytes()).hexdigest()
    assert one["bytes"] == content.stat().st_size
    with zipfile.ZipFile(content) as file:
        assert file.namelist() == [letter.pdf.key.rpartition("/")[2] for letter in letters]

    people = migrated.done("letters", "show", one["zip"])
    assert "letters: 2" in people
    assert people.splitlines()[-2:] == one["files"]
    assert one["zip"] in migrated.done("letters", "show", run["run"])


def test_what_there_is_not_is_said(migrated):
    assert "no print run" in migrated.refused("letters", "show", "2026-01-05")
    assert "neither a day" in migrated.refused("letters", "show", "tonight")


@pytest.mark.timeout(300)
def test_kills_at_any_moment_send_no_letter_twice_and_leave_none(migrated, platform, eventually):
    letters = given(platform, [a_letter(created_at=CREATED) for _ in range(60)])
    migrated.done("tasks", "run", "collate-letter-pdfs-to-be-sent")
    for _ in range(4):
        with migrated.serving() as served:
            end = Timer(random.uniform(0.0, 1.0), served.kill)  # noqa: S311 - any moment will do
            end.start()
            end.join()
    with migrated.serving():
        eventually(lambda: not migrated.unfinished(), within=200, otherwise=lambda: f"left: {migrated.ledger()[:3]}")
        eventually(lambda: not list(migrated.data_dir.glob("printer/*.ZIP")), "the printer did not take them all")

    names = []
    for path in migrated.data_dir.glob("printer/taken/*.ZIP"):
        with zipfile.ZipFile(path) as content:
            assert content.testzip() is None
            names += content.namelist()
    assert sorted(names) == sorted(letter.pdf.key.rpartition("/")[2] for letter in letters)
    with platform.work()(read_only=True) as work:
        # Every quarter of an hour the answers are read.
        assert {work.letters.get(one.id).status for one in letters} <= {LetterStatus.SENDING, LetterStatus.DELIVERED}
    answers = [each.key for each in platform.letter_store().listing(Bucket.RESPONSE) if is_answer_file(each.key)]
    assert len(answers) == 60
