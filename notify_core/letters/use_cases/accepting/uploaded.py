"""Accepting a letter that its sender has made."""

from contextlib import suppress
from dataclasses import dataclass

from notify_core.accounts.model import Caller
from notify_core.accounts.use_cases.idempotency import KeepAnswer, keep_no_answer
from notify_core.kernel.errors import NotFound
from notify_core.letters.model import PROVIDED_AS_PDF, Bucket, Letter, Postage
from notify_core.letters.policies import upload_name
from notify_core.letters.policies.acceptance import uploaded_pdf
from notify_core.letters.policies.uploads import NAME, upload_template
from notify_core.letters.ports import LetterStore, LettersWork
from notify_core.letters.states import LetterStatus
from notify_core.letters.tasks.checking import ScanFile
from notify_core.letters.use_cases.accepting.door import AcceptedLetter, AcceptsLetters
from notify_core.notifications.model import Channel
from notify_core.notifications.use_cases.accept.daily import channels_of, within_daily_limits
from notify_core.templates.model import Template


@dataclass(frozen=True, slots=True)
class UploadRequest:
    """``content`` is a PDF in base64."""

    reference: str
    content: str
    postage: Postage = Postage.SECOND


@dataclass(frozen=True)
class AcceptUploadedLetter(AcceptsLetters):
    """Store the file of a letter, and keep the letter with the check of that file. ``keep`` is called in the
    transaction that stores the letter.

    The file comes first, so that there is none to miss for a letter that was accepted. Where the process dies
    before the letter is kept, its sender has no answer, and the file stays behind: nothing refers to it, and nothing
    deletes it here, as whoever meets an error at the commit cannot know whether the letter is there after all.

    :raises InvalidValue: the content is no PDF.
    :raises NotAllowed: it is not base64, or a rule is against it.
    :raises RateLimited: too many requests, or letters today.
    :raises TransientError: the store is not there now.
    """

    letter_store: LetterStore

    def __call__(
        self, caller: Caller, request: UploadRequest, keep: KeepAnswer[AcceptedLetter] = keep_no_answer
    ) -> AcceptedLetter:
        now = self.clock.now()
        self._let_in(caller)
        pdf = uploaded_pdf(request.content)
        template = upload_template(caller.service.id, now)
        letter = self._letter(
            caller,
            template,
            now,
            to=PROVIDED_AS_PDF,
            status=LetterStatus.PENDING_VIRUS_CHECK,
            postage=request.postage,
            precompiled=True,
            reference=request.reference,
        )
        answer = AcceptedLetter(letter, NAME, "")
        with within_daily_limits(self.daily_limits, caller, channels_of(Channel.LETTER), now):
            self.letter_store.put(Bucket.SCAN, _name(letter), pdf)
            with self.work() as work:
                keep(work, answer)
                _ensure(work, template)
                work.letters.add_many([letter])
                work.enqueue(ScanFile(letter.id), fair=str(letter.service_id))
                work.commit()
        return answer


def _name(letter: Letter) -> str:
    return upload_name(Bucket.SCAN, letter.file_reference, letter.created_at, letter.postage)


def _ensure(work: LettersWork, template: Template) -> None:
    """The service's first upload brings the template that uploads belong to."""
    with suppress(NotFound):
        work.templates.get(template.service_id, template.id)
        return
    work.templates.put(template)
