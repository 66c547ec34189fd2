"""What letters need from outside."""

from notify_core.letters.ports.answers import (
    AnswerFiles,
    AnswersWork,
    LetterAnnouncements,
    ReturnedLetters,
    WaitingAnswers,
)
from notify_core.letters.ports.calendar import BankHolidays
from notify_core.letters.ports.files import LetterPdfNotFound, LetterStore
from notify_core.letters.ports.history import History, HistoryWork
from notify_core.letters.ports.rendering import LetterRenderer, LetterUnprintable, RenderedLetter
from notify_core.letters.ports.sanitising import LetterSanitiser, SanitisedLetter
from notify_core.letters.ports.storage import LetterFilter, LetterRates, LetterRatesWork, Letters, LettersWork

__all__ = [
    "AnswerFiles",
    "AnswersWork",
    "BankHolidays",
    "History",
    "HistoryWork",
    "LetterAnnouncements",
    "LetterFilter",
    "LetterPdfNotFound",
    "LetterRates",
    "LetterRatesWork",
    "LetterRenderer",
    "LetterSanitiser",
    "LetterStore",
    "LetterUnprintable",
    "Letters",
    "LettersWork",
    "RenderedLetter",
    "ReturnedLetters",
    "SanitisedLetter",
    "WaitingAnswers",
]
