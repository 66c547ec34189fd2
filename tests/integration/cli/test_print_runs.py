"""A print run from the command line: a day's letters go to the printer's folder, and the manifest says so."""

import hashlib
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notify_core.letters.model import Bucket, Location
from notify_core.letters.policies.cut_off import print_deadline
from notify_core.letters.policies.naming import upload_name
from notify_core.testing.builders import a_letter
from notify_entrypoints.containers import Container
from notify_entrypoints.settings import load_settings


@pytest.fixture
def letters(migrated):
    """Two letters that are due, with their PDFs."""
    environ = {name: value for name, value in migrated.environ.items() if name.startswith("NOTIFY_")}
    container = Container(settings=load_settings(environ))
    created = print_deadline(datetime.now(UTC)) - timedelta(hours=1)
    first = a_letter(created_at=created, sheets=2)
    made = [first, a_letter(created_at=created + timedelta(seconds=1), service_id=first.service_id, sheets=1)]
    letters = []
    for letter in made:
        key = upload_name(Bucket.PDF, letter.file_reference, letter.created_at)
        container.letter_store().put(Bucket.PDF, key, b"%PDF-1.7")
        letters.append(replace(letter, pdf=Location(Bucket.PDF, key), pdf_bytes=8))
    with container.work()() as work:
        work.letters.add_many(letters)
        work.commit()
    container.engine().dispose()
    return letters


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
