"""broadcasts.md, section 4, row 5: what an operator takes for true where nobody can know.

``tried``: the network was called and nobody knows whether it took the alert.
"""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.broadcasts.model import (
    Assumption,
    Attempt,
    AttemptOutcome,
    EventType,
    InstructionType,
    Route,
)
from notify_core.broadcasts.states import ProviderMessageStatus as P
from notify_core.broadcasts.tasks import SendBroadcastEvent, SendBroadcastProviderMessage
from notify_core.broadcasts.use_cases.assuming import IN_THE_AIR
from notify_core.broadcasts.use_cases.replay import replayed_view
from notify_core.kernel.errors import AlreadyExists, Conflict, NotAllowed
from notify_core.testing.builders import NOON, a_broadcast_event
from notify_core.testing.fakes.networks import MemoryNetworks

SENT, NOT_SENT = Assumption.SENT, Assumption.NOT_SENT
SECOND = timedelta(seconds=1)


@pytest.fixture
def world(world):
    world.networks = MemoryNetworks(["ee"])
    return world


@pytest.fixture
def message(world):
    return world.live()


@pytest.fixture
def alert(world, message):
    return world.events(message)[0]


@pytest.fixture
def tried(world, alert):
    """The network took it, and no acknowledgement arrived."""
    world.networks.lose_acknowledgement("ee", detail="time-out")
    world.deliver()
    world.networks.recover("ee")
    return alert


@pytest.fixture
def unheard(world, alert):
    """The network was called and never took it."""
    world.networks.fail("ee")
    world.deliver()
    world.networks.recover("ee")
    return alert


def blocked(world, event):
    """The event's own try, which fails because of what is before it."""
    world.run(SendBroadcastEvent)
    # The alert's next try stays away.
    world.run_one(lambda due: next(one for one in due if one in ids_of(world, event)))
    assert world.state(event).where == "blocked"
    return event


def ids_of(world, event):
    key = SendBroadcastProviderMessage(event.id, "ee").dedupe_key()
    return {row.id for row in world.rows() if row.dedupe == key}


@pytest.fixture
def cancel(world, message):
    """Written a moment before the alert would be tried again."""
    world.cancelled(message)
    return world.events(message)[-1]


def an_update(world, message, number=2, **changes):
    event = a_broadcast_event(
        broadcast_message_id=message.id,
        service_id=message.service_id,
        number=number,
        type=EventType.UPDATE,
        content="Leave at once.",
        finishes_at=NOON + timedelta(hours=8),
        providers=("ee",),
    )
    event = replace(event, **changes)
    world.add(event)
    with world.storage() as work:
        work.enqueue(SendBroadcastEvent(event.id))
        work.commit()
    return event


def expire(world, event):
    """Its time passes, and its work ends."""
    world.advance(event.finishes_at - world.clock.now())
    world.run(times=2)


def test_row_5_assume_sent_the_cancellation_names_the_alert(world, message, tried, cancel):
    blocked(world, cancel)

    world.assume_sent(cancel)
    world.run()

    alert_copy, cancel_copy = world.copies(message)
    assert (alert_copy.status, alert_copy.assumed) == (P.RETURNED_ERROR, SENT)
    assert cancel_copy.status is P.RETURNED_ACK
    *_, told = world.networks.acknowledged("ee")
    assert told.type is InstructionType.CANCEL
    assert [one.message_id for one in told.references] == [alert_copy.id]


def test_row_5_assume_not_sent_there_is_nothing_to_cancel(world, message, unheard, cancel):
    blocked(world, cancel)

    world.assume_not_sent(cancel)
    world.run()

    (copy,) = world.copies(message)
    assert (copy.status, copy.assumed) == (P.RETURNED_ERROR, NOT_SENT)
    assert world.networks.acknowledged("ee") == ()
    assert world.state(cancel).where == "nothing-to-cancel"


def test_row_5_assume_sent_an_update_references_the_expired_alert(world, message, tried):
    update = an_update(world, message)
    expire(world, tried)

    world.assume_sent(update)
    world.run()

    first, second = world.networks.acknowledged("ee")
    assert second.type is InstructionType.UPDATE
    assert [str(one.message_id) for one in second.references] == [first.identifier]
    (copy, _) = world.copies(message)
    assert (copy.status, copy.assumed) == (P.TECHNICAL_FAILURE, SENT)


def test_row_5_assume_not_sent_an_update_goes_out_as_an_alert(world, message, unheard):
    update = an_update(world, message)
    expire(world, unheard)

    world.assume_not_sent(update)
    world.run()

    (told,) = world.networks.acknowledged("ee")
    assert (told.type, told.references, told.description) == (InstructionType.ALERT, (), "Leave at once.")


