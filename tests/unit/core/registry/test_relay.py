from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest

from notify_core.kernel.errors import TransientError
from notify_core.kernel.queues import BROADCASTS, PRIORITY, SEND_SMS
from notify_core.kernel.tasks import Task
from notify_core.ports.task_ledger import EntryState
from notify_core.registry.relay import LONGEST_PASS, SLICE


@dataclass(frozen=True)
class Post(Task):
    name: ClassVar[str] = "post"
    queue: ClassVar = SEND_SMS
    other_queues: ClassVar = (BROADCASTS, PRIORITY)

    letter: int


def test_what_is_due_is_handed_over_once(world):
    world.enqueue(Post(1), Post(2), fair="somebody")
    world.enqueue(Post(3), delay=timedelta(minutes=1))
    assert world.relay() == 2
    assert world.relay() == 0
    assert [(m.task, m.queue, m.fair) for m in world.queue.published] == [("post", SEND_SMS, "somebody")] * 2
    world.advance(timedelta(minutes=1))
    assert world.relay() == 1


def test_a_flood_is_overtaken_by_whoever_has_few_rows(world):
    world.enqueue(*(Post(number) for number in range(20)), fair="flood")
    world.enqueue(Post(100), fair="few")
    world.relay()
    assert [(m.queue, m.fair) for m in world.queue.published if m.ahead] == [(PRIORITY, "few")]
    assert {row.queue for row in world.rows()} == {SEND_SMS}


def test_a_broker_that_is_away_keeps_nothing_from_being_published_later(world):
    world.enqueue(Post(1), Post(2))
    world.queue.fail(after=1)
    with pytest.raises(TransientError):
        world.relay()
    assert {row.state for row in world.rows()} == {EntryState.DUE}
    assert world.metrics.counts["ledger.broker-failure"] == 1
    assert world.relay() == 2


def test_a_relay_that_dies_while_it_hands_over_costs_half_a_minute_and_not_the_time_of_a_full_queue(world):
    world.enqueue(Post(1))
    world.enqueue(Post(2))
    world.queue.die()
    with pytest.raises(SystemExit):
        world.relay()
    world.enqueue(Post(3))
    assert world.relay() == 1
    world.advance(timedelta(seconds=30))
    assert world.relay() == 2
    world.advance(timedelta(seconds=59))
    assert world.relay() == 0
    world.advance(timedelta(seconds=31))
    assert world.relay() == 3


def test_a_queue_inside_the_process_needs_no_confirmation(world):
    world.relay.hand_over = world.relay.limits.lease
    world.enqueue(Post(1))
    world.relay()
    lasts_until = world.rows()[0].leased_until
    assert lasts_until == world.database.now() + world.relay.limits.lease
    world.advance(timedelta(minutes=1))
    assert world.relay() == 0


def test_what_a_failing_broker_took_all_the_same_is_harmless(world):
    world.handlers[Post] = lambda task, claim: None
    world.enqueue(Post(1))
    world.queue.fail(after=1)
    with pytest.raises(TransientError):
        world.relay()
    assert world.execute(world.queue.take()) == "duplicate"
    assert world.execute() == "done"


def test_depth_and_lag_are_measured_now_and_then(world):
    world.enqueue(Post(1), Post(2))
    world.advance(timedelta(seconds=7))
    world.relay()
    assert world.metrics.gauges == {"ledger.depth": 2, "ledger.lag": 7}
    world.enqueue(Post(3))
    world.relay()
    assert world.metrics.gauges["ledger.depth"] == 2
    world.advance(timedelta(seconds=10))
    world.relay()
    assert world.metrics.gauges == {"ledger.depth": 3, "ledger.lag": 0}


def test_failed_rows_are_not_waiting(world):
    world.enqueue(Post(1))
    world.execute()  # nobody knows this task
    world.advance(timedelta(seconds=10))
    world.relay()
    assert world.metrics.gauges["ledger.depth"] == 0


def test_one_queue_out_of_order_keeps_the_others_from_nothing(world):
    world.enqueue(Post(1), queue=BROADCASTS)
    world.enqueue(Post(2), Post(3))
    world.queue.fail()
    with pytest.raises(TransientError):
        world.relay()
    assert [row.state for row in world.rows()] == [EntryState.DUE, EntryState.PUBLISHED, EntryState.PUBLISHED]
    assert world.relay() == 1


def test_a_broker_that_does_not_answer_is_not_asked_for_every_queue(world):
    world.enqueue(Post(1), queue=BROADCASTS)
    world.enqueue(Post(2), queue=PRIORITY)
    world.enqueue(Post(3))
    world.queue.is_slow(lambda: world.clock.advance(LONGEST_PASS / 2))
    world.queue.fail(times=9)
    with pytest.raises(TransientError):
        world.relay()
    assert world.metrics.counts["ledger.broker-failure"] == 2
    assert {row.state for row in world.rows()} == {EntryState.DUE}


def test_queues_that_are_refused_close_the_way_to_no_other(world):
    world.enqueue(Post(1), queue=BROADCASTS)
    world.enqueue(Post(2), queue=PRIORITY)
    world.enqueue(Post(3))
    world.queue.fail(times=2)
    with pytest.raises(TransientError):
        world.relay()
    assert [row.state for row in world.rows()] == [EntryState.DUE, EntryState.DUE, EntryState.PUBLISHED]


def test_a_queue_that_fails_is_not_tried_again_in_the_same_pass(world):
    world.enqueue(*(Post(number) for number in range(2 * SLICE)))
    world.queue.fail(times=1)
    with pytest.raises(TransientError):
        world.relay()
    assert {row.state for row in world.rows()} == {EntryState.DUE}


def test_a_slow_broker_gets_as_much_as_it_takes_in_time(world):
    world.enqueue(*(Post(number) for number in range(3 * SLICE)))
    world.queue.is_slow(lambda: world.clock.advance(LONGEST_PASS / 2))
    assert world.relay() == 2 * SLICE
    assert [row.state for row in world.rows()[2 * SLICE :]] == [EntryState.DUE] * SLICE
    assert world.relay() == SLICE


def test_rows_say_how_many_of_them_one_message_may_name(world):
    world.relay.together = {"post": 7}
    world.enqueue(Post(1))
    world.relay()
    assert [message.together for message in world.queue.published] == [7]


def test_a_row_whose_worker_died_shares_its_message_with_no_other(world):
    world.relay.together = {"post": 7}
    world.enqueue(Post(1))
    world.relay()
    world.ledger.claim([world.queue.take().entry_id], "dead", timedelta(seconds=60))
    world.enqueue(Post(2))
    world.advance(timedelta(seconds=60))
    world.relay()
    assert [message.together for message in world.queue.published[1:]] == [1, 7]
