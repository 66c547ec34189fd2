"""The proof that alerts have drained finds what it is there to find."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from benchmarks.drained import Seen, violations
from notify_adapters.cbc.fake_store import Broadcast, Call
from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import BroadcastEvent, EventType, ProviderMessage, Route
from notify_core.broadcasts.states import ProviderMessageStatus
from notify_core.broadcasts.tasks import SendBroadcastEvent
from notify_core.ports.task_ledger import EntryState, LedgerEntry
from notify_core.testing.builders import NOON, SKEGNESS

NETWORKS = ("ee", "vodafone")
ALERT, UPDATE, CANCEL = EventType.ALERT, EventType.UPDATE, EventType.CANCEL
MESSAGE = uuid4()
EXPECTED = {MESSAGE: (ALERT, UPDATE, CANCEL)}


def an_event(number, kind):
    return BroadcastEvent(
        id=uuid4(),
        service_id=uuid4(),
        broadcast_message_id=MESSAGE,
        number=number,
        type=kind,
        sent_at=NOON,
        content=f"words {number}",
        areas=("Skegness",),
        simple_polygons=(SKEGNESS,),
        sender="notify",
        headline="headline",
        starts_at=NOON,
        finishes_at=NOON + timedelta(hours=4),
        channel=BroadcastChannel.SEVERE,
        providers=NETWORKS,
    )


def a_copy(event, network):
    return ProviderMessage(
        id=uuid4(),
        broadcast_event_id=event.id,
        broadcast_message_id=MESSAGE,
        provider=network,
        created_at=NOON,
        status=ProviderMessageStatus.RETURNED_ACK,
        message_number=f"{event.number:08x}" if network == "vodafone" else None,
    )


def heard(copy, event):
    payload = {"identifier": str(copy.id), "message_type": event.type.value}
    if event.type is not CANCEL:
        payload["description"] = event.content
    if copy.message_number:
        payload["message_number"] = copy.message_number
    return Broadcast(copy.provider, Route.FIRST, payload, "<alert/>", datetime.now(UTC))


def called(broadcast, answer="acknowledged"):
    at = broadcast.received_at
    return Call(broadcast.network, Route.FIRST, broadcast.identifier, broadcast.message_type, at, answer)


@pytest.fixture
def seen():
    """What is seen when all went well."""
    events = [an_event(number, kind) for number, kind in enumerate(EXPECTED[MESSAGE], start=1)]
    told = [(event, a_copy(event, network)) for event in events for network in NETWORKS]
    broadcasts = [heard(copy, event) for event, copy in told]
    return Seen({MESSAGE: events}, [copy for _, copy in told], broadcasts, [called(one) for one in broadcasts], [])


def found(seen):
    return violations(seen, EXPECTED, NETWORKS)


def test_nothing_is_found_where_nothing_is_wrong(seen):
    assert found(seen) == []
    assert seen.repeats == 0


def test_what_a_network_was_told_twice_and_what_a_script_made_fail_is_nobodys_fault(seen):
    more = [called(seen.broadcasts[0]), called(seen.broadcasts[1], "no answer in time: scripted")]
    seen = replace(seen, calls=[*seen.calls, *more])
    assert found(seen) == []
    assert seen.repeats == 1


def test_an_event_that_was_never_made(seen):
    events = seen.events[MESSAGE]
    assert f"message {MESSAGE}: approved alert, update, cancel, instructed alert, update" in found(
        replace(seen, events={MESSAGE: events[:2]})
    )


def test_an_event_that_was_made_twice(seen):
    events = seen.events[MESSAGE]
    assert f"message {MESSAGE}: approved alert, update, cancel, instructed alert, update, cancel, cancel" in found(
        replace(seen, events={MESSAGE: [*events, events[2]]})
    )


def test_a_network_that_is_no_target(seen):
    alert, *others = seen.events[MESSAGE]
    narrow = replace(alert, providers=("ee",))
    assert found(replace(seen, events={MESSAGE: [narrow, *others]})) == [f"alert {alert.id} is for ee"]


def test_a_copy_that_is_missing(seen):
    alert = seen.events[MESSAGE][0]
    assert f"alert {alert.id}: 0 provider messages for ee" in found(replace(seen, copies=seen.copies[1:]))


def test_two_copies_of_an_event_for_one_network(seen):
    alert, extra = seen.events[MESSAGE][0], replace(seen.copies[0], id=uuid4())
    lines = found(replace(seen, copies=[*seen.copies, extra]))
    assert f"alert {alert.id}: 2 provider messages for ee" in lines
    assert f"ee never broadcast {extra.id}, the alert {alert.id}" in lines


def test_a_copy_that_nobody_acknowledged(seen):
    first, *others = seen.copies
    sending = replace(first, status=ProviderMessageStatus.SENDING)
    assert found(replace(seen, copies=[sending, *others])) == [f"provider message {first.id} at ee is sending"]


def test_a_broadcast_that_never_was(seen):
    alert, copy = seen.events[MESSAGE][0], seen.copies[0]
    assert found(replace(seen, broadcasts=seen.broadcasts[1:])) == [
        f"ee never broadcast {copy.id}, the alert {alert.id}"
    ]


def test_a_broadcast_that_nobody_knows(seen):
    stray = replace(seen.broadcasts[0], payload={**seen.broadcasts[0].payload, "identifier": "stray"})
    assert found(replace(seen, broadcasts=[*seen.broadcasts, stray])) == ["ee broadcast stray, which nobody knows"]


def test_a_broadcast_that_was_on_air_twice(seen):
    first = seen.broadcasts[0]
    assert f"ee broadcast {first.identifier} 2 times" in found(replace(seen, broadcasts=[first, *seen.broadcasts]))


def test_other_words_than_the_events(seen):
    first, *others = seen.broadcasts
    other = replace(first, payload={**first.payload, "description": "other words"})
    (line,) = found(replace(seen, broadcasts=[other, *others]))
    assert line.startswith(f"ee broadcast {first.identifier} as ('alert', 'other words')")


def test_an_update_before_its_alert(seen):
    alert, alert_2, update, *others = seen.broadcasts
    assert found(replace(seen, broadcasts=[update, alert_2, alert, *others])) == [
        f"ee broadcast the events of message {MESSAGE} in the order [2, 1, 3]"
    ]


def test_a_message_number_that_was_given_twice(seen):
    numbered = [copy for copy in seen.copies if copy.message_number]
    same = [replace(copy, message_number="00000001") if copy in numbered else copy for copy in seen.copies]
    assert "3 messages to vodafone have the number 00000001" in found(replace(seen, copies=same))


def test_a_message_number_other_than_the_one_that_was_kept(seen):
    first, second, *others = seen.broadcasts
    other = replace(second, payload={**second.payload, "message_number": "000000ff"})
    assert found(replace(seen, broadcasts=[first, other, *others])) == [
        f"vodafone broadcast {second.identifier} with the number 000000ff"
    ]


def test_what_a_network_refused(seen):
    why = "FunctionError Unhandled: it was sent before with other content"
    refused = called(seen.broadcasts[0], why)
    assert found(replace(seen, calls=[*seen.calls, refused])) == [f"ee refused the alert {refused.identifier}: {why}"]


@pytest.mark.parametrize("state", list(EntryState))
def test_what_is_left_in_the_ledger(seen, state):
    task = SendBroadcastEvent
    row = LedgerEntry(uuid4(), task.name, {}, task.queue, state, 0, NOON, NOON, reason="why")
    assert found(replace(seen, rows=[row])) == [f"left in the ledger: send-broadcast-event {state} {{}}: why"]