def test_row_5_assume_not_sent_what_was_never_handed_over_will_not_go_out(world, message, alert, cancel):
    blocked(world, cancel)

    world.assume_not_sent(cancel)
    world.advance(timedelta(minutes=6))
    world.run(times=2)

    assert world.networks.calls() == ()
    (copy,) = world.copies(message)
    assert (copy.broadcast_event_id, copy.status, copy.assumed) == (alert.id, P.RETURNED_ERROR, NOT_SENT)
    assert world.state(alert).where == "given-up"


def test_row_5_assume_sent_is_no_answer_for_what_was_never_handed_over(world, message, alert, cancel):
    blocked(world, cancel)

    with pytest.raises(NotAllowed, match=f"the alert {alert.id} was never handed to ee: it cannot have been sent"):
        world.assume_sent(cancel)

    assert world.copies(message) == []


def test_row_5_assume_it_is_said_of_all_that_is_in_the_way(world, message, unheard):
    first = an_update(world, message)
    second = an_update(world, message, number=3)
    blocked(world, second)

    replayed = world.assume_not_sent(second)
    world.run()

    assert [event.id for event in replayed.settled] == [unheard.id, first.id]
    assert [copy.assumed for copy in world.copies(message)] == [NOT_SENT, NOT_SENT, None]
    (told,) = world.networks.acknowledged("ee")
    assert told.type is InstructionType.ALERT


def test_row_5_assume_as_json(world, message, tried, cancel):
    blocked(world, cancel)

    view = replayed_view(world.assume_sent(cancel))

    assert view == json.loads(json.dumps(view))
    assert view == {
        "broadcast_event_id": str(cancel.id),
        "message_type": "cancel",
        "provider": "ee",
        "assumed": [{"broadcast_event_id": str(tried.id), "message_type": "alert", "assumed": "sent"}],
    }


def test_row_5_assume_is_in_the_audit_log_and_counted(world, message, tried, cancel):
    blocked(world, cancel)

    world.assume_sent(cancel)

    assert world.audited(message)[-2:] == [
        ("operator", f"alert {tried.id} at ee taken for sent", "cli"),
        ("operator", f"cancel {cancel.id} replayed to ee", "cli"),
    ]
    assert world.metrics.counts["broadcast.ee.assumed-sent"] == 1


def test_row_5_assume_what_was_given_up_is_not_tried_again(world, message, tried, cancel):
    blocked(world, cancel)
    world.assume_sent(cancel)
    calls = len(world.networks.calls())

    world.advance(timedelta(minutes=5))
    world.run(times=2)

    assert len(world.networks.calls()) == calls + 1
    (failed,) = world.rows(SendBroadcastProviderMessage)
    assert "is returned-error" in failed.reason
    assert world.metrics.counts["broadcast.ee.integrity-error"] == 2


def test_row_5_assume_nothing_where_nothing_is_in_the_way(world, message, alert):
    world.put_service(active=False)
    world.deliver()
    world.put_service(active=True)

    with pytest.raises(NotAllowed, match="no earlier event is in the way at ee: leave --assume out"):
        world.assume_sent(alert)


def test_row_5_assume_not_once_the_event_was_tried_itself(world, message, alert):
    """What is said under an identifier is fixed at the first try."""
    world.deliver()
    update = an_update(world, message)
    world.networks = _Broken(["ee"])
    world.run(times=2)
    assert world.state(update).where == "blocked"

    with pytest.raises(NotAllowed, match="was tried at ee already: what is said under its identifier cannot become"):
        world.assume_sent(update)


class _Broken(MemoryNetworks):
    def send(self, network, route, instruction):
        raise KeyError("headline")


@pytest.mark.parametrize("route", [Route.FIRST, Route.SECOND])
def test_row_5_assume_not_while_a_call_may_be_in_the_air(world, message, alert, process_died, route):
    world.networks = _Dying(["ee"], process_died(), route)
    world.networks.fail("ee", Route.FIRST)
    world.run(SendBroadcastEvent)
    with pytest.raises(process_died):
        world.run()
    world.cancelled(message)
    cancel = blocked(world, world.events(message)[-1])
    world.advance(IN_THE_AIR - SECOND)

    with pytest.raises(NotAllowed, match=rf"a call with the alert {alert.id} may still be under way at ee.* 12:05:00"):
        world.assume_sent(cancel)
    (copy,) = world.copies(message)
    assert (copy.status, copy.assumed) == (P.SENDING, None)

    world.advance(SECOND)
    world.assume_sent(cancel)
    (copy,) = world.copies(message)
    assert (copy.status, copy.assumed) == (P.RETURNED_ERROR, SENT)


class _Dying(MemoryNetworks):
    def __init__(self, enabled, death, route):
        super().__init__(enabled)
        self._death, self._route = death, route

    def send(self, network, route, instruction):
        if route is self._route:
            raise self._death
        super().send(network, route, instruction)


