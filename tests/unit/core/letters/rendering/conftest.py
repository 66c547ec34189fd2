from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.letters.policies import LetterRules
from notify_core.letters.tasks.rendering import MakeLetterPdf
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, a_letter, a_service, a_template
from notify_core.testing.mortal import MortalPlatform

REFERENCE = "ABCDEFGH01234567"


class Rendering:
    """A platform with a service that sends letters."""

    def __init__(self, environment="live"):
        self.platform = MortalPlatform()
        self.platform.letter_rules = LetterRules(environment)
        self.store, self.renderer = self.platform.letter_store, self.platform.letter_renderer
        self.service = a_service()
        self.template = a_template(
            service_id=self.service.id,
            type=TemplateType.LETTER,
            subject="The river",
            content="Dear ((name)),\nit is rising.",
            letter_contact_block="Flood office\nEX1 1AA",
        )
        self.platform.put(self.service, self.template)

    def given(self, *, enqueued=True, **changes):
        """A letter that was accepted just now."""
        letter = a_letter(
            service_id=self.service.id,
            template_id=self.template.id,
            **{"file_reference": REFERENCE, "created_at": NOON, **changes},
        )
        self.change(lambda work: work.letters.add_many([letter]))
        if enqueued:
            self.change(lambda work: work.enqueue(MakeLetterPdf(letter.id)))
        self.letter_id = letter.id
        self.store.requests.clear()
        self.platform.steps.done = 0
        return letter

    def change(self, does):
        with self.platform.work() as work:
            does(work)
            work.commit()

    def run(self, within=timedelta()):
        self.platform.run_until_idle(within)

    def fail(self, times):
        self.renderer.fail_with(*[TransientError("no memory left")] * times)

    @property
    def letter(self):
        with self.platform.work(read_only=True) as work:
            return work.letters.get(self.letter_id)

    @property
    def files(self):
        return {(place.bucket, place.key): file.content for place, file in self.store.files.items()}

    @property
    def rows(self):
        """What is still to be done, or has failed for good."""
        return {entry.task: entry.reason for entry in self.platform.ledger.entries()}

    def end(self):
        """All that is left, but for the times and ids."""
        letter = replace(self.letter, **dict.fromkeys(("id", "service_id", "template_id", "api_key_id")))
        return replace(letter, sent_at=None, updated_at=None, completed_at=None), self.files, self.rows


@pytest.fixture
def rendering():
    return Rendering()


@pytest.fixture
def make_rendering():
    return Rendering
