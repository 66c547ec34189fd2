from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import Permission
from notify_core.kernel.errors import TransientError
from notify_core.letters.model import PROVIDED_AS_PDF, Bucket
from notify_core.letters.policies import upload_name
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.checking import ScanFile
from notify_core.testing.builders import NOON, a_letter, a_service
from notify_core.testing.fakes.letter_sanitiser import an_upload
from notify_core.testing.fakes.virus_scanner import EICAR
from notify_core.testing.mortal import MortalPlatform

REFERENCE = "ABCDEFGH01234567"


class Checking:
    """The platform with one service, which uploads letters."""

    def __init__(self, permissions=frozenset({Permission.LETTER})):
        self.platform = MortalPlatform()
        self.steps, self.store = self.platform.steps, self.platform.letter_store
        self.scanner, self.sanitiser = self.platform.virus_scanner, self.platform.letter_sanitiser
        self.service = a_service(permissions=frozenset(permissions))
        self.platform.put(self.service)

    def given(self, content=None, **changes):
        """An uploaded letter that is about to be scanned; no ``content``: its file is lost."""
        changes = {"file_reference": REFERENCE, "created_at": NOON, **changes}
        letter = a_letter(
            service_id=self.service.id,
            status=LetterStatus.PENDING_VIRUS_CHECK,
            to=PROVIDED_AS_PDF,
            precompiled=True,
            **changes,
        )
        if content is not None:
            key = upload_name(Bucket.SCAN, letter.file_reference, letter.created_at, letter.postage)
            self.store.put(Bucket.SCAN, key, content)
        self.change(lambda work: (work.letters.add_many([letter]), work.enqueue(ScanFile(letter.id))))
        self.store.requests.clear()
        self.steps.done = 0
        self.letter_id = letter.id
        return letter

    def change(self, does):
        with self.platform.work() as work:
            does(work)
            work.commit()

    def set(self, **changes):
        """Something else happens to the letter."""
        was = self.letter
        self.change(lambda work: work.letters.change(was, replace(was, **changes)))

    def enqueue(self, task):
        self.change(lambda work: work.enqueue(task))

    def run(self, within=timedelta()):
        self.platform.run_until_idle(within)

    def withdraw(self):
        """Nobody begins what waits for the letter."""
        self.change(lambda work: work.withdraw(ScanFile(self.letter_id)))

    def fail_scanner(self, times=100):
        self.scanner.fail_with(*[TransientError("the scanner is away")] * times)

    @property
    def letter(self):
        with self.platform.work(read_only=True) as work:
            return work.letters.get(self.letter_id)

    @property
    def files(self):
        return {(location.bucket, location.key): file.content for location, file in self.store.files.items()}

    @property
    def tickets(self):
        return list(self.platform.tickets.tickets.values())

    @property
    def failed(self):
        """The tasks that are kept as failed."""
        return [entry.task for entry in self.platform.ledger.entries()]


@pytest.fixture
def checking():
    return Checking()


@pytest.fixture
def make_checking():
    return Checking


@pytest.fixture
def infected():
    return an_upload() + EICAR