def test_row_5_assume_an_operator_who_comes_second_changes_nothing(world, message, tried, cancel):
    blocked(world, cancel)
    for error in (Conflict("provider message is no longer sending"), AlreadyExists("provider message")):
        world.storage.fail_next_commit(error)

        with pytest.raises(Conflict, match=f"was first: look again with notify broadcasts show {message.id}"):
            world.assume_sent(cancel)

    (copy,) = world.copies(message)
    assert copy.assumed is None
    assert world.metrics.counts["broadcast.ee.assumed-sent"] == 0


# A late acknowledgement


def late(world, copy):
    """A worker that everybody thought dead records that the network has acknowledged."""
    with world.storage() as work:
        work.provider_messages.add_attempts(
            [Attempt(copy.id, world.clock.now(), Route.FIRST, AttemptOutcome.ACKNOWLEDGED)]
        )
        work.commit()


def test_row_5_a_late_acknowledgement_contradicts_the_operator(world, message, tried):
    """It was taken for not sent, and then the network said that it had it: what follows must name it."""
    update = an_update(world, message)
    blocked(world, update)
    world.assume_not_sent(update)
    late(world, world.copies(message)[0])

    world.run()
    assert world.networks.calls("ee")[-1].instruction.type is InstructionType.ALERT
    assert world.state(update).where == "blocked"
    assert "acknowledged after it was given up" in world.words(update)
    assert world.commands(update) == [f"{update.id} ee --assume sent"]

    world.assume_sent(update)
    world.run()

    told = world.networks.calls("ee")[-1].instruction
    assert (told.type, len(told.references)) == (InstructionType.UPDATE, 1)


def test_row_5_a_late_acknowledgement_brings_back_a_cancellation(world, message, tried, cancel):
    blocked(world, cancel)
    world.assume_not_sent(cancel)
    world.run()
    assert world.state(cancel).where == "nothing-to-cancel"
    with pytest.raises(NotAllowed, match="It is nothing-to-cancel"):
        world.replay(cancel.id, "ee")
    late(world, world.copies(message)[0])

    assert world.state(cancel).where == "blocked"
    world.assume_sent(cancel)
    world.run()

    assert world.networks.acknowledged("ee")[-1].type is InstructionType.CANCEL
    assert world.state(cancel).where == "acknowledged"


def test_row_5_a_late_acknowledgement_is_no_reason_to_say_another_thing_at_the_next_try(world, message, tried):
    update = an_update(world, message)
    blocked(world, update)
    world.assume_not_sent(update)
    world.networks.fail("ee")
    world.run()
    late(world, world.copies(message)[0])
    world.networks.recover("ee")

    world.advance(SECOND)
    world.run()

    said = {call.instruction for call in world.networks.calls("ee") if call.instruction.description == "Leave at once."}
    assert [one.type for one in said] == [InstructionType.ALERT]
    assert world.state(update).where == "acknowledged"


def test_row_5_not_sent_is_no_answer_where_the_network_has_acknowledged(world, message, tried, cancel):
    blocked(world, cancel)
    late(world, world.copies(message)[0])

    with pytest.raises(NotAllowed, match=f"ee has acknowledged the alert {tried.id}: only --assume sent is true of it"):
        world.assume_not_sent(cancel)


def test_row_5_a_worker_that_hung_records_what_it_heard(world, message, tried, cancel):
    """Its call took so long that an operator gave the alert up meanwhile; that the network has it is kept."""
    blocked(world, cancel)
    world.networks = _Slow(["ee"])
    world.networks.meanwhile = lambda: (world.advance(IN_THE_AIR), world.assume_not_sent(cancel))

    world.advance(SECOND)
    world.run()

    (copy,) = world.copies(message)
    assert (copy.status, copy.assumed) == (P.RETURNED_ERROR, NOT_SENT)
    assert world.attempts(copy)[-1] == (1, "acknowledged", None)
    assert world.state(tried).late
    assert "acknowledged after it was given up" in world.words(tried)
    assert world.commands(cancel) == [f"{cancel.id} ee --assume sent"]


class _Slow(MemoryNetworks):
    meanwhile = None

    def send(self, network, route, instruction):
        super().send(network, route, instruction)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()


def test_row_5_the_worker_that_comes_late_is_told_what_happened(world, message, tried, cancel):
    blocked(world, cancel)
    world.assume_sent(cancel)
    late(world, world.copies(message)[0])

    world.advance(SECOND)
    world.run()

    failed = [row for row in world.rows() if row.state == "failed"]
    assert [row.reason.partition(" is ")[2] for row in failed] == [
        "returned-error, and was acknowledged after it was given up"
    ]


def test_each_try_touches_its_copy(world, message, unheard):
    """That is how an operator and a worker who come at once see each other."""
    (copy,) = world.copies(message)
    assert copy.updated_at is None

    world.advance(SECOND)
    world.run()

    (copy,) = world.copies(message)
    assert (copy.status, copy.updated_at) == (P.RETURNED_ACK, NOON + SECOND)
