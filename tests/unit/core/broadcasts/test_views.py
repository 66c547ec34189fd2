import json
from datetime import datetime, timedelta, timezone

import pytest

from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.read_messages import ListBroadcastMessages, ReadBroadcastMessage
from notify_core.broadcasts.use_cases.views import message_view, remedy_line, remedy_lines
from notify_core.kernel.errors import NotFound
from notify_core.testing.builders import NOON, SKEGNESS, a_broadcast_message, an_id

KEYS = [
    *("id", "reference", "service_id", "template_id", "template_version", "template_name", "personalisation"),
    *("content", "areas", "simple_polygons", "status", "starts_at", "finishes_at", "created_at", "approved_at"),
    *("cancelled_at", "updated_at", "created_by_id", "approved_by_id", "cancelled_by_id"),
]


def test_the_keys_of_a_message():
    message = a_broadcast_message()

    view = message_view(message)

    assert list(view) == KEYS
    assert view == json.loads(json.dumps(view))
    assert (view["id"], view["status"], view["created_by_id"]) == (
        str(message.id),
        "draft",
        str(message.created_by_id),
    )
    assert view["simple_polygons"] == [[list(pair) for pair in SKEGNESS]]
    assert (view["created_at"], view["approved_at"]) == ("2026-01-05T12:00:00.000000Z", None)


def test_dates_are_utc():
    summer = datetime(2026, 7, 1, 13, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))

    assert message_view(a_broadcast_message(starts_at=summer))["starts_at"] == "2026-07-01T12:00:00.000005Z"


@pytest.mark.parametrize(
    ("template_id", "values", "shown"),
    [(None, None, None), (an_id(), {"a": "b"}, {"a": "b"}), (an_id(), None, {}), (None, {"a": "b"}, None)],
)
def test_personalisation_is_null_without_a_template(template_id, values, shown):
    message = a_broadcast_message(template_id=template_id, personalisation=values)

    assert message_view(message)["personalisation"] == shown


def test_reading_one(world):
    message = world.draft()
    read = ReadBroadcastMessage(world.storage)

    assert read(world.service.id, message.id) == message
    with pytest.raises(NotFound):
        read(an_id(), message.id)


def test_listing_newest_first_in_pages(world):
    messages = []
    for _ in range(3):
        world.advance(timedelta(seconds=1))
        messages.insert(0, world.draft())
    read = ListBroadcastMessages(world.storage)

    assert list(read(world.service.id)) == messages
    assert list(read(world.service.id, limit=2)) == messages[:2]
    assert list(read(world.service.id, older_than=messages[1].id)) == messages[2:]
    with pytest.raises(NotFound):
        read(an_id())


def test_showing_a_draft(world):
    message = world.draft()

    assert world.show(message.id) == {"message": message_view(message), "revisions": [], "events": []}
    with pytest.raises(NotFound):
        world.show(message.id, an_id())


def test_showing_what_blocks_what(world):
    message = world.live()
    world.networks.fail("o2", detail="FunctionError")
    world.deliver()
    world.cancelled(message)
    world.deliver()

    shown = world.show(message.id, world.service.id)

    assert shown == json.loads(json.dumps(shown))
    alert, cancel = shown["events"]
    assert (alert["message_type"], alert["sent_at"], alert["channel"]) == (
        "alert",
        "2026-01-05T12:00:00.000000Z",
        "severe",
    )
    assert alert["providers"] == ["ee", "o2", "three", "vodafone"]
    assert {one["provider"]: one["status"] for one in alert["provider_messages"]} == {
        "ee": "returned-ack",
        "o2": "sending",
        "three": "returned-ack",
        "vodafone": "returned-ack",
    }
    assert [one["message_number"] for one in alert["provider_messages"] if one["provider"] == "vodafone"] == [
        "00000001"
    ]
    (tried,) = [one for one in alert["provider_messages"] if one["provider"] == "o2"]
    assert tried["attempts"][1] == {
        "at": "2026-01-05T12:00:00.000000Z",
        "route": 1,
        "outcome": "failed",
        "detail": "FunctionError",
    }
    assert alert["blocked_by"] == []
    (block,) = cancel["blocked_by"]
    mend = block.pop("mend")
    assert block == {
        "provider": "o2",
        "broadcast_event_id": alert["id"],
        "message_type": "alert",
        "status": "sending",
        "reason": f"the earlier alert {alert['id']} is sending",
    }
    assert f"notify broadcasts replay {cancel['id']} o2" in mend
    assert shown["message"]["status"] == MessageStatus.CANCELLED


def test_showing_what_was_never_handed_over(world):
    message = world.cancelled(world.live())

    _, cancel = world.show(message.id)["events"]

    assert {(one["provider"], one["status"]) for one in cancel["blocked_by"]} == {
        ("ee", None),
        ("o2", None),
        ("three", None),
        ("vodafone", None),
    }
    assert message.starts_at == NOON


def test_what_is_to_be_done_at_several_networks_never_parts_a_command_from_its_sentence(world):
    message = world.live()
    world.networks.fail("ee")
    world.networks.fail("o2")
    world.deliver()
    world.cancelled(message)
    world.deliver()
    cancel = world.events(message)[1]

    ee, o2 = (world.state(cancel, network).blocks[0].mend for network in ("ee", "o2"))
    lines = remedy_lines([ee, o2])

    assert lines == [remedy_line(one) for one in (*ee, *o2)]
    assert lines.count("if certainly nobody did:") == 2


def test_what_is_the_same_at_several_networks_is_said_once_with_a_command_for_each(world):
    message = world.live()
    world.put_service(active=False)
    world.deliver()
    (alert,) = world.events(message)

    lines = remedy_lines([world.state(alert, network).blocks[0].mend for network in ("ee", "o2")])

    assert lines == [
        "make the service active again (active = true in its provisioning file), then:",
        f"notify broadcasts replay {alert.id} ee",
        f"notify broadcasts replay {alert.id} o2",
    ]
