"""What was printed: the manifest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from notify_core.kernel.calendar import parse_datetime
from notify_core.kernel.errors import InvalidValue, NotFound
from notify_core.letters.model import Printed, PrintGroup, PrintRun
from notify_core.letters.policies.cut_off import deadline_of
from notify_core.letters.ports.printing import PrintingWork
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Manifest:
    """A run with what it printed, and its zips, or one of them."""

    run: PrintRun
    printed: Printed
    groups: Sequence[PrintGroup] = ()


@dataclass(frozen=True)
class ListPrintRuns:
    """The latest runs, newest first, without their zips."""

    work: UnitOfWorkFactory[PrintingWork]

    def __call__(self, limit: int) -> Sequence[Manifest]:
        with self.work(read_only=True) as work:
            runs = work.print_runs
            return [Manifest(run, runs.printed(run.deadline)) for run in runs.latest(limit)]


@dataclass(frozen=True)
class ShowPrintRun:
    """A run by its deadline, or by the day in London whose evening's it is (``2026-01-05``); or one zip by its name.

    :raises NotFound: there is no such run or zip.
    """

    work: UnitOfWorkFactory[PrintingWork]

    def __call__(self, name: str) -> Manifest:
        with self.work(read_only=True) as work:
            runs = work.print_runs
            if name.upper().endswith(".ZIP"):
                group = runs.group(name)
                return Manifest(runs.get(group.deadline), runs.printed(group.deadline), [group])
            deadline = _deadline(name)
            return Manifest(runs.get(deadline), runs.printed(deadline), runs.groups(deadline))


def _deadline(text: str) -> datetime:
    try:
        return deadline_of(date.fromisoformat(text))
    except ValueError:
        pass
    try:
        return parse_datetime(text)
    except InvalidValue:
        raise NotFound(f"{text!r} is neither a day like 2026-01-05 nor the name of a zip") from None
