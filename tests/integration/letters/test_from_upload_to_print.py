"""Uploaded letters on the real parts of one machine: a database, directories, clamd, qpdf and PDFium."""

import json

import pytest

from notify_core.accounts.model import KeyType, Permission
from notify_core.letters.model import PROVIDED_AS_PDF, Bucket, Postage
from notify_core.letters.policies import Flaw, upload_name
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.checking import ScanFile
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import a_letter, a_service
from notify_core.testing.fakes.virus_scanner import EICAR
from notify_entrypoints.containers import Container, migrate
from notify_entrypoints.settings import load_settings
from tests.integration.uploads import a_pdf, an_upload


class Machine:
    def __init__(self, folder, clamd_port):
        chosen = {
            "NOTIFY_DATA_DIR": str(folder),
            "NOTIFY_VIRUS_SCANNER": "clamd",
            "NOTIFY_VIRUS_SCANNER_HOST": "127.0.0.1",
            "NOTIFY_VIRUS_SCANNER_PORT": str(clamd_port),
        }
        self.container = Container(settings=load_settings(chosen))
        migrate(self.container)
        self.store = self.container.letter_store()
        self.service = a_service(permissions=frozenset({Permission.LETTER, Permission.INTERNATIONAL_LETTERS}))
        with self.container.work()() as work:
            work.services.put(self.service)
            work.commit()

    def uploaded(self, content, **changes):
        letter = a_letter(
            service_id=self.service.id,
            status=LetterStatus.PENDING_VIRUS_CHECK,
            to=PROVIDED_AS_PDF,
            precompiled=True,
            **changes,
        )
        key = upload_name(Bucket.SCAN, letter.file_reference, letter.created_at, letter.postage)
        self.store.put(Bucket.SCAN, key, content)
        with self.container.work()() as work:
            work.letters.add_many([letter])
            work.enqueue(ScanFile(letter.id))
            work.commit()
        self.work_off()
        return self.stored(letter)

    def work_off(self):
        """Everything that is due, and what follows from it."""
        while due := self.container.ledger().publish_due(RelayLimits(), "test"):
            for row in due:
                self.container.execute()(row.entry_id, "test")

    def stored(self, letter):
        with self.container.work()(read_only=True) as work:
            return work.letters.get(letter.id)

    def keys(self, bucket):
        return [found.key for found in self.store.listing(bucket)]

    def files(self):
        return {bucket: keys for bucket in Bucket if (keys := self.keys(bucket))}


@pytest.fixture
def machine(tmp_path, clamd_port):
    machine = Machine(tmp_path / "data", clamd_port)
    yield machine
    machine.container.engine().dispose()


def test_a_letter_that_passes_waits_for_the_print_run(machine):
    letter = machine.uploaded(an_upload(3))
    assert (letter.status, letter.pages, letter.sheets) == (LetterStatus.CREATED, 3, 2)
    assert letter.to == "Grace Hopper\n1 High Street\nSW1A 1AA"
    assert machine.files() == {Bucket.PDF: [letter.pdf.key]}
    assert len(machine.store.get(letter.pdf.bucket, letter.pdf.key)) == letter.pdf_bytes
    assert machine.container.ledger().depth() == {}


def test_one_abroad_goes_by_another_post(machine):
    letter = machine.uploaded(an_upload(address=("Marie Curie", "1 rue de la Paix", "75002 Paris", "France")))
    assert (letter.status, letter.postage, letter.international) == (LetterStatus.CREATED, Postage.EUROPE, True)
    assert ".D.E.C." in letter.pdf.key


def test_one_of_a_test_key_is_delivered(machine):
    letter = machine.uploaded(an_upload(), key_type=KeyType.TEST)
    assert (letter.status, letter.sheets) == (LetterStatus.DELIVERED, 0)
    assert machine.files() == {Bucket.TEST: [letter.pdf.key]}


def test_one_with_a_virus_is_put_aside(machine):
    letter = machine.uploaded(a_pdf() + EICAR)
    (key,) = machine.keys(Bucket.SCAN)
    assert letter.status is LetterStatus.VIRUS_SCAN_FAILED
    assert key.startswith(f"FAILURE/NOTIFY.{letter.file_reference}.")
    with machine.container.work()(read_only=True) as work:
        assert [ticket.subject for ticket in work.tickets.newest()] == [
            "[development] Virus found in an uploaded letter"
        ]


def test_one_that_cannot_be_printed_is_kept_with_the_reason(machine):
    letter = machine.uploaded(an_upload(2, flaw=Flaw.OUTSIDE, flawed_pages=(2,)))
    assert (letter.status, letter.sheets) == (LetterStatus.VALIDATION_FAILED, 0)
    assert machine.files() == {Bucket.INVALID: [letter.pdf.key]}
    reason = machine.store.metadata(Bucket.INVALID, letter.pdf.key)
    assert (json.loads(reason["invalid_pages"]), reason["page_count"]) == ([2], "2")
    assert reason["message"].startswith("Nothing may be printed nearer than 15 mm")
