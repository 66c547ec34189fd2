from dataclasses import dataclass
from uuid import uuid4

import pytest

from notify_core.accounts.model import CallbackType
from notify_core.broadcasts.events import BroadcastInstructed
from notify_core.inbound.events import InboundTextReceived
from notify_core.kernel.events import DomainEvent
from notify_core.letters.events import LetterReturned
from notify_core.notifications.events import ComplaintReceived, NotificationEnded
from notify_core.notifications.states import Status
from notify_core.registry.reactions import REACTIONS, UndeclaredEvent, react
from notify_core.testing.builders import a_callback


@pytest.fixture
def reacting(world):
    world.work.react = react
    return world


def record(world, event):
    with world.work() as work:
        work.record(event)
        work.commit()


TOLD = [
    (NotificationEnded, (Status.DELIVERED,), CallbackType.DELIVERY_STATUS, "send-delivery-status", "notification_id"),
    (ComplaintReceived, (), CallbackType.COMPLAINT, "send-complaint", "complaint_id"),
    (InboundTextReceived, (), CallbackType.INBOUND_SMS, "send-inbound-sms", "inbound_text_id"),
    (LetterReturned, (), CallbackType.RETURNED_LETTER, "send-returned-letter", "notification_id"),
]


@pytest.mark.parametrize("told", TOLD)
def test_what_happens_is_told_to_a_service_that_wants_to_know(reacting, told):
    event, more, kind, task, argument = told
    callback, subject = a_callback(type=kind), uuid4()
    with reacting.work() as work:
        work.callbacks.put(callback)
        work.commit()
    record(reacting, event(subject, callback.service_id, *more))
    (row,) = reacting.rows()
    assert (row.task, row.arguments) == (task, {argument: str(subject), "service_id": str(callback.service_id)})
    assert (row.queue, row.fair) == ("service-callbacks", str(callback.service_id))
    assert row.limit == f"callback:{callback.service_id}:{kind}"


@pytest.mark.parametrize(("event", "more"), [told[:2] for told in TOLD])
def test_a_service_without_a_callback_costs_no_task(reacting, event, more):
    record(reacting, event(uuid4(), uuid4(), *more))
    assert reacting.rows() == []


def test_an_instructed_broadcast_goes_to_the_networks(reacting):
    event_id = uuid4()
    record(reacting, BroadcastInstructed(uuid4(), event_id))
    assert [(row.task, row.arguments) for row in reacting.rows()] == [
        ("send-broadcast-event", {"broadcast_event_id": str(event_id)})
    ]


def test_services_take_turns_with_their_broadcasts(reacting):
    service_id = uuid4()
    record(reacting, BroadcastInstructed(uuid4(), uuid4(), service_id))
    record(reacting, BroadcastInstructed(uuid4(), uuid4()))
    assert [row.fair for row in reacting.rows()] == [str(service_id), None]


def test_an_event_must_be_declared(reacting):
    @dataclass(frozen=True)
    class SomethingElse(DomainEvent):
        pass

    with pytest.raises(UndeclaredEvent, match="SomethingElse"):
        record(reacting, SomethingElse())


def test_every_event_of_the_core_is_declared():
    modules = {kind: kind.__module__ for kind in DomainEvent.__subclasses__()}
    ours = {kind for kind, module in modules.items() if module.startswith("notify_core.")}
    assert {kind for kind in ours if not modules[kind].startswith("notify_core.testing.")} == set(REACTIONS)
