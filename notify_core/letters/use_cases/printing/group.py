"""Putting letters into zips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notify_core.kernel.calendar import parse_datetime
from notify_core.kernel.errors import AlreadyExists, Conflict
from notify_core.letters.model import LetterToPrint, Postage, PrintGroup
from notify_core.letters.policies.grouping import MOST_LETTERS, grouped, zip_name
from notify_core.letters.ports.printing import PrintingWork
from notify_core.letters.tasks.printing import GroupLettersToPrint, ZipAndSendLetters
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True)
class GroupLetters:
    """The task ``group-letters-to-print``: each batch of zips is recorded together with the letters in them and the
    tasks that send them.

    :raises Conflict: a letter was cancelled, or somebody else groups the same, at this moment.
    """

    work: UnitOfWorkFactory[PrintingWork]
    clock: Clock
    # Letters; more than a zip takes, so that each batch has a zip that is full.
    batch: int = 4 * MOST_LETTERS
    # In seconds. A batch is begun within this time, after which the next execution goes on.
    begin_within: float = 60

    def __call__(self, task: GroupLettersToPrint, claim: Claim) -> None:
        unfinished = self._group_for_a_while(parse_datetime(task.deadline))
        with self.work() as work:
            if unfinished:
                work.enqueue(task)
            work.finish(claim)
            work.commit()

    def _group_for_a_while(self, deadline: datetime) -> bool:
        """Whether letters are left."""
        end = self.clock.monotonic() + self.begin_within
        for postage in Postage:
            while self._batch(deadline, postage):
                if self.clock.monotonic() > end:
                    return True
        return False

    def _batch(self, deadline: datetime, postage: Postage) -> bool:
        """Whether there may be another."""
        try:
            with self.work() as work:
                letters = work.letters_to_print.ungrouped(deadline, postage, self.batch)
                groups = list(grouped(letters))
                full = len(letters) == self.batch
                # The last may not be full yet.
                self._record(work, deadline, postage, groups[:-1] if full else groups)
                work.commit()
        except AlreadyExists as error:
            raise Conflict(f"the print run is being grouped elsewhere: {error}") from error
        return full

    def _record(
        self, work: PrintingWork, deadline: datetime, postage: Postage, groups: Sequence[Sequence[LetterToPrint]]
    ) -> None:
        first = work.print_runs.next_number(deadline, postage)
        for number, letters in enumerate(groups, first):
            group = _group(deadline, postage, number, letters)
            work.print_runs.add_group(group)
            work.letters_to_print.put_into(group.zip_name, [letter.id for letter in letters])
            work.enqueue(ZipAndSendLetters(group.zip_name))


def _group(deadline: datetime, postage: Postage, number: int, letters: Sequence[LetterToPrint]) -> PrintGroup:
    keys = tuple(letter.pdf.key for letter in letters if letter.pdf is not None)
    service_id = letters[0].service_id
    return PrintGroup(
        zip_name=zip_name(deadline, postage, number, service_id, keys),
        deadline=deadline,
        postage=postage,
        number=number,
        service_id=service_id,
        keys=keys,
        sheets=sum(letter.sheets for letter in letters),
        pdf_bytes=sum(letter.pdf_bytes or 0 for letter in letters),
    )
