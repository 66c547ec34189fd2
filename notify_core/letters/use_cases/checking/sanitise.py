"""Whether an upload can be printed, and what it says about itself."""

import json
import logging
from dataclasses import dataclass, replace

from notify_core.accounts.model import Permission
from notify_core.kernel.errors import InvalidValue
from notify_core.letters.model import Bucket, Letter, Location
from notify_core.letters.policies import NotPrintable, billed_sheets, postage_to
from notify_core.letters.ports import LetterPdfNotFound, LetterSanitiser, LetterStore, LettersWork, SanitisedLetter
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.checking import ProcessSanitisedLetter, SanitiseLetter
from notify_core.letters.use_cases.checking.recording import ids_of, pending, record, record_missing
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory
from notify_core.recipients.model import PostalAddress

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SanitiseUpload:
    """The task ``sanitise-letter``. What passes is written to the sanitise bucket under the upload's own name; what
    does not is moved to ``invalid-pdf`` with the reason as its metadata.

    :raises TransientError: the sanitiser or the store is not there now.
    :raises NotFound: the letter has been deleted.
    """

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    letter_store: LetterStore
    letter_sanitiser: LetterSanitiser

    def __call__(self, task: SanitiseLetter, claim: Claim) -> None:
        letter = pending(self.work, task.notification_id)
        if letter is None:
            return
        try:
            upload = self.letter_store.get(Bucket.SCAN, task.key)
        except LetterPdfNotFound as missing:
            self._refused_before(letter, task.key, missing, claim)
            return
        try:
            sanitised = self.letter_sanitiser.sanitise(upload)
            address = self._address(letter, sanitised)
        except NotPrintable as refused:
            self._refuse(letter, Location(Bucket.INVALID, task.key), refused, len(upload), claim)
        else:
            self.letter_store.put(Bucket.SANITISE, task.key, sanitised.pdf)
            self._pass(task, sanitised, address, claim)

    def _address(self, letter: Letter, sanitised: SanitisedLetter) -> PostalAddress:
        with self.work(read_only=True) as work:
            service = work.services.get(letter.service_id)
        abroad = Permission.INTERNATIONAL_LETTERS in service.permissions
        try:
            return PostalAddress.parse(sanitised.address, abroad=abroad)
        except InvalidValue as error:
            raise NotPrintable.for_address(error, sanitised.pages) from error

    def _pass(self, task: SanitiseLetter, sanitised: SanitisedLetter, address: PostalAddress, claim: Claim) -> None:
        with self.work() as work:
            was = work.letters.get(task.notification_id)
            if was.status is LetterStatus.PENDING_VIRUS_CHECK:
                becomes = replace(
                    was,
                    to=str(address),
                    postage=postage_to(address, was.postage),
                    international=address.international,
                    pages=sanitised.pages,
                    sheets=billed_sheets(sanitised.pages, was.key_type),
                    pdf_bytes=len(sanitised.pdf),
                    updated_at=self.clock.now(),
                )
                work.letters.change(was, becomes)
                work.enqueue(ProcessSanitisedLetter(was.id, task.key), fair=str(was.service_id))
            work.finish(claim)
            work.commit()

    def _refuse(self, letter: Letter, pdf: Location, refused: NotPrintable, size: int, claim: Claim) -> None:
        _log.info("An uploaded letter cannot be printed: %s", refused.flaw, extra=ids_of(letter))
        self.letter_store.move(Location(Bucket.SCAN, pdf.key), pdf, _reason(refused))
        self._end(letter, pdf, refused.page_count or 0, size, claim)

    def _refused_before(self, letter: Letter, key: str, missing: LetterPdfNotFound, claim: Claim) -> None:
        """A process may have died after it had moved the upload, and before it could say so."""
        try:
            found = self.letter_store.find(Bucket.INVALID, key)
            pages = self.letter_store.metadata(Bucket.INVALID, key)["page_count"]
        except LetterPdfNotFound:
            record_missing(self.work, self.clock, letter, missing, claim)
        else:
            self._end(letter, Location(Bucket.INVALID, key), int(pages or 0), found.size, claim)

    def _end(self, letter: Letter, pdf: Location, pages: int, size: int, claim: Claim) -> None:
        now = self.clock.now()
        with self.work() as work:
            record(work, letter.id, LetterEvent.INVALID, now, pdf=pdf, pdf_bytes=size, pages=pages, sheets=0)
            work.finish(claim)
            work.commit()


def _reason(refused: NotPrintable) -> dict[str, str]:
    """``page_count`` is empty where the pages could not be counted."""
    return {
        "message": str(refused),
        "code": refused.flaw.value,
        "invalid_pages": json.dumps(refused.pages),
        "page_count": "" if refused.page_count is None else str(refused.page_count),
    }
