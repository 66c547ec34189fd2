"""What is kept of the printer's answers, and who announces them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from notify_core.kernel.ids import ServiceId
from notify_core.letters.model import AnswerFile, PrinterAnswer, ReturnedLetter, SortedCounts
from notify_core.letters.ports.history import HistoryWork
from notify_core.notifications.ports import ReceiptRequest


class AnswerFiles(Protocol):
    """Response files that we know of, so that each is applied once, however often we hear of it."""

    def add(self, file: AnswerFile) -> None:
        """One of this name that is there already stays as it is."""
        ...

    def named(self, names: Sequence[str]) -> Mapping[str, AnswerFile]:
        """Those of these names; what is unknown is left out."""
        ...

    def put(self, file: AnswerFile) -> None:
        """Add it, or replace the one of this name."""
        ...

    def newest(self, limit: int = 100) -> Sequence[AnswerFile]:
        """Those found last, newest first."""
        ...

    def put_counts(self, file_name: str, counts: SortedCounts) -> None:
        """What a file counts for its day; replaces what it counted before."""
        ...

    def daily_counts(self, first: date, last: date) -> Sequence[SortedCounts]:
        """The sums of all files of each day, the last day included, in order; days without a file are left out."""
        ...

    def delete_before(self, moment: datetime, limit: int) -> int:
        """Delete up to ``limit`` files that were found before ``moment``; returns how many. What they counted stays."""
        ...

    def delete_counts_before(self, day: date, limit: int) -> int:
        """Delete up to ``limit`` files' counts for days before ``day``; returns how many."""
        ...


class WaitingAnswers(Protocol):
    """Answers for letters that we have not recorded as sent yet; one a letter."""

    def keep(self, answers: Sequence[PrinterAnswer]) -> None:
        """An answer for the same letter replaces the earlier one."""
        ...

    def first(self, limit: int, after: str = "") -> Sequence[PrinterAnswer]:
        """In the order of their references, from behind ``after``."""
        ...

    def forget(self, references: Sequence[str]) -> None: ...


class ReturnedLetters(Protocol):
    def add_many(self, letters: Sequence[ReturnedLetter]) -> None:
        """A letter that is there already stays as it is."""
        ...

    def of_service(self, service_id: ServiceId, limit: int = 1000) -> Sequence[ReturnedLetter]:
        """Those reported last, newest first."""
        ...

    def delete_before(self, service_id: ServiceId, moment: datetime, limit: int) -> int:
        """Delete up to ``limit`` of the service's that were reported before ``moment``; returns how many."""
        ...


class AnswersWork(HistoryWork, Protocol):
    @property
    def answer_files(self) -> AnswerFiles: ...

    @property
    def waiting_answers(self) -> WaitingAnswers: ...

    @property
    def returned_letters(self) -> ReturnedLetters: ...


class LetterAnnouncements(Protocol):
    """Reads what announces that files were written to the response bucket."""

    def translate(self, request: ReceiptRequest) -> Sequence[str]:
        """The keys of the files in one request, of whatever kind; may be none (a subscription's confirmation).

        :raises ReceiptUnreadable: it is not understood.
        :raises ReceiptForged: its signature is missing or wrong.
        :raises TransientError: what is needed to check the signature cannot be had now; it will come again.
        """
        ...
