"""The events that follow an alert. Those of approvals and cancellations: ``test_change_status``."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import EventType, InstructionType
from notify_core.broadcasts.policies.events import alert_event, update_event
from notify_core.broadcasts.policies.rules import BroadcastRules
from notify_core.broadcasts.tasks import SendBroadcastEvent
from notify_core.broadcasts.use_cases.instructing import Instructor
from notify_core.testing.builders import (
    NOON,
    SKEGNESS,
    a_broadcast_event,
    a_broadcast_message,
    an_id,
    broadcast_settings,
)

INLAND = tuple((latitude, longitude - 1) for latitude, longitude in SKEGNESS)


def revised(world, message, **changes):
    """The message says something else now, and the networks are told so."""
    instructor = Instructor(world.random, world.rules, world.raise_ticket)
    with world.storage() as work:
        was = work.broadcast_messages.get(message.id)
        becomes = replace(was, updated_at=world.clock.now(), **changes)
        work.broadcast_messages.change(was, becomes)
        instructor.update(work, becomes, world.service, world.clock.now())
        work.commit()
    return becomes


def test_an_update_freezes_what_the_message_has_become(world):
    message = world.live()
    (alert,) = world.events(message)
    world.advance(timedelta(minutes=20))
    end = alert.finishes_at + timedelta(hours=1)

    revised(world, message, content="Stay upstairs.", areas=("Boston",), simple_polygons=(INLAND,), finishes_at=end)

    _, update = world.events(message)
    assert (update.type, update.number) == (EventType.UPDATE, 2)
    assert (update.content, update.areas, update.simple_polygons) == ("Stay upstairs.", ("Boston",), (INLAND,))
    assert (update.sent_at, update.starts_at, update.finishes_at) == (world.clock.now(), alert.starts_at, end)
    assert (update.sender, update.headline) == (alert.sender, alert.headline)
    assert update.id != alert.id


def test_an_update_goes_where_earlier_events_went_on_the_alerts_channel(world):
    world.put_settings(provider="ee", channel=BroadcastChannel.SEVERE)
    message = world.live()
    (alert,) = world.events(message)
    world.add(replace(alert, id=an_id(), number=2, type=EventType.UPDATE, providers=("three", "ee")))
    world.put_settings(channel=BroadcastChannel.GOVERNMENT)

    revised(world, message, content="Stay upstairs.")

    *_, update = world.events(message)
    assert (update.number, update.providers, update.channel) == (3, ("ee", "three"), BroadcastChannel.SEVERE)


def test_every_network_takes_the_update_after_the_alert(world):
    message = world.live()
    world.deliver()

    revised(world, message, content="Stay upstairs.")
    world.deliver()

    for network in world.networks.enabled():
        alert, update = world.networks.acknowledged(network)
        assert (update.type, update.description) == (InstructionType.UPDATE, "Stay upstairs.")
        assert [str(reference.message_id) for reference in update.references] == [alert.identifier]


def test_an_update_calls_nobody_out(live_world):
    revised(live_world, live_world.live(), content="Stay upstairs.")

    assert len(live_world.tickets()) == 1
    assert len(live_world.rows(SendBroadcastEvent)) == 2


def test_an_update_in_training_mode_is_made_and_not_sent(world, caplog):
    world.put_service(restricted=True)
    message = world.live()

    revised(world, message, content="Stay upstairs.")

    assert [event.type for event in world.events(message)] == ["alert", "update"]
    assert world.rows() == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_an_update_is_not_sent_where_message_and_service_disagree(world, caplog):
    message = world.live()
    world.run(SendBroadcastEvent)
    world.put_service(restricted=True)

    revised(world, message, content="Stay upstairs.")

    assert world.rows(SendBroadcastEvent) == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize(
    ("channel", "hours"), [(BroadcastChannel.SEVERE, 6), (BroadcastChannel.TEST, 4), (BroadcastChannel.OPERATOR, 4)]
)
def test_an_alert_without_an_end_lasts_as_long_as_the_deployment_says_and_the_channel_allows(channel, hours):
    message = a_broadcast_message(finishes_at=None)
    rules = BroadcastRules(duration=timedelta(hours=6))

    event = alert_event(message, broadcast_settings(channel=channel), ["ee"], rules, event_id=an_id(), now=NOON)

    assert (event.finishes_at, event.providers) == (NOON + timedelta(hours=hours), ("ee",))


def test_an_update_of_a_message_without_an_end_lasts_as_long_as_before():
    alert = a_broadcast_event()

    assert update_event(a_broadcast_message(finishes_at=None), [alert], an_id(), NOON).finishes_at == alert.finishes_at
