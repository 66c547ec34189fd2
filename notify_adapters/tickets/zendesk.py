"""Tickets in Zendesk."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from notify_adapters.http import HttpClient
from notify_adapters.options import BadOption, known, required, seconds
from notify_core.ports.tickets import TicketPriority, Tickets, TicketText

OPTIONS: Mapping[str, str] = {
    "url": "the account's address, such as https://example.zendesk.com",
    "email": "of the agent whose API key it is",
    "api_key": "the agent's key (secret)",
    "group_id": "the group that tickets go to",
    "organisation_id": "the organisation they are from",
    "timeout": "seconds to wait for the answer (5)",
}


@dataclass(frozen=True)
class ZendeskTickets:
    """The ticket's id is the idempotency key: Zendesk answers a repeat with the first ticket."""

    client: HttpClient
    url: str
    email: str
    api_key: str = field(repr=False)
    group_id: int | None = None
    organisation_id: int | None = None

    def create(self, ticket: TicketText) -> None:
        urgent = ticket.priority is TicketPriority.P1
        document: dict[str, object] = {
            "subject": ticket.subject,
            "comment": {"body": ticket.body},
            "type": "incident",
            "priority": "urgent" if urgent else "normal",
            "tags": ["govuk_notify_emergency" if urgent else "govuk_notify_support"],
        }
        if self.group_id is not None:
            document["group_id"] = self.group_id
        if self.organisation_id is not None:
            document["organization_id"] = self.organisation_id
        self.client.post_json(
            f"{self.url.rstrip('/')}/api/v2/tickets.json",
            {"ticket": document},
            headers={"Idempotency-Key": str(ticket.id)},
            basic_auth=(f"{self.email}/token", self.api_key),
        )


def _number(options: Mapping[str, str], name: str) -> int | None:
    text = options.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise BadOption(f"option {name} must be a number, not {text!r}")
    return int(text)


def build(options: Mapping[str, str]) -> Tickets:
    """Options ``url``, ``email``, ``api_key``, ``group_id``, ``organisation_id``; ``timeout`` in seconds (5)."""
    known(options, *OPTIONS)
    timeout = seconds(options, "timeout", 5)
    return ZendeskTickets(
        HttpClient(connect_timeout=timeout, read_timeout=timeout),
        required(options, "url"),
        required(options, "email"),
        required(options, "api_key"),
        _number(options, "group_id"),
        _number(options, "organisation_id"),
    )
