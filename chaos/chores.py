"""What is done by hand in these runs, since its hour does not come in them: printing, looking for answers, an alarm."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.errors import NotifyError
from notify_core.letters.tasks.answers import LookForAnswers
from notify_core.letters.tasks.printing import CollateLetters
from notify_core.ports.tickets import TicketPriority
from notify_entrypoints.containers import Container

# In seconds.
_PRINT, _PRINT_AT_LAST, _ALARM = 20.0, 5.0, 3.0
# How old the letters of a run are at least: the clock of the worker that begins it may be slow.
_OLD = timedelta(seconds=100)


@dataclass
class Chores:
    """Each is due again after a while; what the database was not there for is due again at once."""

    container: Container
    _done_at: dict[str, float] = field(default_factory=dict, init=False)

    def under_load(self) -> None:
        self._print(_PRINT, _OLD)
        self._raise_alarm()

    def at_last(self) -> None:
        """All clocks are right again, and all letters are old enough."""
        self._print(_PRINT_AT_LAST, timedelta(seconds=2))

    def _print(self, every: float, old: timedelta) -> None:
        if self._is_due("print", every):
            try:
                with self.container.work()() as work:
                    work.enqueue(CollateLetters(str(format_datetime(datetime.now(UTC) - old))))
                    work.enqueue(LookForAnswers())
                    work.commit()
            except NotifyError:
                return
            self._done_at["print"] = time.monotonic()

    def _raise_alarm(self) -> None:
        if self._is_due("alarm", _ALARM):
            try:
                with self.container.work()() as work:
                    self.container.raise_ticket()(work, subject="Chaos", body="Look.", priority=TicketPriority.NORMAL)
                    work.commit()
            except NotifyError:
                return
            self._done_at["alarm"] = time.monotonic()

    def _is_due(self, chore: str, every: float) -> bool:
        return time.monotonic() > self._done_at.get(chore, 0.0) + every
