"""What the networks would be told, or were, to the letter; nothing is sent, and nothing stored."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from notify_core.accounts.model import BroadcastSettings
from notify_core.broadcasts.model import BroadcastEvent, BroadcastMessage, Revision, instruction_for
from notify_core.broadcasts.policies.changes import (
    alert_targets,
    check_drawn,
    check_move,
    check_service_active,
    needed_settings,
)
from notify_core.broadcasts.policies.duration import check_duration
from notify_core.broadcasts.policies.events import alert_event, update_event
from notify_core.broadcasts.policies.network_view import NetworkView, acknowledged_late
from notify_core.broadcasts.policies.rehearsal import presumed, provisional_copy, provisional_event_id
from notify_core.broadcasts.policies.revisions import revised
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.broadcasts.policies.sequencing import BroadcastIntegrityError, Situation, verdict_on
from notify_core.broadcasts.ports import BroadcastsWork, NetworkProfile, NetworkRefuses, Networks
from notify_core.broadcasts.states import EDITABLE, MessageStatus, ProviderMessageStatus, RevisionStatus
from notify_core.broadcasts.use_cases.known import Known, known_of
from notify_core.broadcasts.use_cases.views import Json
from notify_core.kernel.errors import Forbidden, NotAllowed, NotFound
from notify_core.kernel.ids import BroadcastMessageId
from notify_core.ports.clock import Clock
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class _Planned:
    """An event that is there, or one that an approval would make of ``message`` now, with what the approval would
    be refused for; no ``event``: not even that much is known."""

    message: BroadcastMessage
    event: BroadcastEvent | None
    provisional: bool = False
    refusals: Sequence[str] = ()


@dataclass(frozen=True)
class DryRun:
    """Each event of a message, and what each of its networks is told of it: functions, payload and XML.

    Of what is not approved yet (the message itself, or a revision that waits) the event that an approval now would
    make. ``provisional``: identifiers, numbers and times of sending are not the real ones; references presume that
    whatever comes before is acknowledged. ``refusals`` say what stands in the way at this moment; what no network
    would take has neither payload nor XML.

    :raises NotFound: no such message.
    """

    work: UnitOfWorkFactory[BroadcastsWork]
    clock: Clock
    networks: Networks
    broadcast_rules: BroadcastRules

    def __call__(self, message_id: BroadcastMessageId) -> Json:
        with self.work(read_only=True) as work:
            message = work.broadcast_messages.get(message_id)
            known = known_of(work, message, work.broadcast_events.of_message(message_id))
            settings = work.settings.broadcast(message.service_id)
        now = self.clock.now()
        planned = [_Planned(message, event) for event in known.events]
        if message.status in EDITABLE:
            planned.append(self._approved(known, settings, now))
        planned += [
            _revised(known, one, now) for one in known.revisions if one.status is RevisionStatus.PENDING_APPROVAL
        ]
        return {
            "broadcast_message_id": str(message.id),
            "events": [self._event(one, known, now) for one in planned],
        }

    def _approved(self, known: Known, settings: BroadcastSettings | None, now: datetime) -> _Planned:
        """The alert, as somebody's approval would make it now."""
        message, refusals = known.message, list[str]()
        with _noting(refusals):
            check_service_active(known.service)
        with _noting(refusals):
            check_move(message, MessageStatus.BROADCASTING)
        with _noting(refusals):
            check_drawn(message.id, message)
        event = None
        with _noting(refusals):
            event = self._alert(message, needed_settings(known.service, settings), refusals, now)
        return _Planned(message, event, provisional=True, refusals=refusals)

    def _alert(
        self, message: BroadcastMessage, settings: BroadcastSettings, refusals: list[str], now: datetime
    ) -> BroadcastEvent:
        enabled = self.networks.enabled()
        with _noting(refusals):
            alert_targets(settings, enabled)
        # Also where approval is refused because the service's only network is disabled.
        targets = enabled if settings.provider is None else (settings.provider,)
        event_id = provisional_event_id(1)
        event = alert_event(message, settings, targets, self.broadcast_rules, event_id=event_id, now=now)
        with _noting(refusals):
            check_duration(message.id, now, event.finishes_at, settings.channel)
        return event

    def _event(self, planned: _Planned, known: Known, now: datetime) -> Json:
        event = planned.event
        return {
            "id": None if event is None or planned.provisional else str(event.id),
            "message_type": "alert" if event is None else event.type.value,
            "provisional": planned.provisional,
            "refusals": list(planned.refusals),
            "networks": [] if event is None else self._at_networks(planned.message, event, known, now),
        }

    def _at_networks(self, message: BroadcastMessage, event: BroadcastEvent, known: Known, now: datetime) -> list[Json]:
        events = known.events if event in known.events else (*known.events, event)
        late = acknowledged_late(known.copies, known.attempts)
        return [
            self._at_network(
                Situation(
                    event=event,
                    message=message,
                    service=known.service,
                    view=NetworkView.of(provider, events, known.copies, late),
                    enabled=self.networks.enabled(),
                    now=now,
                )
            )
            for provider in event.providers
        ]

    def _at_network(self, situation: Situation) -> Json:
        provider, refusals = situation.view.provider, list[str]()
        shown: Json = {"functions": [], "payload": None, "xml": None}
        with _noting(refusals):
            profile = self.networks.profile(provider)
            shown["functions"] = list(profile.functions)
            self._note_what_stands_in_its_way(situation, refusals)
            shown |= self._told(situation, profile)
        return {"provider": provider, "provisional": situation.own is None, "refusals": refusals, **shown}

    def _note_what_stands_in_its_way(self, situation: Situation, refusals: list[str]) -> None:
        if situation.own is not None and situation.own.status is ProviderMessageStatus.RETURNED_ACK:
            return
        if not self.networks.is_connected(situation.view.provider):
            refusals.append("the network is not connected")
        with _noting(refusals):
            verdict_on(situation)

    def _told(self, situation: Situation, profile: NetworkProfile) -> Json:
        event, now, needs_number = situation.event, situation.now, profile.needs_number
        own = situation.own or provisional_copy(event, profile.name, now, needs_number=needs_number)
        references = presumed(situation.view, now, needs_number=needs_number).references(event)
        preview = self.networks.preview(profile.name, instruction_for(event, own, references), now)
        return {"payload": dict(preview.payload), "xml": preview.xml}


def _revised(known: Known, revision: Revision, now: datetime) -> _Planned:
    """The update, as somebody's approval of ``revision`` would make it now."""
    message, latest, refusals = known.message, known.events[-1], list[str]()
    with _noting(refusals):
        check_service_active(known.service)
    with _noting(refusals):
        check_drawn(message.id, revision)
    with _noting(refusals):
        check_duration(message.id, latest.starts_at, revision.finishes_at, latest.channel, now=now)
    becomes = revised(message, revision, now)
    event = update_event(becomes, known.events, provisional_event_id(latest.number + 1), now)
    return _Planned(becomes, event, provisional=True, refusals=refusals)


@contextmanager
def _noting(refusals: list[str]) -> Iterator[None]:
    """What is refused in here is noted, and the rest of it left out."""
    try:
        yield
    except (Forbidden, NotAllowed, BroadcastIntegrityError, NetworkRefuses, NotFound) as refused:
        refusals.append(str(refused))
