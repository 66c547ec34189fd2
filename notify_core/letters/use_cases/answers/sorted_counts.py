"""How many letters the printer sorted, a day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from notify_core.kernel.errors import InvalidValue, PermanentError
from notify_core.letters.model import Bucket, CostThreshold, SortedCounts
from notify_core.letters.policies.answers import day_of_answers, parse_answers
from notify_core.letters.ports import AnswersWork, LetterStore
from notify_core.letters.tasks.answers import RecordSortedCounts
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class RecordSortedCountsOfFile:
    """The task ``record-daily-sorted-counts``. The day is that of the file, and a file counts once.

    :raises PermanentError: the file is invalid; nothing was counted.
    :raises LetterPdfNotFound: it is not there.
    :raises TransientError: the store is not there now.
    """

    work: UnitOfWorkFactory[AnswersWork]
    letter_store: LetterStore

    def __call__(self, task: RecordSortedCounts, claim: Claim) -> None:
        content = self.letter_store.get(Bucket.RESPONSE, task.file_name)
        try:
            day = day_of_answers(task.file_name)
            counted = Counter(answer.cost_threshold for answer in parse_answers(content))
        except InvalidValue as error:
            # People are told by the task that changes letters.
            raise PermanentError(f"{task.file_name}: {error}") from error
        counts = SortedCounts(day, counted[CostThreshold.SORTED], counted[CostThreshold.UNSORTED])
        with self.work() as work:
            work.answer_files.put_counts(task.file_name, counts)
            work.finish(claim)
            work.commit()


@dataclass(frozen=True)
class ListSortedCounts:
    """Day by day, the last day included."""

    work: UnitOfWorkFactory[AnswersWork]

    def __call__(self, first: date, last: date) -> Sequence[SortedCounts]:
        with self.work(read_only=True) as work:
            return work.answer_files.daily_counts(first, last)
