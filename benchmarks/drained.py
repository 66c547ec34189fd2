"""Whether approved alerts have drained: not one lost, doubled or out of order, by what the networks remember and
what the database says. A proof for benchmarks and tests alike."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from notify_adapters.cbc.fake_store import Broadcast, Call, FakeNetworkStore
from notify_core.broadcasts.model import BroadcastEvent, EventType, ProviderMessage
from notify_core.broadcasts.states import ProviderMessageStatus
from notify_core.kernel.errors import Conflict, NotAllowed
from notify_core.kernel.ids import BroadcastEventId, BroadcastMessageId
from notify_core.ports.task_ledger import EntryState, LedgerEntry

NUMBERED = "vodafone"
# What callers are told of a call that a script made fail; any other answer is the network's refusal.
_TAKEN, _SCRIPTED = "acknowledged", ": scripted"
_ALL = 1_000_000

Expected = Mapping[BroadcastMessageId, Sequence[EventType]]


class HasParts(Protocol):
    """The parts of a container that are needed here."""

    work: Any
    ledger: Any
    replay_broadcast: Any


@dataclass(frozen=True)
class Seen:
    """``events`` and ``copies`` are the database's, ``broadcasts`` and ``calls`` the networks', oldest first;
    ``rows`` is what is left to do, or failed."""

    events: Mapping[BroadcastMessageId, Sequence[BroadcastEvent]]
    copies: Sequence[ProviderMessage]
    broadcasts: Sequence[Broadcast]
    calls: Sequence[Call]
    rows: Sequence[LedgerEntry]

    @property
    def repeats(self) -> int:
        """How often a network was told what it had taken already."""
        taken = Counter((call.network, call.identifier) for call in self.calls if call.answer == _TAKEN)
        return sum(count - 1 for count in taken.values())


def look(container: HasParts, networks: FakeNetworkStore, messages: Collection[BroadcastMessageId]) -> Seen:
    with container.work()(read_only=True) as work:
        events = work.broadcast_events.of_messages(messages)
        copies = work.provider_messages.of_messages(messages)
    return Seen(
        events=events,
        copies=[copy for message in messages for copy in copies[message]],
        broadcasts=networks.broadcasts(),
        calls=[call for call in networks.calls(limit=_ALL) if call.message_type != "test"],
        rows=container.ledger().entries(limit=_ALL),
    )


def at_rest(container: HasParts, expected: Expected) -> bool:
    """Whether everything expected was instructed, and nothing of it waits or failed."""
    with container.work()(read_only=True) as work:
        events = work.broadcast_events.of_messages(list(expected))
    approved = all(len(events[message]) == len(types) for message, types in expected.items())
    return approved and not container.ledger().entries(limit=1)


def acknowledged(container: HasParts, messages: Collection[BroadcastMessageId]) -> Mapping[BroadcastMessageId, int]:
    """How many events of each message all of its networks have acknowledged."""
    with container.work()(read_only=True) as work:
        events = work.broadcast_events.of_messages(messages)
        copies = work.provider_messages.of_messages(messages)
    taken = Counter(
        copy.broadcast_event_id
        for message in messages
        for copy in copies[message]
        if copy.status is ProviderMessageStatus.RETURNED_ACK
    )
    return {message: sum(taken[one.id] == len(one.providers) for one in events[message]) for message in messages}


def replay_failed(container: HasParts) -> int:
    """What an operator does about instructions that were approved before the network had acknowledged the earlier
    ones: replays those whose turn has come. Returns how many."""
    replayed = 0
    for row in container.ledger().entries(state=EntryState.FAILED, limit=_ALL):
        event, provider = row.arguments.get("broadcast_event_id"), row.arguments.get("provider")
        if event is None or provider is None:
            continue
        try:
            container.replay_broadcast()(BroadcastEventId(UUID(str(event))), str(provider))
        except (NotAllowed, Conflict):
            continue  # not yet
        replayed += 1
    return replayed


def violations(seen: Seen, expected: Expected, networks: Collection[str]) -> list[str]:
    """Everything that is not as it must be, in words."""
    found = [
        *_instructed(seen, expected, networks),
        *_acknowledged(seen, networks),
        *_on_air(seen),
        *_in_order(seen),
        *_numbered(seen),
        *_refused(seen),
    ]
    found += [f"left in the ledger: {row.task} {row.state} {row.arguments}: {row.reason}" for row in seen.rows]
    return found


def _instructed(seen: Seen, expected: Expected, networks: Collection[str]) -> Iterator[str]:
    for message, types in expected.items():
        events = seen.events.get(message, ())
        if (became := [event.type for event in events]) != list(types):
            yield f"message {message}: approved {_words(types)}, instructed {_words(became)}"
        for event in events:
            if sorted(event.providers) != sorted(networks):
                yield f"{event.type} {event.id} is for {_words(event.providers)}"


def _acknowledged(seen: Seen, networks: Collection[str]) -> Iterator[str]:
    copies = Counter((copy.broadcast_event_id, copy.provider) for copy in seen.copies)
    for event in _events(seen):
        for network in networks:
            if (count := copies[event.id, network]) != 1:
                yield f"{event.type} {event.id}: {count} provider messages for {network}"
    for copy in seen.copies:
        if copy.status is not ProviderMessageStatus.RETURNED_ACK:
            yield f"provider message {copy.id} at {copy.provider} is {copy.status}"


def _on_air(seen: Seen) -> Iterator[str]:
    """Each copy was broadcast once, with its event's words, and nothing else was."""
    events = {event.id: event for event in _events(seen)}
    heard = Counter((one.network, one.identifier) for one in seen.broadcasts)
    known = {(copy.provider, str(copy.id)): events.get(copy.broadcast_event_id) for copy in seen.copies}
    for (network, identifier), count in heard.items():
        if (network, identifier) not in known:
            yield f"{network} broadcast {identifier}, which nobody knows"
        if count > 1:
            yield f"{network} broadcast {identifier} {count} times"
    for (network, identifier), event in known.items():
        if not heard[network, identifier]:
            yield f"{network} never broadcast {identifier}{f', the {event.type} {event.id}' if event else ''}"
    for one in seen.broadcasts:
        event = known.get((one.network, one.identifier))
        said = (one.message_type, one.payload.get("description"))
        if event and said != (event.type, None if event.type is EventType.CANCEL else event.content):
            yield f"{one.network} broadcast {one.identifier} as {said}, which is not what its event says"


