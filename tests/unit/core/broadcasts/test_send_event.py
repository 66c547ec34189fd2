from dataclasses import replace

import pytest

from notify_core.broadcasts.tasks import SendBroadcastEvent, SendBroadcastProviderMessage
from notify_core.kernel.errors import NotFound
from notify_core.testing.builders import a_broadcast_event, an_id


def test_one_task_for_each_target(world):
    message = world.live()
    (event,) = world.events(message)

    world.run(SendBroadcastEvent)

    rows = world.rows()
    assert {row.task for row in rows} == {SendBroadcastProviderMessage.name}
    assert [row.arguments for row in rows] == [
        {"broadcast_event_id": str(event.id), "provider": provider} for provider in event.providers
    ]
    assert [row.limit for row in rows] == ["network:ee", "network:o2", "network:three", "network:vodafone"]
    assert {row.queue for row in rows} == {"broadcast-tasks"}


def test_services_take_turns_at_a_network(world):
    world.live()
    assert {row.fair for row in world.rows()} == {str(world.service.id)}

    world.run(SendBroadcastEvent)

    assert {row.fair for row in world.rows()} == {str(world.service.id)}


def test_only_what_was_frozen_counts(world):
    event = replace(a_broadcast_event(), providers=("three",))
    world.add(event)
    with world.storage() as work:
        work.enqueue(SendBroadcastEvent(event.id))
        work.commit()

    world.run()

    assert [row.limit for row in world.rows()] == ["network:three"]


def test_run_twice_it_makes_no_second_tasks(world):
    (event,) = world.events(world.live())
    world.run(SendBroadcastEvent)
    with world.storage() as work:
        work.enqueue(SendBroadcastEvent(event.id))
        work.commit()

    world.run(SendBroadcastEvent)

    assert len(world.rows()) == 4


def test_an_unknown_event_fails(world):
    with world.storage() as work:
        work.enqueue(SendBroadcastEvent(an_id()))
        work.commit()

    world.run()

    (row,) = world.rows()
    assert row.state == "failed"
    assert row.reason.startswith(NotFound.__name__)


@pytest.mark.parametrize(("retry", "seconds"), [(0, 1), (1, 2), (6, 64), (7, 128), (8, 240), (9, 240), (5000, 240)])
@pytest.mark.parametrize("task", [SendBroadcastEvent, SendBroadcastProviderMessage])
def test_waits_double_up_to_240_seconds_for_ever(task, retry, seconds):
    assert task.retry.delay(retry).total_seconds() == seconds
    assert task.retry.allows(retry)


def test_its_row_ends_with_the_tasks_it_makes(world):
    """A process that dies after that has nothing left to do, and nobody does it again."""
    world.live()
    world.run_and_die(commits=1)

    assert {row.task for row in world.rows()} == {SendBroadcastProviderMessage.name}
