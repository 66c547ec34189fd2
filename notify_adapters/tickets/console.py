"""Tickets on the standard error output, for whoever develops."""

import sys
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import TextIO

from notify_adapters.options import known
from notify_core.kernel.ids import TicketId
from notify_core.ports.tickets import Tickets, TicketText

OPTIONS: Mapping[str, str] = {}

_REMEMBERED = 1000


class ConsoleTickets:
    """``out``: where to; None: the standard error output of the moment."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out
        self._seen: OrderedDict[TicketId, None] = OrderedDict()
        self._lock = Lock()

    def create(self, ticket: TicketText) -> None:
        with self._lock:
            if ticket.id in self._seen:
                return
            self._seen[ticket.id] = None
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
            body = ticket.body.replace("\n", "\n    ")
            out = self._out or sys.stderr
            out.write(f"TICKET {ticket.priority.upper()} {ticket.subject}\n    {body}\n")
            out.flush()


def build(options: Mapping[str, str]) -> Tickets:
    known(options, *OPTIONS)
    return ConsoleTickets()
