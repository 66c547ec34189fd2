"""Tickets that nobody sees, for tests and trials."""

from collections.abc import Mapping

from notify_adapters.options import known
from notify_core.ports.tickets import Tickets
from notify_core.testing.fakes.tickets import MemoryTickets

OPTIONS: Mapping[str, str] = {}


def build(options: Mapping[str, str]) -> Tickets:
    known(options, *OPTIONS)
    return MemoryTickets()
