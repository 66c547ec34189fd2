"""What the printer and the post answer."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from notify_core.kernel.ids import NotificationId, ServiceId


class CostThreshold(StrEnum):
    """Whether the printer could sort a letter for the post, which is cheaper."""

    SORTED = "sorted"
    UNSORTED = "unsorted"


@dataclass(frozen=True, slots=True)
class PrinterAnswer:
    """What the printer says of one letter: ``status`` in its own word, ``pages`` as it counts them, sheets."""

    file_reference: str
    status: str
    pages: int
    cost_threshold: CostThreshold


@dataclass(frozen=True, slots=True)
class AnswerCounts:
    """What became of answers: ``printed`` and ``failed`` letters, those that ``waiting`` answers wait for because our
    own record of sending them is not there yet, ``unknown`` ones, and ``late`` answers for letters past changing."""

    printed: int = 0
    failed: int = 0
    waiting: int = 0
    unknown: int = 0
    late: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


class AnswerFileState(StrEnum):
    FOUND = "found"
    INVALID = "invalid"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file of the printer's answers, from the moment we know of it. ``lines`` is how many answers have been applied
    so far, ``read_at`` when all had been, or when it was found to be invalid, with the ``fault`` given."""

    name: str
    found_at: datetime
    state: AnswerFileState = AnswerFileState.FOUND
    lines: int = 0
    counts: AnswerCounts = AnswerCounts()
    fault: str | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SortedCounts:
    """How many letters of a day the printer sorted; ``day`` is a London one."""

    day: date
    sorted: int
    unsorted: int


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """A letter that the post brought back; ``reported_at`` is when we were told."""

    notification_id: NotificationId
    service_id: ServiceId
    reported_at: datetime
