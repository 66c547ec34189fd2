from datetime import timedelta

from notify_core.letters.model import Bucket, Location
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.rendering import ReplayLetters
from notify_core.letters.use_cases.rendering import RenderForgottenLetters
from notify_core.notifications.tasks import ReplayCreated
from notify_core.testing.builders import NOON

HOUR = timedelta(hours=1)


def test_a_letter_without_pdf_is_rendered_after_an_hour(rendering):
    rendering.given(enqueued=False, created_at=NOON - HOUR - timedelta(microseconds=1))
    rendering.change(lambda work: work.enqueue(ReplayCreated()))
    rendering.run()
    assert rendering.letter.pages == 1
    assert not rendering.rows


def test_others_are_left_alone(rendering):
    old = NOON - 2 * HOUR
    rendering.given(enqueued=False, created_at=NOON - HOUR)
    rendering.given(enqueued=False, created_at=old, status=LetterStatus.CANCELLED, file_reference="B" * 16)
    rendering.given(enqueued=False, created_at=old, precompiled=True, file_reference="C" * 16)
    rendering.given(enqueued=False, created_at=old, pdf=Location(Bucket.PDF, "a"), pdf_bytes=1, file_reference="D" * 16)
    rendering.change(lambda work: work.enqueue(ReplayLetters()))
    rendering.run()
    assert not rendering.renderer.rendered


def test_many_are_begun_batch_by_batch(rendering):
    for number in range(5):
        rendering.given(enqueued=False, created_at=NOON - 2 * HOUR, file_reference=f"{number:016}")
    claim = rendering.platform.ledger.begin(ReplayLetters(), "worker", HOUR)
    RenderForgottenLetters(rendering.platform.work, rendering.platform.clock, batch=2)(ReplayLetters(), claim)
    waiting = sorted(entry.task for entry in rendering.platform.ledger.entries())
    assert waiting == ["get-pdf-for-templated-letter", "get-pdf-for-templated-letter", "replay-created-letters"]
    rendering.run()
    assert len(rendering.renderer.rendered) == 5
