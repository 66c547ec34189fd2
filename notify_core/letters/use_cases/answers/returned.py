"""Letters that the post brings back."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from notify_core.kernel.ids import ServiceId
from notify_core.letters.events import LetterReturned
from notify_core.letters.model import Letter, PastMessage, ReturnedLetter
from notify_core.letters.policies.answers import require_reference
from notify_core.letters.ports import AnswersWork
from notify_core.letters.states import MACHINE, LetterEvent, LetterStatus
from notify_core.letters.tasks.answers import ProcessReturnedLetters
from notify_core.letters.use_cases.telling import log_letters
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

PORTION: Final = 500
_RETURNED = LetterStatus.RETURNED


@dataclass(frozen=True)
class ReportReturned:
    """Have the letters of these references become returned ones; how many references there are. The list is checked
    as a whole before anything follows from it.

    :raises InvalidValue: one cannot be a reference.
    """

    work: UnitOfWorkFactory[AnswersWork]
    portion: int = PORTION

    def __call__(self, references: Sequence[str]) -> int:
        wanted = list(dict.fromkeys(require_reference(reference) for reference in references))
        with self.work() as work:
            for start in range(0, len(wanted), self.portion):
                work.enqueue(ProcessReturnedLetters(tuple(wanted[start : start + self.portion])))
            work.commit()
        return len(wanted)


@dataclass(frozen=True)
class ProcessReturnedList:
    """The task ``process-returned-letters-list``. The post may take longer than a letter is kept: then it is in the
    history. Unknown letters, and those that were not on their way, are logged and stop nothing.

    :raises TransientError: a letter was changed at this very moment.
    """

    work: UnitOfWorkFactory[AnswersWork]
    clock: Clock

    def __call__(self, task: ProcessReturnedLetters, claim: Claim) -> None:
        with self.work() as work:
            letters = work.letters.by_file_references(task.references)
            past = work.history.by_file_references([one for one in task.references if one not in letters])
            known: dict[str, Letter | PastMessage] = {**past, **letters}
            unknown = [reference for reference in task.references if reference not in known]
            log_letters(logging.WARNING, "returned are unknown references", unknown)
            returnable = [one for one in known.values() if _can_come_back(one)]
            unsent = [one.id for one in known.values() if one not in returnable and one.status != _RETURNED]
            log_letters(logging.WARNING, "returned are letters that were not on their way", unsent)
            self._return(work, returnable, self.clock.now())
            work.finish(claim)
            work.commit()
        _log.info("the post brought back %d letters", len(returnable))

    def _return(self, work: AnswersWork, letters: Sequence[Letter | PastMessage], now: datetime) -> None:
        for letter in letters:
            if isinstance(letter, Letter):
                work.letters.change(letter, letter.after(LetterEvent.RETURNED, now))
            else:
                work.history.change_status(letter.id, _RETURNED)
            work.record(LetterReturned(letter.id, letter.service_id))
        work.returned_letters.add_many([ReturnedLetter(one.id, one.service_id, now) for one in letters])


def _can_come_back(letter: Letter | PastMessage) -> bool:
    return (LetterStatus(letter.status), LetterEvent.RETURNED) in MACHINE.moves


@dataclass(frozen=True)
class ListReturnedLetters:
    """Those of a service that were reported last, newest first.

    :raises NotFound: no such service.
    """

    work: UnitOfWorkFactory[AnswersWork]

    def __call__(self, service_id: ServiceId) -> Sequence[ReturnedLetter]:
        with self.work(read_only=True) as work:
            return work.returned_letters.of_service(work.services.get(service_id).id)
