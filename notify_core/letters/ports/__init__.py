"""What letters need from outside."""

from notify_core.letters.ports.calendar import BankHolidays
from notify_core.letters.ports.files import LetterPdfNotFound, LetterStore
from notify_core.letters.ports.rendering import LetterRenderer, LetterUnprintable, RenderedLetter
from notify_core.letters.ports.sanitising import LetterSanitiser, SanitisedLetter
from notify_core.letters.ports.storage import LetterFilter, LetterRates, LetterRatesWork, Letters, LettersWork

__all__ = [
    "BankHolidays",
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
    "SanitisedLetter",
]
