"""What happens at which time of the day, in London time, as data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from notify_core.accounts.tasks import ForgetAnswers
from notify_core.broadcasts.tasks import CompleteExpiredBroadcasts, TriggerLinkTests
from notify_core.callbacks.tasks import DeleteCallbackAttempts
from notify_core.documents.tasks import DeleteExpiredDocuments
from notify_core.housekeeping.tasks import CheckFailureRates, DeleteOldMessages, SaveProcessingTime
from notify_core.inbound.tasks import DeleteInboundTexts
from notify_core.jobs.tasks import (
    CheckForMissingRows,
    CheckJobStatus,
    RemoveLetterJobs,
    RemoveSmsEmailJobs,
    RunScheduledJobs,
)
from notify_core.kernel.calendar import LONDON, london_date
from notify_core.kernel.tasks import Task
from notify_core.letters.tasks.answers import LookForAnswers
from notify_core.letters.tasks.printing import CollateLetters
from notify_core.letters.tasks.watching import (
    CheckAcknowledgements,
    CheckPendingScans,
    CheckStillCreated,
    CheckStillSending,
)
from notify_core.notifications.tasks import ReplayCreated, SwitchOnSlowDelivery, TendBackToRest, TimeOutSending

# As datetime.weekday() counts.
EVERY_DAY = frozenset(range(7))
MONDAY_TO_FRIDAY = frozenset(range(5))


class When(Protocol):
    """A rule for due times."""

    def latest(self, now: datetime) -> datetime:
        """The latest due time that is not after ``now``, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class EveryMinutes:
    """On each full multiple of ``minutes`` past the hour.

    Reckoned in UTC: London is whole hours away from it, so the minutes are the same, and clock
    changes neither skip nor repeat a run.
    """

    minutes: int

    def __post_init__(self) -> None:
        if self.minutes < 1 or 60 % self.minutes:
            raise ValueError(f"an hour has no whole number of {self.minutes} minutes")

    def __str__(self) -> str:
        return "every minute" if self.minutes == 1 else f"every {self.minutes} minutes"

    def latest(self, now: datetime) -> datetime:
        instant = now.astimezone(UTC)
        return instant.replace(minute=instant.minute - instant.minute % self.minutes, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class At:
    """At these times on London clocks, on these days of the week; exactly once a day each.

    A time that the clocks skip in spring falls an hour later that day; of one that they repeat
    in autumn the first counts.
    """

    times: tuple[time, ...]
    weekdays: frozenset[int]

    def __post_init__(self) -> None:
        if not self.times or not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError("a schedule needs times, and weekdays from 0 (Monday) to 6")

    def __str__(self) -> str:
        names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        days = () if self.weekdays == EVERY_DAY else (names[day] for day in sorted(self.weekdays))
        return " ".join((*days, ", ".join(f"{at:%H:%M}" for at in self.times)))

    def latest(self, now: datetime) -> datetime:
        today = london_date(now)
        # A week and a day back there certainly was one; clock changes never move a time to another date.
        for days in range(8):
            day = today - timedelta(days=days)
            if day.weekday() not in self.weekdays:
                continue
            dues = (datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC) for at in self.times)
            if past := [due for due in dues if due <= now]:
                return max(past)
        raise AssertionError("unreachable: a week holds every weekday")  # pragma: no cover


def every_minutes(minutes: int) -> EveryMinutes:
    """On each full multiple of ``minutes`` past the hour; it must divide 60."""
    return EveryMinutes(minutes)


def at(*times: str, weekdays: Iterable[int] = EVERY_DAY) -> At:
    """At these ``HH:MM`` on London clocks."""
    return At(tuple(time.fromisoformat(text) for text in times), frozenset(weekdays))


@dataclass(frozen=True)
class ScheduleEntry:
    """``task`` is enqueued at each due time; ``name`` is its mark's and its heartbeat's."""

    task: Task
    when: When

    @property
    def name(self) -> str:
        return self.task.name


SCHEDULE: tuple[ScheduleEntry, ...] = (
    ScheduleEntry(CompleteExpiredBroadcasts(), every_minutes(1)),
    ScheduleEntry(CheckJobStatus(), every_minutes(1)),
    ScheduleEntry(CheckForMissingRows(), every_minutes(10)),
    ScheduleEntry(RunScheduledJobs(), every_minutes(15)),
    ScheduleEntry(SwitchOnSlowDelivery(), every_minutes(1)),
    ScheduleEntry(TendBackToRest(), every_minutes(5)),
    ScheduleEntry(ReplayCreated(), every_minutes(15)),
    ScheduleEntry(LookForAnswers(), every_minutes(15)),
    ScheduleEntry(TriggerLinkTests(), every_minutes(15)),
    ScheduleEntry(ForgetAnswers(), every_minutes(60)),
    ScheduleEntry(TimeOutSending(), at("00:05")),
    ScheduleEntry(DeleteInboundTexts(), at("01:40")),
    ScheduleEntry(SaveProcessingTime(), at("02:00")),
    ScheduleEntry(DeleteOldMessages(), at("03:00")),
    ScheduleEntry(CheckFailureRates(), at("10:30", weekdays=MONDAY_TO_FRIDAY)),
    ScheduleEntry(CheckStillCreated(), at("09:00", weekdays=MONDAY_TO_FRIDAY)),
    ScheduleEntry(CheckPendingScans(), at("09:00", "15:00", weekdays=MONDAY_TO_FRIDAY)),
    ScheduleEntry(CheckStillSending(), at("15:30")),
    ScheduleEntry(CheckAcknowledgements(), at("23:00")),
    ScheduleEntry(DeleteExpiredDocuments(), at("03:30")),
    ScheduleEntry(DeleteCallbackAttempts(), at("03:40")),
    ScheduleEntry(RemoveSmsEmailJobs(), at("04:00")),
    ScheduleEntry(RemoveLetterJobs(), at("04:20")),
    ScheduleEntry(CollateLetters(), at("17:50")),
)

# The names that the heartbeats know: those of the schedule, no others.
SCHEDULED: frozenset[str] = frozenset(entry.name for entry in SCHEDULE)
