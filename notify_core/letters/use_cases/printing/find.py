"""Finding the PDFs of the letters that are due, with as few requests as can be.

Folder by folder, from that of the oldest letter. A listing is read page by page, and what it shows is noted of a
page's letters at once, so that however many there are, a page of them is in memory.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from notify_core.kernel.calendar import format_datetime, parse_datetime
from notify_core.letters.model import Bucket, LetterToPrint, Location, StoredObject
from notify_core.letters.policies.cut_off import deadline_of
from notify_core.letters.policies.grouping import reference_of_pdf, searched_one_by_one
from notify_core.letters.policies.naming import day_folder, print_day, search_prefix
from notify_core.letters.ports.files import LetterPdfNotFound, LetterStore
from notify_core.letters.ports.printing import Due, PrintingWork
from notify_core.letters.tasks.printing import FindLettersToPrint, GroupLettersToPrint
from notify_core.ports.clock import Clock
from notify_core.ports.metrics import Metrics
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)

_PAGE = 1000
_LOGGED = 100


@dataclass(frozen=True)
class FindLetters:
    """The task ``find-letters-to-print``; after the last folder the letters are grouped.

    :raises TransientError: the store is not there; what was found remains so.
    """

    work: UnitOfWorkFactory[PrintingWork]
    clock: Clock
    metrics: Metrics
    letter_store: LetterStore
    # In seconds. A folder or a page of its listing is begun within this time; then the next execution goes on.
    begin_within: float = 60

    def __call__(self, task: FindLettersToPrint, claim: Claim) -> None:
        following = self._search_for_a_while(task)
        with self.work() as work:
            work.enqueue(following)
            work.finish(claim)
            work.commit()

    def _search_for_a_while(self, task: FindLettersToPrint) -> FindLettersToPrint | GroupLettersToPrint:
        """What is to be done next."""
        deadline = parse_datetime(task.deadline)
        after, behind = None if task.after is None else parse_datetime(task.after), task.behind
        end = self.clock.monotonic() + self.begin_within
        while oldest := self._oldest(Due(deadline, after)):
            day = print_day(oldest)
            until = deadline_of(day)
            behind = _Folder(self, Due(deadline, after, until), day).search(behind, end)
            after = after if behind else until
            if self.clock.monotonic() > end:
                return replace(task, after=format_datetime(after), behind=behind)
        return GroupLettersToPrint(task.deadline)

    def _oldest(self, due: Due) -> datetime | None:
        with self.work(read_only=True) as work:
            return work.letters_to_print.oldest(due)


@dataclass(frozen=True)
class _Folder:
    """One folder and the letters whose PDFs should lie in it."""

    run: FindLetters
    due: Due
    day: date

    @property
    def name(self) -> str:
        return day_folder(self.day)

    @property
    def _made(self) -> Due:
        """Those that may have a PDF."""
        return replace(self.due, with_pdf=True)

    def search(self, behind: str, end: float) -> str:
        """Returns the key behind which to go on, where there was not time enough for all."""
        due, files = self._known()
        if searched_one_by_one(due, files):
            self._look_up()
        elif reached := self._list(due, behind, end):
            return reached
        self._report_missing()
        return ""

    def _known(self) -> tuple[int, int]:
        """How many letters are due, and how many files there are at least."""
        with self.run.work(read_only=True) as work:
            due = work.letters_to_print.count_unfound(self._made)
            printed = work.print_runs.printed(deadline_of(self.day)).volume.letters
        return due, due + printed

    def _look_up(self) -> None:
        """One request for each letter."""
        with self.run.work(read_only=True) as work:
            wanted = work.letters_to_print.unfound(self._made, _PAGE)
        for letter in wanted:
            prefix = search_prefix(Bucket.PDF, letter.file_reference, letter.created_at)
            with suppress(LetterPdfNotFound):  # told below
                file = self.run.letter_store.find(Bucket.PDF, prefix)
                self._found([letter] if reference_of_pdf(file.key) else [], [file])

    def _list(self, due: int, behind: str, end: float) -> str:
        """A request for every 1,000 files, until no letter is left, or one, which is looked up: the next page may be
        the last, and be had for nothing. Returns as :meth:`search`."""
        listing = self.run.letter_store.listing(Bucket.PDF, self.name, behind)
        while page := list(islice(listing, _PAGE)):
            wanted = self._due_in(page)
            self._found(wanted, page)
            due -= len(wanted)
            if len(page) < _PAGE:
                break
            if due <= 1:
                self._look_up()
                break
            if self.run.clock.monotonic() > end:
                return page[-1].key
        return ""

    def _due_in(self, page: Sequence[StoredObject]) -> Sequence[LetterToPrint]:
        references = {reference for file in page if (reference := reference_of_pdf(file.key))}
        with self.run.work(read_only=True) as work:
            return work.letters_to_print.unfound_of(self._made, sorted(references))

    def _found(self, letters: Sequence[LetterToPrint], files: Sequence[StoredObject]) -> None:
        """Note where the PDFs are: under the names that are known, or under whatever others they were found."""
        by_reference: dict[str | None, StoredObject] = {}
        for file in files:
            by_reference.setdefault(reference_of_pdf(file.key), file)
        by_key = {file.key: file for file in files}
        with self.run.work() as work:
            for letter in letters:
                at = by_key.get(letter.pdf.key if letter.pdf else "", by_reference[letter.file_reference])
                if letter.pdf != Location(Bucket.PDF, at.key) or letter.pdf_bytes != at.size:
                    work.letters_to_print.found_elsewhere(letter.id, Location(Bucket.PDF, at.key), at.size)
            work.letters_to_print.found(self.due.deadline, [letter.id for letter in letters])
            work.commit()

    def _report_missing(self) -> None:
        with self.run.work(read_only=True) as work:
            number = work.letters_to_print.count_unfound(self.due)
            some = work.letters_to_print.unfound(self.due, _LOGGED) if number else []
        if number:
            self.run.metrics.count("letters.print-run.missing-pdf", number)
            _log.error("%d letters have no PDF in %s and wait for another print run", number, self.name)
        for letter in some:
            _log.error("a letter has no PDF", extra={"notification_id": str(letter.id)})
