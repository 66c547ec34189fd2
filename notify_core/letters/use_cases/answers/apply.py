"""What the printer's answers do to letters."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from notify_core.accounts.model import KeyType
from notify_core.kernel.errors import InvalidValue, PermanentError
from notify_core.letters.model import AnswerCounts, AnswerFile, AnswerFileState, Bucket, Letter, PrinterAnswer
from notify_core.letters.policies.answers import SENT, day_of_answers, parse_answers
from notify_core.letters.ports import AnswersWork, LetterStore
from notify_core.letters.states import LetterEvent, LetterStatus
from notify_core.letters.tasks.answers import ApplyWaitingAnswers, UpdateLetterStatuses
from notify_core.letters.use_cases.telling import TellsPeople, log_letters
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

# On SQLite everybody else waits while it is written.
PORTION: Final = 1_000

# A letter that we have not recorded as sent. The printer knows better: the record is late.
_NOT_SENT = frozenset({LetterStatus.PENDING_VIRUS_CHECK, LetterStatus.CREATED})


@dataclass(frozen=True)
class UpdateStatusesFromFile(TellsPeople):
    """The task ``update-letter-notifications-statuses``: a portion of a file's answers an execution. The file is
    checked as a whole before the first.

    :raises PermanentError: it is invalid; nothing was changed, and people have been told.
    :raises LetterPdfNotFound: it is not there.
    :raises TransientError: the store is not there now, or a letter was changed at this very moment.
    """

    work: UnitOfWorkFactory[AnswersWork]
    clock: Clock
    letter_store: LetterStore
    portion: int = PORTION

    def __call__(self, task: UpdateLetterStatuses, claim: Claim) -> None:
        name, now = task.file_name, self.clock.now()
        with self.work(read_only=True) as work:
            file = work.answer_files.named([name]).get(name) or AnswerFile(name, now)
        if file.state is AnswerFileState.DONE:
            return
        content = self.letter_store.get(Bucket.RESPONSE, name)
        try:
            day_of_answers(name)
            answers = parse_answers(content)
        except InvalidValue as error:
            self._refuse(file, str(error), now)
            raise PermanentError(f"{name}: {error}") from error
        with self.work() as work:
            self._apply(work, file, answers, now)
            if file.lines + self.portion < len(answers):
                work.enqueue(task)
            work.finish(claim)
            work.commit()

    def _refuse(self, file: AnswerFile, fault: str, now: datetime) -> None:
        if file.state is AnswerFileState.INVALID and file.fault == fault:
            return
        with self.work() as work:
            work.answer_files.put(replace(file, state=AnswerFileState.INVALID, fault=fault, read_at=now))
            self.tell(
                work,
                self.letter_rules.subject("A response file of the printer is invalid"),
                f"{file.name}: {fault}. Nothing of it is applied until it is right.",
                "Then: `notify letters responses` and its name.",
            )
            work.commit()

    def _apply(self, work: AnswersWork, file: AnswerFile, answers: Sequence[PrinterAnswer], now: datetime) -> None:
        counts = file.counts + apply(work, answers[file.lines : file.lines + self.portion], now)
        lines = min(file.lines + self.portion, len(answers))
        becomes = AnswerFile(file.name, file.found_at, lines=lines, counts=counts)
        if lines == len(answers):
            becomes = replace(becomes, state=AnswerFileState.DONE, read_at=now)
            _log.info("the answers in %s have been applied: %s", file.name, counts)
            tell_of_failed(self, work, counts.failed, file.name)
        work.answer_files.put(becomes)


@dataclass(frozen=True)
class ApplyAnswersThatWaited(TellsPeople):
    """The task ``apply-waiting-letter-responses``: those whose letters have been recorded as sent by now.

    :raises TransientError: a letter was changed at this very moment.
    """

    work: UnitOfWorkFactory[AnswersWork]
    clock: Clock
    portion: int = PORTION

    def __call__(self, task: ApplyWaitingAnswers, claim: Claim) -> None:
        with self.work() as work:
            answers = work.waiting_answers.first(self.portion, task.after)
            work.waiting_answers.forget([answer.file_reference for answer in answers])
            # Those that have to go on waiting are kept again.
            counts = apply(work, answers, self.clock.now())
            tell_of_failed(self, work, counts.failed, "answers that had waited")
            if len(answers) == self.portion:
                work.enqueue(ApplyWaitingAnswers(answers[-1].file_reference))
            work.finish(claim)
            work.commit()


def tell_of_failed(people: TellsPeople, work: AnswersWork, failed: int, by: str) -> None:
    """A ticket, where letters have not been printed."""
    if failed:
        people.tell(
            work,
            people.letter_rules.subject("Letters were not printed"),
            f"Letters that were not printed, by {by}: {failed}. They are temporary-failure now, and listed in the log.",
        )


def apply(work: AnswersWork, answers: Sequence[PrinterAnswer], now: datetime) -> AnswerCounts:
    """What the answers say happens to their letters. One for a letter that we have not recorded as sent is kept."""
    letters = work.letters.by_file_references([answer.file_reference for answer in answers])
    unknown = [answer.file_reference for answer in answers if answer.file_reference not in letters]
    log_letters(logging.WARNING, "the printer answered for unknown references", unknown)
    known = [(answer, letters[answer.file_reference]) for answer in answers if answer.file_reference in letters]
    waiting = [answer for answer, letter in known if letter.status in _NOT_SENT]
    work.waiting_answers.keep(waiting)
    log_letters(logging.WARNING, "the printer answered before our record", [one.file_reference for one in waiting])
    sent = [(answer, letter) for answer, letter in known if letter.status not in _NOT_SENT]
    changed = [(answer, letter) for answer, letter in sent if _changed(work, answer, letter, now)]
    failed = [f"{letter.id} ({answer.status})" for answer, letter in changed if answer.status != SENT]
    log_letters(logging.ERROR, "the printer could not print", failed)
    return AnswerCounts(
        printed=len(changed) - len(failed),
        failed=len(failed),
        waiting=len(waiting),
        unknown=len(unknown),
        late=len(sent) - len(changed),
    )


def _changed(work: AnswersWork, answer: PrinterAnswer, letter: Letter, now: datetime) -> bool:
    becomes = letter.after(LetterEvent.PRINTED if answer.status == SENT else LetterEvent.FAILED, now)
    if becomes is letter:
        return False
    if answer.pages != letter.sheets and letter.key_type is not KeyType.TEST:
        ids = {"notification_id": str(letter.id), "service_id": str(letter.service_id)}
        _log.warning("the printer counted %d sheets, billed are %d", answer.pages, letter.sheets, extra=ids)
    work.letters.change(letter, replace(becomes, cost_threshold=answer.cost_threshold.value))
    return True
