from datetime import timedelta

from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.tasks import CompleteExpiredBroadcasts
from notify_core.kernel.errors import Conflict
from notify_core.testing.builders import a_broadcast_message


def complete(world):
    with world.storage() as work:
        work.enqueue(CompleteExpiredBroadcasts())
        work.commit()
    world.run(CompleteExpiredBroadcasts)
    assert world.rows(CompleteExpiredBroadcasts) == []


def test_completed_once_its_end_has_passed(world):
    message = world.live()
    world.advance(timedelta(hours=3, minutes=59))
    complete(world)
    assert world.message(message).status is MessageStatus.BROADCASTING

    world.advance(timedelta(minutes=1))
    complete(world)

    completed = world.message(message)
    assert (completed.status, completed.updated_at) == (MessageStatus.COMPLETED, world.clock.now())
    assert len(world.events(message)) == 1


def test_others_stay(world):
    message = a_broadcast_message(status=MessageStatus.PENDING_APPROVAL)
    world.add(message)
    world.advance(timedelta(days=2))

    complete(world)

    assert world.message(message) == message


def test_one_that_changes_at_this_moment_holds_up_nobody(world):
    messages = [world.live() for _ in range(3)]
    world.advance(timedelta(hours=4))
    with world.storage() as work:
        work.enqueue(CompleteExpiredBroadcasts())
        work.commit()
    world.storage.fail_next_commit(Conflict("somebody cancelled it"))

    world.run(CompleteExpiredBroadcasts)

    statuses = sorted(world.message(message).status for message in messages)
    assert statuses == ["broadcasting", "completed", "completed"]
    assert world.rows(CompleteExpiredBroadcasts) == []
