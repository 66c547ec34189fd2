"""Making the events that tell the networks what to do, in the transaction of the change itself."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notify_core.accounts.model import BroadcastSettings, Service
from notify_core.alarms.use_cases import RaiseTicket
from notify_core.broadcasts.events import BroadcastInstructed
from notify_core.broadcasts.model import BroadcastEvent, BroadcastMessage
from notify_core.broadcasts.policies.events import alert_event, cancel_event, update_event
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.broadcasts.ports import BroadcastsWork
from notify_core.kernel.ids import BroadcastEventId
from notify_core.ports.random_source import RandomSource

logger = logging.getLogger(__name__)

# As much of the text as a ticket quotes.
QUOTED = 100


@dataclass(frozen=True)
class Instructor:
    """Creates events, has them sent where they may be, and calls people out for a live alert."""

    random: RandomSource
    rules: BroadcastRules
    raise_ticket: RaiseTicket

    def alert(
        self,
        work: BroadcastsWork,
        message: BroadcastMessage,
        service: Service,
        *,
        settings: BroadcastSettings,
        providers: Sequence[str],
        now: datetime,
    ) -> None:
        """The first event of ``message``, which goes to these networks."""
        event = alert_event(message, settings, providers, self.rules, event_id=self._new_id(), now=now)
        if self._instruct(work, event, message, service) and self.rules.live:
            self.raise_ticket(
                work,
                subject="Live broadcast sent",
                body=_ticket_body(event, self.rules),
                priority=self.rules.ticket_priority,
            )

    def update(self, work: BroadcastsWork, message: BroadcastMessage, service: Service, now: datetime) -> None:
        """The event that says what the live ``message`` has become."""
        earlier = work.broadcast_events.of_message(message.id)
        self._instruct(work, update_event(message, earlier, self._new_id(), now), message, service)

    def cancel(self, work: BroadcastsWork, message: BroadcastMessage, service: Service, now: datetime) -> None:
        """The last event of ``message``."""
        earlier = work.broadcast_events.of_message(message.id)
        self._instruct(work, cancel_event(earlier, self._new_id(), now), message, service)

    def _new_id(self) -> BroadcastEventId:
        return BroadcastEventId(self.random.uuid())

    def _instruct(
        self, work: BroadcastsWork, event: BroadcastEvent, message: BroadcastMessage, service: Service
    ) -> bool:
        """Keep the event; have it sent unless it is only practice. Returns whether it will be sent."""
        work.broadcast_events.add(event)
        stubbed = message.stubbed is not None
        if stubbed != service.restricted:
            logger.error(
                "Broadcast event %s is not sent: the message is %s but the service is in %s mode",
                event.id,
                "stubbed" if stubbed else "not stubbed",
                "training" if service.restricted else "live",
                extra={"broadcast_event_id": str(event.id), "broadcast_message_id": str(message.id)},
            )
        if stubbed or service.restricted:
            return False
        work.record(BroadcastInstructed(message.id, event.id, event.service_id))
        return True


def _ticket_body(event: BroadcastEvent, rules: BroadcastRules) -> str:
    link = f"{rules.admin_base_url}/services/{event.service_id}/current-alerts/{event.broadcast_message_id}"
    lines = [
        "A live alert is going out to the mobile networks.",
        "",
        link,
        "",
        f"Channel: {event.channel}",
        f"Areas: {', '.join(event.areas)}",
        f"Content: {event.content[:QUOTED]}",
    ]
    if rules.runbook_url:
        lines += ["", f"What to do now: {rules.runbook_url}"]
    return "\n".join(lines)
