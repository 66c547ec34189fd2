"""Hearing of the printer's response files: they are announced, found by a look, or brought by an operator. Whoever is
first, a file is applied once."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from notify_core.kernel.errors import NotAllowed
from notify_core.letters.model import AnswerFile, AnswerFileState, Bucket, StoredObject
from notify_core.letters.policies.answers import (
    PREFIX,
    day_of_answers,
    is_answer_file,
    named_behind,
    parse_answers,
)
from notify_core.letters.ports import AnswersWork, LetterAnnouncements, LetterStore
from notify_core.letters.tasks.answers import (
    ApplyWaitingAnswers,
    LookForAnswers,
    RecordSortedCounts,
    UpdateLetterStatuses,
)
from notify_core.notifications.ports import ReceiptRequest
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

# Files from before are no news: perhaps this platform has only just been pointed at a bucket that others used.
LOOK_BACK: Final = timedelta(days=14)
# Files are named after the moment they were begun, and one that was wrong may be written anew much later.
NAMED_BACK: Final = timedelta(days=60)


@dataclass(frozen=True)
class AcceptAnnouncement:
    """What the endpoint of announcements calls; returns how many response files follow from a request. Files of other
    kinds are nobody's business here.

    :raises ReceiptUnreadable: the request is not understood.
    :raises ReceiptForged: it is not from whom it claims.
    :raises TransientError: that cannot be found out now; the announcement comes again.
    """

    work: UnitOfWorkFactory[AnswersWork]
    clock: Clock
    letter_announcements: LetterAnnouncements

    def __call__(self, request: ReceiptRequest) -> int:
        names = [name for name in self.letter_announcements.translate(request) if is_answer_file(name)]
        if names:
            with self.work() as work:
                _take_notice(work, names, self.clock.now())
                work.commit()
        return len(names)


@dataclass(frozen=True)
class LookForAnswerFiles:
    """The task ``look-for-letter-response-files``: an announcement may be lost, or there may be nobody who announces.
    What is named after a day long ago is not looked at, so that a look costs as much after years as after months.

    :raises TransientError: the store is not there now.
    """

    work: UnitOfWorkFactory[AnswersWork]
    clock: Clock
    letter_store: LetterStore

    def __call__(self, _task: LookForAnswers, claim: Claim) -> None:
        now = self.clock.now()
        listed = self.letter_store.listing(Bucket.RESPONSE, PREFIX, named_behind((now - NAMED_BACK).date()))
        found = [one for one in listed if is_answer_file(one.key) and one.modified > now - LOOK_BACK]
        with self.work() as work:
            known = work.answer_files.named([one.key for one in found])
            _take_notice(work, [one.key for one in found if _is_news(one, known.get(one.key))], now)
            if work.waiting_answers.first(1):
                work.enqueue(ApplyWaitingAnswers())
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class BringAnswers:
    """A response file that an operator names, or brings: then its ``content`` is put into the bucket first. Returns how
    many answers are going to be applied.

    :raises InvalidValue: it is not called as one is, or a line of it is not what it should be; nothing is changed.
    :raises NotAllowed: it has been applied already.
    :raises LetterPdfNotFound: there is no such file in the bucket.
    :raises TransientError: the store is not there now.
    """

    work: UnitOfWorkFactory[AnswersWork]
    clock: Clock
    letter_store: LetterStore

    def __call__(self, name: str, content: bytes | None = None) -> int:
        day_of_answers(name)
        with self.work(read_only=True) as work:
            known = work.answer_files.named([name]).get(name)
        if known is not None and known.state is AnswerFileState.DONE:
            raise NotAllowed(f"{name} has been applied already")
        answers = parse_answers(self.letter_store.get(Bucket.RESPONSE, name) if content is None else content)
        if content is not None:
            self.letter_store.put(Bucket.RESPONSE, name, content)
        with self.work() as work:
            _take_notice(work, [name], self.clock.now())
            work.commit()
        return len(answers)


@dataclass(frozen=True)
class ListAnswerFiles:
    """The response files that we heard of last, newest first."""

    work: UnitOfWorkFactory[AnswersWork]

    def __call__(self) -> Sequence[AnswerFile]:
        with self.work(read_only=True) as work:
            return work.answer_files.newest()


def _is_news(one: StoredObject, known: AnswerFile | None) -> bool:
    """An invalid file is, where it was written again since."""
    if known is None or known.read_at is None:
        return True
    return known.state is AnswerFileState.INVALID and one.modified > known.read_at


def _take_notice(work: AnswersWork, names: Iterable[str], now: datetime) -> None:
    """Have these files applied, unless they have been. What is under way already is not begun a second time: tasks of
    one file have one key."""
    wanted = list(dict.fromkeys(names))
    known = work.answer_files.named(wanted)
    for name in wanted:
        file = known.get(name)
        if file is None:
            work.answer_files.add(AnswerFile(name, now))
        elif file.state is AnswerFileState.DONE:
            continue
        elif file.state is AnswerFileState.INVALID:
            work.answer_files.put(replace(file, state=AnswerFileState.FOUND, fault=None, read_at=None))
        work.enqueue(UpdateLetterStatuses(name))
        work.enqueue(RecordSortedCounts(name))
        _log.info("the printer's answers are in %s", name)
