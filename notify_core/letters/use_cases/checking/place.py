"""Putting a checked letter where the print run finds it."""

from dataclasses import dataclass, replace

from notify_core.accounts.model import KeyType
from notify_core.letters.model import Bucket, Letter, Location
from notify_core.letters.policies import bucket_of, upload_name
from notify_core.letters.ports import LetterPdfNotFound, LetterStore, LettersWork
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.checking import ProcessSanitisedLetter
from notify_core.letters.use_cases.checking.recording import record_missing
from notify_core.letters.use_cases.checking.uploads import move_once
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class PlaceSanitisedLetter:
    """The task ``process-sanitised-letter``. The sanitised file gets a name made anew, since its address may have
    changed the postage; the upload goes last, so that until then everything can be done again.

    :raises TransientError: the store is not there now.
    :raises NotFound: the letter has been deleted.
    """

    work: UnitOfWorkFactory[LettersWork]
    clock: Clock
    letter_store: LetterStore

    def __call__(self, task: ProcessSanitisedLetter, claim: Claim) -> None:
        with self.work(read_only=True) as work:
            letter = work.letters.get(task.notification_id)
        if letter.status is LetterStatus.PENDING_VIRUS_CHECK:
            place = _place_of(letter)
            try:
                move_once(self.letter_store, Location(Bucket.SANITISE, task.key), place)
            except LetterPdfNotFound as missing:
                record_missing(self.work, self.clock, letter, missing, claim)
                return
            self._placed(letter, place)
        elif letter.pdf is None:
            # It was cancelled, say. Its files are left to retention, like those of any letter.
            return
        self.letter_store.delete(Bucket.SCAN, [task.key])

    def _placed(self, letter: Letter, place: Location) -> None:
        test = letter.key_type is KeyType.TEST
        event = LetterEvent.PASSED_WITH_TEST_KEY if test else LetterEvent.PASSED
        with self.work() as work:
            was = work.letters.get(letter.id)
            # Also where it was cancelled meanwhile: that is where its file is.
            work.letters.change(was, replace(was.after(event, self.clock.now()), pdf=place))
            work.commit()


def _place_of(letter: Letter) -> Location:
    bucket = bucket_of(letter.key_type)
    return Location(bucket, upload_name(bucket, letter.file_reference, letter.created_at, letter.postage))
