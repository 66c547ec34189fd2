"""broadcasts.md, section 4: each row of the table, in its order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.broadcasts.model import EventType, InstructionType, Route
from notify_core.broadcasts.policies.sequencing import BroadcastIntegrityError
from notify_core.broadcasts.ports import NetworkFailed
from notify_core.broadcasts.states import ProviderMessageStatus as P
from notify_core.broadcasts.tasks import SendBroadcastProviderMessage
from notify_core.kernel.errors import AlreadyExists, ClaimLost, Conflict, NotFound, TransientError
from notify_core.ports.task_ledger import LEASE
from notify_core.testing.builders import (
    NOON,
    a_broadcast_event,
    a_broadcast_message,
    a_provider_message,
    an_id,
    claim_row,
)
from notify_core.testing.fakes.networks import PROFILES, MemoryNetworks

ACK = P.RETURNED_ACK
INTEGRITY_ERROR = "broadcast.ee.integrity-error"


def refused(world, event, provider="ee"):
    """The reason of the integrity error; it was logged, counted, and nothing was said."""
    said = world.networks.calls()
    before = world.metrics.counts[f"broadcast.{provider}.integrity-error"]
    with pytest.raises(BroadcastIntegrityError) as error:
        world.send_now(event, provider)
    assert world.networks.calls() == said
    assert world.metrics.counts[f"broadcast.{provider}.integrity-error"] == before + 1
    return str(error.value)


@pytest.fixture
def message(world):
    return world.live()


@pytest.fixture
def alert(world, message):
    return world.events(message)[0]


@pytest.fixture
def cancel(world, message, alert):
    world.advance(timedelta(minutes=1))
    return world.events(world.cancelled(message))[1]


def an_update(world, message, number=2, **changes):
    """An update as an approved revision will make it."""
    event = a_broadcast_event(
        broadcast_message_id=message.id,
        service_id=message.service_id,
        number=number,
        type=EventType.UPDATE,
        content="Leave at once.",
        finishes_at=NOON + timedelta(hours=8),
    )
    event = replace(event, **changes)
    world.add(event)
    return event


# Row 1


def test_row_1_a_network_that_is_not_connected(world, message, alert):
    world.networks.disconnect()
    world.put_service(restricted=True)  # row 2 comes later

    claim = world.send_now(alert)

    assert claim.finished
    assert world.copies(message) == []
    assert world.networks.calls() == ()


# Row 2


@pytest.mark.parametrize(
    ("state", "reason"),
    [({"active": False}, "suspended"), ({"restricted": True}, "training mode")],
)
def test_row_2_the_service_may_not(world, alert, caplog, state, reason):
    world.send_now(alert)  # row 3 comes later
    caplog.clear()
    world.put_service(**state)

    assert reason in refused(world, alert)
    assert [(record.levelname, record.provider) for record in caplog.records] == [("ERROR", "ee")]


def test_row_2_a_stubbed_message(world):
    message = a_broadcast_message(service_id=world.service.id, stubbed="its CAP status is Exercise")
    event = a_broadcast_event(broadcast_message_id=message.id, service_id=world.service.id)
    world.add(message, event)

    assert "Exercise" in refused(world, event)


def test_row_2_is_checked_at_each_try(world, message, alert):
    world.networks.fail("ee")
    with pytest.raises(TransientError):
        world.send_now(alert)
    world.put_service(active=False)

    assert "suspended" in refused(world, alert)


def test_each_try_touches_its_copy(world, message, alert):
    """An operator who gives it up at this moment must meet the worker at its row."""
    world.networks.fail("ee")
    for _ in range(2):
        world.advance(timedelta(minutes=1))
        with pytest.raises(TransientError):
            world.send_now(alert)
        row = next(row for row in world.rows() if row.limit == "network:ee")
        world.ledger.purge(row.id)

    (copy,) = world.copies(message)
    assert (copy.status, copy.updated_at) == (P.SENDING, world.clock.now())


# Row 3


def test_row_3_acknowledged_already(world, message, alert):
    world.send_now(alert)
    world.advance(timedelta(days=1))  # row 4 comes later

    claim = world.send_now(alert)

    assert claim.finished
    assert world.metrics.counts["broadcast.ee.duplicate"] == 1
    assert len(world.networks.calls("ee")) == 1


@pytest.mark.parametrize("status", [P.RETURNED_ERROR, P.TECHNICAL_FAILURE])
def test_row_3_ended_otherwise(world, message, alert, status):
    world.add(
        a_provider_message(broadcast_event_id=alert.id, broadcast_message_id=message.id, provider="ee", status=status)
    )

    assert status in refused(world, alert)


# Row 4


def test_row_4_too_late(world, message, alert):
    world.advance(timedelta(hours=4))

    assert "expired" in refused(world, alert)
    assert world.copies(message) == []


def test_row_4_an_unacknowledged_copy_is_given_up(world, message, alert):
    world.networks.fail("ee")
    with pytest.raises(TransientError):
        world.send_now(alert)
    world.advance(timedelta(hours=4))

    assert "expired" in refused(world, alert)
    (copy,) = world.copies(message)
    assert (copy.status, copy.updated_at) == (P.TECHNICAL_FAILURE, world.clock.now())


def test_row_4_a_cancellation_lasts_as_long_as_its_message(world, message, alert):
    world.send_now(alert)
    cancelled = world.cancelled(message)
    cancel = world.events(message)[1]
    with world.storage() as work:
        work.broadcast_messages.change(cancelled, replace(cancelled, finishes_at=NOON + timedelta(hours=6)))
        work.commit()
    world.advance(timedelta(hours=5))

    world.send_now(cancel)
    world.advance(timedelta(hours=1))

    assert "expired" in refused(world, world.events(message)[1], "o2")


def test_row_4_a_cancellation_of_a_message_without_an_end_lasts_as_long_as_itself(world):
    message = a_broadcast_message(service_id=world.service.id, finishes_at=None)
    event = a_broadcast_event(broadcast_message_id=message.id, service_id=world.service.id, type=EventType.CANCEL)
    world.add(message, event)
    world.advance(timedelta(hours=4))

    assert "expired" in refused(world, event)


def test_a_target_that_has_been_disabled_since(world, message, alert):
    world.networks.enable("o2")

    assert refused(world, alert) == "the network has been disabled"


def test_row_4_comes_before_a_disabled_network(world, message, alert):
    """What nobody acknowledged in time ends as that, wherever it was to go."""
    world.networks.fail("ee")
    with pytest.raises(TransientError):
        world.send_now(alert)
    world.networks.enable("o2")
    world.advance(timedelta(hours=4))

    assert "expired" in refused(world, alert)
    assert world.copies(message)[0].status is P.TECHNICAL_FAILURE


def test_a_disabled_network_comes_before_row_5(world, cancel):
    """What came before could be settled, and it would still not go out."""
    world.networks.enable("o2")

    assert refused(world, cancel) == "the network has been disabled"


# Row 5


def test_row_5_an_earlier_event_was_never_handed_over(world, alert, cancel):
    reason = refused(world, cancel)

    assert str(alert.id) in reason
    assert "alert" in reason
    assert "not yet handed to this network" in reason


@pytest.mark.parametrize("status", [P.SENDING, P.RETURNED_ERROR, P.TECHNICAL_FAILURE])
def test_row_5_an_earlier_event_is_not_acknowledged(world, message, alert, cancel, status):
    world.add(
        a_provider_message(broadcast_event_id=alert.id, broadcast_message_id=message.id, provider="ee", status=status)
    )

    reason = refused(world, cancel)

    assert str(alert.id) in reason
    assert "alert" in reason
    assert status in reason


def test_row_5_other_networks_do_not_count(world, message, alert, cancel):
    world.send_now(alert, "o2")

    world.send_now(cancel, "o2")

    assert [one.type for one in world.networks.acknowledged("o2")] == ["alert", "cancel"]
    assert "alert" in refused(world, cancel, "ee")


def test_row_5_a_later_event_never_blocks_an_earlier_one(world, alert, cancel):
    world.send_now(alert)

    assert [one.type for one in world.networks.acknowledged("ee")] == ["alert"]


def test_row_5_after_the_replay_it_goes_out(world, message, alert, cancel):
    refused(world, cancel)
    world.send_now(alert)

    world.send_now(cancel)

    first, second = world.networks.acknowledged("ee")
    (reference,) = second.references
    assert (second.type, str(reference.message_id), reference.sent) == (
        "cancel",
        first.identifier,
        world.copies(message, "ee")[0].created_at,
    )


def test_row_5_every_earlier_event_is_named(world, message, alert):
    update = an_update(world, message)
    last = an_update(world, message, number=3)

    reason = refused(world, last)

    assert str(alert.id) in reason
    assert str(update.id) in reason


def test_row_5_an_update_names_all_earlier_copies_oldest_first(world, message, alert):
    world.send_now(alert, "vodafone")
    world.advance(timedelta(minutes=1))
    world.send_now(an_update(world, message), "vodafone")
    world.advance(timedelta(minutes=1))

    world.send_now(an_update(world, message, number=3), "vodafone")

    *earlier, last = world.networks.acknowledged("vodafone")
    assert [str(one.message_id) for one in last.references] == [one.identifier for one in earlier]
    assert [one.message_number for one in last.references] == ["00000001", "00000002"]
    assert last.message_number == "00000003"


def test_row_5_an_update_of_an_expired_alert_that_was_never_handed_over_is_an_alert(world, message, alert):
    update = an_update(world, message)
    world.advance(timedelta(hours=5))

    world.send_now(update)

    (instruction,) = world.networks.acknowledged("ee")
    assert (instruction.type, instruction.references) == (InstructionType.ALERT, ())
    assert instruction.description == "Leave at once."


def test_row_5_an_alert_has_expired_at_the_very_moment_of_its_end(world, message, alert):
    update = an_update(world, message)
    world.advance(alert.finishes_at - NOON)

    world.send_now(update)

    assert [one.type for one in world.networks.acknowledged("ee")] == [InstructionType.ALERT]


def test_row_5_a_cancellation_of_what_was_never_handed_over_is_not_sent_at_all(world, message, alert):
    cancel = an_update(world, message, type=EventType.CANCEL)
    with world.storage() as work:
        work.broadcast_messages.change(message, replace(message, finishes_at=NOON + timedelta(hours=8)))
        work.commit()
    world.advance(timedelta(hours=5))

    claim = world.send_now(cancel)

    assert claim.finished
    assert (world.networks.calls(), world.copies(message)) == ((), [])
    assert world.metrics.counts["broadcast.ee.nothing-to-cancel"] == 1


def test_row_5_an_expired_alert_that_was_tried_does_block(world, message, alert):
    update = an_update(world, message)
    world.networks.fail("ee")
    with pytest.raises(TransientError):
        world.send_now(alert)
    world.networks.recover("ee")
    world.advance(timedelta(hours=5))

    assert "sending" in refused(world, update)
    refused(world, alert)
    assert "technical-failure" in refused(world, update)


# Row 6 is the ledger's


def test_row_6_another_worker_holds_the_claim(world, alert):
    claim = world.claim_for(alert, "ee")

    assert claim_row(world.ledger, claim.entry.id, "another worker", timedelta(seconds=60)) is None


# Row 7


def test_row_7_acknowledged(world, message, alert):
    claim = world.send_now(alert, "vodafone")

    (copy,) = world.copies(message)
    assert (copy.status, copy.provider, copy.message_number) == (ACK, "vodafone", "00000001")
    assert claim.finished
    assert world.attempts(copy) == [(1, "started", None), (1, "acknowledged", None)]
    assert world.metrics.counts["broadcast.vodafone.1.acknowledged"] == 1
    (instruction,) = world.networks.acknowledged("vodafone")
    assert (instruction.identifier, instruction.message_number) == (str(copy.id), "00000001")


def test_row_7_numbers_only_where_the_network_needs_one(world, message, alert):
    world.send_now(alert, "ee")
    world.send_now(alert, "vodafone")

    assert {copy.provider: copy.message_number for copy in world.copies(message)} == {
        "ee": None,
        "vodafone": "00000001",
    }


def test_row_7_on_the_second_route(world, message, alert):
    world.networks.fail("ee", Route.FIRST, detail="StatusCode 503")

    claim = world.send_now(alert)

    (copy,) = world.copies(message)
    assert (copy.status, claim.finished) == (ACK, True)
    assert world.attempts(copy) == [
        (1, "started", None),
        (1, "failed", "StatusCode 503"),
        (2, "started", None),
        (2, "acknowledged", None),
    ]
    assert world.metrics.counts["broadcast.ee.1.failed"] == 1
    assert world.metrics.counts["broadcast.ee.2.acknowledged"] == 1
    first, second = world.networks.calls("ee")
    assert first.instruction == second.instruction


# Row 8


def test_row_8_both_routes_failed(world, message, alert):
    world.networks.fail("ee", Route.FIRST, detail="time-out")
    world.networks.fail("ee", Route.SECOND, detail="FunctionError")

    with pytest.raises(TransientError, match="ee acknowledged on neither route: time-out; FunctionError"):
        world.send_now(alert)

    (copy,) = world.copies(message)
    assert copy.status is P.SENDING
    assert world.attempts(copy) == [
        (1, "started", None),
        (1, "failed", "time-out"),
        (2, "started", None),
        (2, "failed", "FunctionError"),
    ]
    assert world.metrics.counts["broadcast.ee.2.failed"] == 1


def test_row_8_the_same_message_until_it_is_acknowledged(world, message):
    world.networks.fail("vodafone", times=3)
    world.deliver()
    waits = []
    while rows := world.rows(SendBroadcastProviderMessage):
        waits.append((rows[0].due_at - world.database.now()).total_seconds())
        world.advance(timedelta(seconds=waits[-1]))
        world.run()

    assert waits == [1, 2, 4]
    (copy,) = world.copies(message, "vodafone")
    assert (copy.status, copy.message_number) == (ACK, "00000001")
    calls = world.networks.calls("vodafone")
    assert len(calls) == 7
    assert {call.instruction.identifier for call in calls} == {str(copy.id)}
    assert len(world.networks.acknowledged("vodafone")) == 1
    assert len(world.attempts(copy)) == 14


# Row 9


def test_row_9_unknown_things_fail_and_are_not_retried(world, alert):
    with pytest.raises(NotFound):
        world.send_now(alert, "unknown")
    with pytest.raises(NotFound):
        world.send_now(replace(alert, id=an_id()))


def test_row_9_an_unknown_network_is_refused_after_it_counts_as_connected(world, alert):
    world.networks = _Talkative(PROFILES)

    with pytest.raises(NotFound):
        world.send_now(alert, "unknown")


class _Talkative(MemoryNetworks):
    def __init__(self, profiles):
        super().__init__(profiles=profiles)

    def is_connected(self, network):
        return True


@pytest.mark.parametrize("missing", ["message", "service"])
def test_row_9_an_event_without_its_message_or_service(world, missing):
    message = a_broadcast_message()
    event = a_broadcast_event(broadcast_message_id=message.id, service_id=message.service_id)
    world.add(event, *([message] if missing == "service" else []))

    with pytest.raises(NotFound):
        world.send_now(event)


def test_row_9_a_programming_error_is_no_reason_to_retry(world, message):
    world.networks = _Broken()
    world.deliver()

    assert {(row.state, row.reason) for row in world.rows()} == {("failed", "KeyError: 'headline'")}
    assert len(world.copies(message)) == 4


class _Broken(MemoryNetworks):
    def send(self, network, route, instruction):
        raise KeyError("headline")


# Two workers


def test_a_copy_that_another_worker_made_at_the_same_time_counts(world, message, alert):
    claim = world.claim_for(alert, "ee")
    world.storage.fail_next_commit(AlreadyExists("provider message"))

    with pytest.raises(Conflict):
        world.send(SendBroadcastProviderMessage(alert.id, "ee"), claim)

    assert world.networks.calls() == ()


def taken_over(world, claim):
    """The worker was not seen for longer than a claim lasts; another has its row."""
    world.advance(LEASE + timedelta(seconds=1))
    return claim_row(world.ledger, claim.entry.id, "another", LEASE)


def test_row_6_a_worker_whose_claim_another_has_by_now_does_not_begin_to_send(world, message, alert):
    late = world.claim_for(alert, "ee")
    claim = taken_over(world, late)

    with pytest.raises(ClaimLost):
        world.send(SendBroadcastProviderMessage(alert.id, "ee"), late)

    assert (world.copies(message), world.networks.calls()) == ([], ())
    world.send(SendBroadcastProviderMessage(alert.id, "ee"), claim)
    assert [copy.status for copy in world.copies(message)] == [ACK]


def test_row_6_nor_does_it_go_on_to_the_second_route(world, message, alert):
    late = world.claim_for(alert, "ee")
    world.networks = _FailsAfter(lambda: taken_over(world, late))

    with pytest.raises(ClaimLost):
        world.send(SendBroadcastProviderMessage(alert.id, "ee"), late)

    assert [call.route for call in world.networks.calls()] == [Route.FIRST]
    # What another worker has begun by now is what the history ends with.
    assert world.attempts(world.copies(message)[0]) == [(1, "started", None)]


class _FailsAfter(MemoryNetworks):
    def __init__(self, first):
        super().__init__()
        self._first = first

    def send(self, network, route, instruction):
        super().send(network, route, instruction)
        self._first()
        raise NetworkFailed("time-out")


@pytest.mark.parametrize("error", [Conflict("given up by an operator"), ClaimLost("its lease ran out")])
def test_an_acknowledgement_that_cannot_be_recorded_is_kept_in_the_history(world, message, alert, error):
    claim = world.claim_for(alert, "ee")
    world.networks = _ThenTheCommitFails(world.storage, error)

    with pytest.raises(type(error)):
        world.send(SendBroadcastProviderMessage(alert.id, "ee"), claim)

    (copy,) = world.copies(message)
    assert (copy.status, claim.finished) == (P.SENDING, False)
    assert world.attempts(copy) == [(1, "started", None), (1, "acknowledged", None)]


class _ThenTheCommitFails(MemoryNetworks):
    def __init__(self, storage, error):
        super().__init__()
        self._storage, self._error = storage, error

    def send(self, network, route, instruction):
        super().send(network, route, instruction)
        self._storage.fail_next_commit(self._error)
