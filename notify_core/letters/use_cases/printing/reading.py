"""What was printed: the manifest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from notify_core.kernel.calendar import parse_datetime
from notify_core.kernel.errors import InvalidValue, NotFound
from notify_core.letters.model import PrintGroup, PrintRun, Volume
from notify_core.letters.policies.cut_off import deadline_of
from notify_core.letters.ports.printing import PrintingWork
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Manifest:
    """A run and its zips, or some of them."""

    run: PrintRun
    groups: Sequence[PrintGroup]

    @property
    def volume(self) -> Volume:
        """What is in the zips."""
        return sum((Volume(group.letters, group.sheets) for group in self.groups), Volume())

    @property
    def sent(self) -> int:
        """How many of the zips are sent."""
        return sum(group.sent_at is not None for group in self.groups)


@dataclass(frozen=True)
class ListPrintRuns:
    """The latest runs, newest first."""

    work: UnitOfWorkFactory[PrintingWork]

    def __call__(self, limit: int) -> Sequence[Manifest]:
        with self.work(read_only=True) as work:
            return [Manifest(run, work.print_runs.groups(run.deadline)) for run in work.print_runs.latest(limit)]


@dataclass(frozen=True)
class ShowPrintRun:
    """A run by its deadline, or by the day in London whose evening's it is (``2026-01-05``); or one zip by its name.

    :raises NotFound: there is no such run or zip.
    """

    work: UnitOfWorkFactory[PrintingWork]

    def __call__(self, name: str) -> Manifest:
        with self.work(read_only=True) as work:
            if name.upper().endswith(".ZIP"):
                group = work.print_runs.group(name)
                return Manifest(work.print_runs.get(group.deadline), [group])
            deadline = _deadline(name)
            return Manifest(work.print_runs.get(deadline), work.print_runs.groups(deadline))


def _deadline(text: str) -> datetime:
    try:
        return deadline_of(date.fromisoformat(text))
    except ValueError:
        pass
    try:
        return parse_datetime(text)
    except InvalidValue:
        raise NotFound(f"{text!r} is neither a day like 2026-01-05 nor the name of a zip") from None
