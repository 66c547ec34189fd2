"""Letters: what is sent, how it is printed, and what is answered."""

from notify_core.letters.model.answers import (
    AnswerCounts,
    AnswerFile,
    AnswerFileState,
    CostThreshold,
    PrinterAnswer,
    ReturnedLetter,
    SortedCounts,
)
from notify_core.letters.model.letter import (
    PROVIDED_AS_PDF,
    Bucket,
    Letter,
    LetterRate,
    Location,
    Postage,
    StoredObject,
)
from notify_core.letters.model.past import PastMessage
from notify_core.letters.model.printing import (
    LetterToPrint,
    Printed,
    PrintGroup,
    PrintRun,
    Volume,
)

__all__ = [
    "PROVIDED_AS_PDF",
    "AnswerCounts",
    "AnswerFile",
    "AnswerFileState",
    "Bucket",
    "CostThreshold",
    "Letter",
    "LetterRate",
    "LetterToPrint",
    "Location",
    "PastMessage",
    "Postage",
    "PrintGroup",
    "PrintRun",
    "Printed",
    "PrinterAnswer",
    "ReturnedLetter",
    "SortedCounts",
    "StoredObject",
    "Volume",
]
