"""Telling people on call of letters."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from notify_core.alarms.use_cases import RaiseTicket
from notify_core.letters.policies import LetterRules
from notify_core.letters.ports import LettersWork
from notify_core.ports.tickets import TicketPriority

_log = logging.getLogger(__name__)

# A log line with more is cut by what collects them.
_IN_A_LINE = 100


@dataclass(frozen=True)
class TellsPeople:
    """What a use case about letters is that may have to raise a ticket."""

    letter_rules: LetterRules
    raise_ticket: RaiseTicket

    def tell(self, work: LettersWork, subject: str, *lines: str) -> None:
        """A ticket with this subject, where this deployment has any. It says how many; which ones is in the log."""
        if self.letter_rules.raises_tickets:
            body = self.letter_rules.body(*lines)
            self.raise_ticket(work, subject=subject, body=body, priority=TicketPriority.NORMAL)


def log_letters(level: int, what: str, ids: Sequence[UUID | str]) -> None:
    """A line for every hundred: ``what``, how many there are in all, and which."""
    for some in _portions(ids):
        _log.log(level, "%s (%d): %s", what, len(ids), ", ".join(map(str, some)))


def _portions(ids: Iterable[UUID | str]) -> Iterator[Sequence[UUID | str]]:
    left = iter(ids)
    while some := list(islice(left, _IN_A_LINE)):
        yield some
