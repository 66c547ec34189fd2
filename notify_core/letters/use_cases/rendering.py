"""Making the PDFs of letters that are made of templates.

A letter is rendered and its file put away with no unit of work open. The same letter makes the same bytes under the
same name, so that a process may die between any two steps and another do them all again.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from notify_core.accounts.model import KeyType
from notify_core.kernel.ids import NotificationId
from notify_core.letters.model import Letter, Location
from notify_core.letters.policies import LetterRules, billed_sheets, bucket_of, upload_name
from notify_core.letters.policies.content import LetterContent, content_of
from notify_core.letters.ports import LetterRenderer, LetterStore, LettersWork, LetterUnprintable, RenderedLetter
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.rendering import GiveUpLetter, MakeLetterPdf, ReplayLetters, SimulatePrinting
from notify_core.notifications.use_cases.deliver.delivery import SIMULATOR
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

# How long the printer that is none takes: somebody who tries out a letter sees that it is on its way.
PRINTING: Final = timedelta(seconds=5)
REPLAY_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True)
class RenderLetter:
    """The task ``get-pdf-for-templated-letter``.

    :raises TransientError: the store is not there now.
    :raises LetterUnprintable: there can be no such letter, which is recorded.
    :raises NotFound: it has been deleted.
    """

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    letter_renderer: LetterRenderer
    letter_store: LetterStore
    letter_rules: LetterRules

    def __call__(self, task: MakeLetterPdf, claim: Claim) -> None:
        with self.work(read_only=True) as work:
            letter = work.letters.get(task.notification_id)
            if not _waits_for_its_pdf(letter):
                return
            service = work.services.get(letter.service_id)
            template = work.templates.get(service.id, letter.template_id, letter.template_version)
        if not service.active:
            _log.info("not rendered: its service is no longer active", extra=_ids(letter))
            self._give_up(letter, claim)
            return
        rendered = self._rendered(letter, content_of(letter, template))
        place = _place_of(letter)
        self.letter_store.put(place.bucket, place.key, rendered.pdf)
        self._record(letter, place, rendered, claim)

    def _rendered(self, letter: Letter, content: LetterContent) -> RenderedLetter:
        try:
            return self.letter_renderer.render(content)
        except LetterUnprintable as refusal:
            _log.warning("%s", refusal, extra=_ids(letter))
            # The row stays, and shows the reason to whoever asks why the letter failed.
            self._give_up(letter, None)
            raise

    def _give_up(self, letter: Letter, claim: Claim | None) -> None:
        with self.work() as work:
            _give_up(work, letter.id, self.clock.now())
            if claim is not None:
                work.finish(claim)
            work.commit()

    def _record(self, letter: Letter, place: Location, rendered: RenderedLetter, claim: Claim) -> None:
        with self.work() as work:
            was = work.letters.get(letter.id)
            # Where it was cancelled meanwhile, retention finds its file by its name.
            if _waits_for_its_pdf(was):
                work.letters.change(was, self._with_pdf(work, was, place, rendered))
            work.finish(claim)
            work.commit()

    def _with_pdf(self, work: LettersWork, was: Letter, place: Location, rendered: RenderedLetter) -> Letter:
        """A letter of a test key goes no further; others wait for the print run."""
        now = self.clock.now()
        becomes = replace(
            was,
            pdf=place,
            pdf_bytes=len(rendered.pdf),
            pages=rendered.pages,
            sheets=billed_sheets(rendered.pages, was.key_type),
            updated_at=now,
        )
        if was.key_type is not KeyType.TEST:
            return becomes
        if not self.letter_rules.simulates_printer:
            return becomes.after(LetterEvent.RENDERED_WITH_TEST_KEY, now)
        work.enqueue(SimulatePrinting(was.id), delay=PRINTING, fair=str(was.service_id))
        return replace(becomes.after(LetterEvent.SENT, now), sent_by=SIMULATOR, sent_at=now)


@dataclass(frozen=True)
class GiveUpOnLetter:
    """The task ``give-up-letter``.

    :raises NotFound: the letter has been deleted.
    :raises Conflict: it moved on at this very moment.
    """

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock

    def __call__(self, task: GiveUpLetter, claim: Claim) -> None:
        with self.work() as work:
            _give_up(work, task.notification_id, self.clock.now())
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class SimulatePrinter:
    """The task ``simulate-letter-printing``.

    :raises NotFound: the letter has been deleted.
    """

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock

    def __call__(self, task: SimulatePrinting, claim: Claim) -> None:
        with self.work() as work:
            was = work.letters.get(task.notification_id)
            becomes = was.after(LetterEvent.PRINTED, self.clock.now())
            if becomes is not was:
                work.letters.change(was, becomes)
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class RenderForgottenLetters:
    """The task ``replay-created-letters``: what has no PDF after an hour, and nobody at work on it, is rendered."""

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    batch: int = 500

    def __call__(self, task: ReplayLetters, claim: Claim) -> None:
        with self.work() as work:
            forgotten = work.letters.created_without_pdf(self.clock.now() - REPLAY_AFTER, self.batch)
            for letter in forgotten:
                work.enqueue(MakeLetterPdf(letter.id), fair=str(letter.service_id))
            work.finish(claim)
            if len(forgotten) == self.batch:
                work.enqueue(task)
            work.commit()
        if forgotten:
            _log.warning("began to render %d letters again", len(forgotten))


def _waits_for_its_pdf(letter: Letter) -> bool:
    return letter.status is LetterStatus.CREATED and letter.pdf is None


def _give_up(work: LettersWork, notification_id: NotificationId, now: datetime) -> None:
    was = work.letters.get(notification_id)
    # Somebody may have been faster: an operator's replay, or who cancelled it.
    if _waits_for_its_pdf(was):
        work.letters.change(was, was.after(LetterEvent.RENDERING_EXHAUSTED, now))


def _place_of(letter: Letter) -> Location:
    bucket = bucket_of(letter.key_type)
    return Location(bucket, upload_name(bucket, letter.file_reference, letter.created_at, letter.postage))


def _ids(letter: Letter) -> dict[str, str]:
    return {"notification_id": str(letter.id), "service_id": str(letter.service_id)}