def _in_order(seen: Seen) -> Iterator[str]:
    numbers = {event.id: event.number for event in _events(seen)}
    copies = {(copy.provider, str(copy.id)): copy for copy in seen.copies}
    heard: dict[tuple[str, BroadcastMessageId], list[int]] = {}
    for one in seen.broadcasts:
        if (copy := copies.get((one.network, one.identifier))) is not None:
            number = numbers.get(copy.broadcast_event_id, 0)
            heard.setdefault((one.network, copy.broadcast_message_id), []).append(number)
    for (network, message), order in heard.items():
        if order != sorted(order):
            yield f"{network} broadcast the events of message {message} in the order {order}"


def _numbered(seen: Seen) -> Iterator[str]:
    numbers = Counter(copy.message_number for copy in seen.copies if copy.provider == NUMBERED)
    for number, count in numbers.items():
        if number is None or count > 1:
            yield f"{count} messages to {NUMBERED} have the number {number}"
    kept = {str(copy.id): copy.message_number for copy in seen.copies if copy.provider == NUMBERED}
    for one in seen.broadcasts:
        if one.network == NUMBERED and one.payload.get("message_number") != kept.get(one.identifier):
            yield f"{NUMBERED} broadcast {one.identifier} with the number {one.payload.get('message_number')}"


def _refused(seen: Seen) -> Iterator[str]:
    for call in seen.calls:
        if call.answer != _TAKEN and not call.answer.endswith(_SCRIPTED):
            yield f"{call.network} refused the {call.message_type} {call.identifier}: {call.answer}"


def _events(seen: Seen) -> Iterator[BroadcastEvent]:
    return (event for events in seen.events.values() for event in events)


def _words(values: Iterable[str]) -> str:
    return ", ".join(values) or "nothing"
