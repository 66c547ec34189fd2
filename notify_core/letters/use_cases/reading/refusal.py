"""Why an uploaded letter cannot be printed, for whoever is asked by its sender."""

import json
from dataclasses import dataclass

from notify_core.kernel.errors import NotAllowed
from notify_core.kernel.ids import NotificationId
from notify_core.letters.ports import LetterStore, LettersWork
from notify_core.letters.states import LetterStatus
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Refusal:
    """``message`` is for the sender, ``code`` for programs. ``invalid_pages`` are counted from 1; none where it is the
    whole file. ``page_count`` is None where nobody could count them."""

    message: str
    code: str
    invalid_pages: tuple[int, ...]
    page_count: int | None


@dataclass(frozen=True)
class ExplainRefusal:
    """What is kept with the file of a letter that failed validation.

    :raises NotFound: no such letter.
    :raises NotAllowed: it did not fail validation, so that there is none.
    :raises LetterPdfNotFound: its file is gone, and the reason with it.
    :raises TransientError: the store is not there now.
    """

    work: UnitOfWorkFactory[LettersWork]
    letter_store: LetterStore

    def __call__(self, notification_id: NotificationId) -> Refusal:
        with self.work(read_only=True) as work:
            letter = work.letters.get(notification_id)
        if letter.status is not LetterStatus.VALIDATION_FAILED or letter.pdf is None:
            raise NotAllowed(f"no reason is kept why letter {letter.id} should not be printed: it is {letter.status}")
        kept = self.letter_store.metadata(letter.pdf.bucket, letter.pdf.key)
        pages = kept["page_count"]
        return Refusal(
            message=kept["message"],
            code=kept["code"],
            invalid_pages=tuple(json.loads(kept["invalid_pages"])),
            page_count=int(pages) if pages else None,
        )
