"""What the printer and the post answer."""

from notify_core.letters.use_cases.answers.announce import (
    AcceptAnnouncement,
    BringAnswers,
    ListAnswerFiles,
    LookForAnswerFiles,
)
from notify_core.letters.use_cases.answers.apply import ApplyAnswersThatWaited, UpdateStatusesFromFile
from notify_core.letters.use_cases.answers.returned import ListReturnedLetters, ProcessReturnedList, ReportReturned
from notify_core.letters.use_cases.answers.sorted_counts import ListSortedCounts, RecordSortedCountsOfFile

__all__ = [
    "AcceptAnnouncement",
    "ApplyAnswersThatWaited",
    "BringAnswers",
    "ListAnswerFiles",
    "ListReturnedLetters",
    "ListSortedCounts",
    "LookForAnswerFiles",
    "ProcessReturnedList",
    "RecordSortedCountsOfFile",
    "ReportReturned",
    "UpdateStatusesFromFile",
]
