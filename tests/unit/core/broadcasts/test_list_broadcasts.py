"""``notify broadcasts list``: what is on air, and which of it needs somebody."""

import json
from datetime import timedelta

import pytest

from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.views import listed_view, message_view
from notify_core.testing.builders import a_service, an_id
from notify_core.testing.fakes.networks import MemoryNetworks


def test_nothing(world):
    assert list(world.list_all()) == []


def test_how_far_each_is(world):
    world.networks = MemoryNetworks(["ee", "o2", "three"])
    draft = world.draft()
    world.advance(timedelta(seconds=1))
    live = world.live()
    world.networks.fail("o2")
    world.deliver()
    world.put_service(active=False)
    world.advance(timedelta(seconds=1))
    world.run()

    newest, oldest = world.list_all()

    assert (newest.message, oldest.message) == (world.message(live), draft)
    assert (newest.acknowledged, newest.targets, newest.blocked) == (2, 3, 1)
    assert (oldest.acknowledged, oldest.targets, oldest.blocked) == (0, 0, 0)


def test_a_cancellation_counts_like_its_alert(world):
    message = world.live()
    world.deliver()
    world.cancelled(message)
    world.deliver()

    (listed,) = world.list_all()

    assert (listed.acknowledged, listed.targets, listed.blocked) == (8, 8, 0)


def test_what_is_over_needs_nobody(world):
    world.networks = MemoryNetworks(["ee"])
    world.live()
    world.networks.fail("ee")
    world.deliver()
    world.advance(timedelta(hours=4))
    world.run()

    (listed,) = world.list_all()

    assert (listed.acknowledged, listed.targets, listed.blocked) == (0, 1, 0)


def test_only_what_is_asked_for(world):
    messages = []
    for _ in range(3):
        world.advance(timedelta(seconds=1))
        messages.insert(0, world.draft())
    pending = world.pending()

    def ids(**asked):
        return [listed.message.id for listed in world.list_all(**asked)]

    assert ids(limit=2) == [pending.id, messages[0].id]
    assert ids(older_than=messages[1].id) == [messages[2].id]
    assert ids(status=MessageStatus.PENDING_APPROVAL) == [pending.id]
    assert ids(service_id=an_id()) == []
    assert len(ids(service_id=world.service.id)) == 4


def test_several_services(world):
    ours = world.live()
    world.service = a_service(permissions=world.service.permissions)
    world.put_service()
    world.advance(timedelta(seconds=1))
    theirs = world.draft()

    assert [listed.message.id for listed in world.list_all()] == [theirs.id, ours.id]


@pytest.mark.parametrize("stubbed", [None, "its CAP status is Exercise"])
def test_as_json(world, stubbed):
    world.put_service(restricted=stubbed is not None)
    message = world.draft()

    (listed,) = world.list_all()
    view = listed_view(listed)

    assert view == json.loads(json.dumps(view))
    assert view == {
        **message_view(message),
        "stubbed": message.stubbed,
        "acknowledged": 0,
        "targets": 0,
        "blocked": 0,
    }
    assert (view["stubbed"] is None) is (stubbed is None)
