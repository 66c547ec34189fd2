"""What a deployment decides about broadcasts."""

from dataclasses import dataclass
from datetime import timedelta

from notify_core.ports.tickets import TicketPriority


@dataclass(frozen=True, slots=True)
class BroadcastRules:
    """``live``: the environment is exactly ``live``; only then are people called out.

    ``duration`` is how long an alert lasts whose author did not say; ``runbook_url`` may be empty. ``sender`` (a
    domain, or an address in it) and ``headline`` are frozen into each event. Source: broadcasts.md, sections 1 to 3.
    """

    live: bool = False
    duration: timedelta = timedelta(hours=4)
    headline: str = "GOV.UK Notify Broadcast"
    sender: str = "notifications.service.gov.uk"
    ticket_priority: TicketPriority = TicketPriority.P1
    admin_base_url: str = "http://localhost:6012"
    runbook_url: str = ""
