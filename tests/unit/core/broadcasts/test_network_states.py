"""Where is it, and what mends it? As an operator sees it at three in the morning."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.broadcasts.model import Assumption, Attempt, AttemptOutcome, EventType, Route
from notify_core.broadcasts.states import MessageStatus as S
from notify_core.broadcasts.states import ProviderMessageStatus as P
from notify_core.broadcasts.tasks import SendBroadcastEvent, SendBroadcastProviderMessage
from notify_core.ports.task_ledger import RelayLimits
from notify_core.testing.builders import NOON, a_broadcast_event, a_broadcast_message, a_provider_message
from notify_core.testing.fakes.networks import MemoryNetworks

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


def enqueue(world, event, provider="ee"):
    with world.storage() as work:
        work.enqueue(SendBroadcastProviderMessage(event.id, provider))
        work.commit()


def purge(world):
    for row in world.rows():
        world.ledger.purge(row.id)


def acknowledge_late(world, copy):
    with world.storage() as work:
        work.provider_messages.add_attempts(
            [Attempt(copy.id, world.clock.now(), Route.SECOND, AttemptOutcome.ACKNOWLEDGED)]
        )
        work.commit()


class TestOnItsWay:
    def test_its_event_waits(self, world, alert):
        assert world.state(alert).where == "waiting"
        assert world.words(alert) == "due since 2026-01-05 12:00:00; it waits for its turn at this network"
        assert world.mend(alert) == []

    def test_it_lies_in_a_queue(self, world, alert):
        world.ledger.publish_due(RelayLimits(), "relay")

        assert world.state(alert).where == "sending"
        assert world.words(alert) == "it lies in its queue: no worker has taken it yet"

    def test_a_worker_is_at_it(self, world, alert):
        world.run(SendBroadcastEvent)
        world.claim_for(alert, "ee")

        assert world.state(alert).where == "sending"
        assert world.words(alert) == "worker is at it; no other worker gets it before 2026-01-05 12:01:00"

    def test_its_worker_has_died(self, world, alert, process_died):
        world.run(SendBroadcastEvent)
        world.networks = _Dying(["ee"], process_died())
        with pytest.raises(process_died):
            world.run()
        assert world.words(alert).endswith("; tried once")
        world.advance(timedelta(seconds=60))

        assert world.state(alert).where == "sending"
        assert world.words(alert) == "worker has died or hangs; another worker gets it now; tried once"

        world.networks = MemoryNetworks(["ee"])
        world.networks.fail("ee", detail="time-out")
        world.run()
        assert world.words(alert) == (
            "next try at 2026-01-05 12:01:01; tried 2 times, last failure: time-out, "
            "1 of them without an end: a worker died in the middle of it"
        )

    def test_it_was_given_back_by_a_dead_worker_and_lies_there(self, world, alert, process_died):
        world.run(SendBroadcastEvent)
        world.networks = _Dying(["ee"], process_died())
        with pytest.raises(process_died):
            world.run()
        world.ledger.recover("worker")

        assert world.state(alert).where == "waiting"
        assert world.words(alert).endswith("1 of them without an end: a worker died in the middle of it")

    def test_the_network_does_not_answer(self, world, alert):
        world.networks.fail("ee", detail="time-out")
        world.deliver()

        assert world.state(alert).where == "waiting"
        assert world.words(alert) == "next try at 2026-01-05 12:00:01; tried once, last failure: time-out"

    def test_it_has_arrived(self, world, alert):
        world.deliver()

        assert world.state(alert).where == "acknowledged"
        assert world.words(alert) == "on route 1 at 2026-01-05 12:00:00"

    def test_it_has_arrived_after_some_tries(self, world, alert):
        world.networks.fail("ee", times=1)
        world.deliver()
        world.advance(SECOND)
        world.run()

        assert world.words(alert) == "on route 1 at 2026-01-05 12:00:01; tried 2 times"

    def test_an_acknowledgement_from_before_there_was_a_history(self, world, message, alert):
        world.add(
            a_provider_message(
                broadcast_event_id=alert.id, broadcast_message_id=message.id, provider="ee", status=P.RETURNED_ACK
            )
        )

        assert world.state(alert).where == "acknowledged"
        assert world.words(alert) == ""


class _Dying(MemoryNetworks):
    def __init__(self, enabled, death):
        super().__init__(enabled)
        self._death = death

    def send(self, network, route, instruction):
        raise self._death


class TestPractice:
    def test_a_stubbed_message(self, world):
        message = a_broadcast_message(service_id=world.service.id, stubbed="its CAP status is Exercise")
        event = a_broadcast_event(broadcast_message_id=message.id, service_id=world.service.id, providers=("ee",))
        world.add(message, event)

        assert world.state(event).where == "not-queued"
        assert world.words(event) == "practice: the message is stubbed (its CAP status is Exercise)"
        assert world.mend(event) == []

    def test_training_mode(self, world):
        world.put_service(restricted=True)
        (event,) = world.events(world.live())

        assert world.state(event).where == "not-queued"
        assert "practice" in world.words(event)

    def test_what_disagreed_is_not_sent_when_the_service_goes_live(self, world):
        message = world.pending()
        world.put_service(restricted=True)
        (event,) = world.events(world.move(message, "broadcasting"))
        assert world.words(event) == "practice: the service is in training mode"
        world.put_service(restricted=False)

        assert world.state(event).where == "not-queued"
        assert "write a new alert" in world.words(event)
        assert world.mend(event) == []

    def test_a_platform_without_networks(self, world, alert):
        world.networks.disconnect()

        assert world.state(alert).where == "not-connected"
        assert "connected to no network" in world.words(alert)
        assert world.mend(alert) == []


class TestRefused:
    """Each refusal has its words and its command."""

    def test_row_2_a_suspended_service(self, world, alert):
        world.put_service(active=False)
        assert world.state(alert).where == "waiting"
        world.deliver()

        assert world.state(alert).where == "blocked"
        assert world.words(alert) == "the service is suspended"
        assert "active = true" in world.mend(alert)[0]
        assert world.commands(alert) == [f"{alert.id} ee"]

    def test_row_2_training_mode(self, world, alert):
        world.run(SendBroadcastEvent)
        world.put_service(restricted=True)
        world.run()

        assert world.state(alert).where == "blocked"
        assert world.words(alert) == "the service is in training mode"
        assert "mode = 'live'" in world.mend(alert)[0]
        assert world.commands(alert) == [f"{alert.id} ee"]

    def test_row_2_a_stubbed_message_that_was_queued(self, world):
        message = a_broadcast_message(service_id=world.service.id, stubbed="its CAP status is Exercise")
        event = a_broadcast_event(broadcast_message_id=message.id, service_id=world.service.id, providers=("ee",))
        world.add(message, event)
        enqueue(world, event)
        world.run()

        assert world.state(event).where == "blocked"
        assert "stubbed" in world.words(event)
        assert world.commands(event) == []
        assert "never goes out" in world.mend(event)[0]

    def test_row_2_what_was_restored_waits_for_its_replay(self, world, alert):
        world.put_service(active=False)
        world.deliver()
        world.put_service(active=True)

        assert world.state(alert).where == "blocked"
        assert world.words(alert) == "what stood in its way is gone"
        assert world.commands(alert) == [f"{alert.id} ee"]

    def test_row_4_expired_before_it_was_handed_over(self, world, alert):
        world.put_service(active=False)
        world.advance(timedelta(hours=4))
        world.deliver()

        assert world.state(alert).where == "expired"
        assert world.words(alert) == "it expired before it was ever handed over"
        assert world.mend(alert) == ["nothing to do: it has expired. If people must still be told, write a new alert"]

    def test_row_4_expired_unacknowledged(self, world, alert):
        world.networks.fail("ee", detail="time-out")
        world.deliver()
        world.advance(timedelta(hours=4))
        assert world.state(alert).where == "expired"
        world.run()

        assert world.state(alert).own.status is P.TECHNICAL_FAILURE
        assert world.words(alert) == "it has expired; tried once, last failure: time-out"
        assert world.commands(alert) == []
        assert "it has expired" in world.mend(alert)[0]

    def test_row_4_a_late_acknowledgement(self, world, message, alert):
        world.networks.fail("ee")
        world.deliver()
        world.advance(timedelta(hours=4))
        world.run()
        acknowledge_late(world, world.copies(message)[0])

        assert world.state(alert).late
        assert world.words(alert).endswith("acknowledged after it was given up, on route 2 at 2026-01-05 16:00:00")
        assert world.mend(alert) == ["nothing to send: ee has it, whatever was taken for true meanwhile"]

    def test_a_network_that_has_been_disabled_since(self, world, alert):
        world.networks.enable("o2")
        world.deliver()

        assert world.state(alert).where == "blocked"
        assert world.words(alert) == "the network has been disabled"
        assert "name ee in NOTIFY_CBC_ENABLED" in world.mend(alert)[0]
        assert world.commands(alert) == [f"{alert.id} ee"]

    def test_row_9_a_network_that_nobody_knows_any_more(self, world):
        message = a_broadcast_message(service_id=world.service.id)
        event = a_broadcast_event(broadcast_message_id=message.id, service_id=world.service.id, providers=("giffgaff",))
        world.add(message, event)
        enqueue(world, event, "giffgaff")
        world.run()

        assert world.state(event, "giffgaff").where == "blocked"
        assert world.words(event, "giffgaff") == "no network called giffgaff is installed here"
        assert world.commands(event, "giffgaff") == [f"{event.id} giffgaff"]

    def test_row_9_a_programming_error_shows_what_the_ledger_says(self, world, alert):
        world.networks = _Broken(["ee"])
        world.deliver()

        assert world.state(alert).where == "blocked"
        assert world.words(alert).startswith("it failed: KeyError: 'headline'; tried once")
        assert world.commands(alert) == [f"{alert.id} ee"]

    def test_work_that_was_purged_before_any_network_had_it(self, world, alert):
        """Nothing shows that it was ever to go out, and what was practice must not: a new alert is the way."""
        world.put_service(active=False)
        world.deliver()
        purge(world)
        world.put_service(active=True)

        assert world.state(alert).where == "not-queued"

    @pytest.mark.parametrize("kind", [EventType.UPDATE, EventType.CANCEL])
    def test_what_comes_after_an_alert_that_was_only_practice(self, world, kind):
        """Its service was in training mode when it was approved: no replay would send it, so none is advised."""
        message = world.pending()
        world.put_service(restricted=True)
        world.move(message, S.BROADCASTING)
        world.put_service(restricted=False)
        if kind is EventType.UPDATE:
            world.decided(world.proposed(message))
        else:
            world.cancelled(message)
        world.deliver()
        practice, event = world.events(message)

        assert world.state(practice).where == "not-queued"
        assert world.state(event).where == "blocked"
        assert "only practice" in world.mend(event)[0]
        assert world.commands(event) == [f"{event.id} ee --assume not-sent"]

        world.assume_not_sent(event)
        world.run()

        assert [told.type.value for told in world.networks.acknowledged("ee")] == ["alert"] * (kind is EventType.UPDATE)

    def test_work_that_was_purged_at_one_network(self, world, alert):
        world.networks = _Broken(["ee"])
        world.deliver()
        purge(world)

        assert world.state(alert).where == "no-work-left"
        assert world.words(alert).startswith("no work is left that would send it")
        assert world.commands(alert) == [f"{alert.id} ee"]


class _Broken(MemoryNetworks):
    def send(self, network, route, instruction):
        raise KeyError("headline")


class TestOrder:
    """Row 5: what must be settled first, and how."""

    @pytest.fixture
    def cancel(self, world, message):
        world.cancelled(message)
        return world.events(message)[-1]

    def test_the_alert_is_still_on_its_way(self, world, alert, cancel):
        assert world.state(cancel).where == "waiting"
        assert world.mend(cancel) == [
            "ee never had the alert. So that it never goes out there:",
            f"notify broadcasts replay {cancel.id} ee --assume not-sent",
            "or, to have the alert sent there after all and cancelled then:",
            "wait until ee has acknowledged the alert: it is tried by itself. Then:",
            f"notify broadcasts replay {cancel.id} ee",
        ]

    def test_the_alert_has_failed_itself(self, world, alert, cancel):
        world.put_service(active=False)
        world.deliver()
        world.put_service(active=True)

        (block,) = world.state(cancel).blocks
        assert (block.event, block.status) == (alert, None)
        assert world.state(cancel).where == "blocked"
        assert world.commands(cancel) == [f"{cancel.id} ee --assume not-sent", f"{alert.id} ee", f"{cancel.id} ee"]
        assert world.mend(alert) == [
            "it has been cancelled since: rather see to the cancellation at ee. Or:",
            f"notify broadcasts replay {alert.id} ee",
        ]

    def test_a_cancellation_that_is_refused_itself_is_what_the_operator_should_see_to(self, world, message, alert):
        world.deliver()
        world.cancelled(message)
        cancel = world.events(message)[-1]
        world.put_service(active=False)
        world.deliver()

        assert world.state(cancel).where == "blocked"
        assert not [line for line in world.mend(cancel) if "it has been cancelled since" in line]
        assert world.commands(cancel) == [f"{cancel.id} ee"]

    def test_a_cancelled_alert_that_has_expired_needs_nobody(self, world, alert, cancel):
        world.put_service(active=False)
        world.deliver()
        world.advance(timedelta(hours=4))

        assert world.mend(alert) == ["nothing to do: it has expired. If people must still be told, write a new alert"]

    def test_nothing_is_left_of_the_alert(self, world, message, alert):
        world.deliver()
        cancel = a_broadcast_event(
            broadcast_message_id=message.id,
            service_id=message.service_id,
            number=3,
            type=EventType.CANCEL,
            providers=("ee",),
        )
        update = replace(cancel, id=a_broadcast_event().id, number=2, type=EventType.UPDATE)
        world.add(update, cancel)

        assert world.state(update).where == "no-work-left"
        assert world.commands(cancel) == [f"{cancel.id} ee --assume not-sent", f"{update.id} ee", f"{cancel.id} ee"]

    def test_an_update_waits_for_its_alert(self, world, message, alert):
        world.networks.fail("ee")
        world.deliver()
        update = replace(alert, id=a_broadcast_event().id, number=2, type=EventType.UPDATE)
        world.add(update)
        enqueue(world, update)

        assert world.mend(update) == [
            "wait until ee has acknowledged the alert: it is tried by itself. Then:",
            f"notify broadcasts replay {update.id} ee",
            "or, if that takes too long:",
            f"ask ee what became of the alert {alert.id}. If people may have received it:",
            f"notify broadcasts replay {update.id} ee --assume sent",
            "if certainly nobody did:",
            f"notify broadcasts replay {update.id} ee --assume not-sent",
        ]

    def test_an_update_of_an_alert_that_was_never_handed_over(self, world, message, alert):
        update = replace(alert, id=a_broadcast_event().id, number=2, type=EventType.UPDATE)
        world.add(update)
        enqueue(world, update)

        assert world.commands(update) == [f"{update.id} ee"]

    def test_the_alert_was_tried_and_has_expired(self, world, message, alert):
        world.networks.fail("ee")
        world.deliver()
        update = replace(
            alert, id=a_broadcast_event().id, number=2, type=EventType.UPDATE, finishes_at=NOON + timedelta(hours=8)
        )
        world.add(update)
        world.advance(timedelta(hours=4))
        enqueue(world, update)
        world.run()

        assert world.state(update).where == "blocked"
        assert world.commands(update) == [f"{update.id} ee --assume sent", f"{update.id} ee --assume not-sent"]

    def test_the_alert_expired_while_its_worker_was_away(self, world, message, alert):
        """Nobody has recorded yet that it has expired: all the same, waiting for it is of no use."""
        world.networks.fail("ee")
        world.deliver()
        update = replace(
            alert, id=a_broadcast_event().id, number=2, type=EventType.UPDATE, finishes_at=NOON + timedelta(hours=8)
        )
        world.add(update)
        world.advance(timedelta(hours=4))
        enqueue(world, update)

        assert world.copies(message)[0].status is P.SENDING
        assert world.commands(update) == [f"{update.id} ee --assume sent", f"{update.id} ee --assume not-sent"]

    def test_given_up(self, world, message, alert):
        world.add(
            a_provider_message(
                broadcast_event_id=alert.id,
                broadcast_message_id=message.id,
                provider="ee",
                status=P.RETURNED_ERROR,
                assumed=Assumption.NOT_SENT,
            )
        )

        assert world.state(alert).where == "given-up"
        assert world.words(alert) == "an operator has given it up; an operator takes it for not-sent"
        assert "nothing can be sent under this identifier any more" in world.mend(alert)[0]

    def test_there_is_nothing_to_cancel(self, world, message, alert):
        world.add(
            a_provider_message(
                broadcast_event_id=alert.id,
                broadcast_message_id=message.id,
                provider="ee",
                status=P.RETURNED_ERROR,
                assumed=Assumption.NOT_SENT,
            )
        )
        world.cancelled(message)
        cancel = world.events(message)[-1]
        world.run(times=2)

        assert world.state(cancel).where == "nothing-to-cancel"
        assert world.words(cancel) == "the network never had anything that could be cancelled"

    def test_a_cancellation_in_training_mode_of_what_is_on_air(self, world, message, alert):
        """Nothing was queued, but the network has something on air: it must be seen."""
        world.deliver()
        world.put_service(restricted=True)
        world.cancelled(message)
        cancel = world.events(message)[-1]

        assert world.state(cancel).where == "blocked"
        assert world.words(cancel) == "the service is in training mode"

        world.put_service(restricted=False)
        assert world.state(cancel).where == "no-work-left"
        assert world.commands(cancel) == [f"{cancel.id} ee"]

    def test_an_update_in_training_mode_of_what_is_on_air(self, world, message, alert):
        """Nothing was queued, and what comes after it waits for it: it must be seen, and be mendable."""
        world.deliver()
        world.put_service(restricted=True)
        world.decided(world.proposed(message))
        world.put_service(restricted=False)
        world.cancelled(message)
        _, update, cancel = world.events(message)
        world.run(times=2)

        assert world.state(update).where == "no-work-left"
        assert world.commands(update)[-1] == f"{update.id} ee"
        assert f"{update.id} ee" in world.commands(cancel)

        world.replay(update.id, "ee")
        world.run()
        world.replay(cancel.id, "ee")
        world.run()
        assert [state.where for state in map(world.state, (update, cancel))] == ["acknowledged", "acknowledged"]

    def test_an_update_in_training_mode_of_what_expires_unheard_at_one_network(self, world):
        """The alert went out to others, and so would have the update."""
        world.networks.enable("ee", "o2")
        message = world.live()
        world.networks.enable("o2")
        world.deliver()
        world.networks.enable("ee", "o2")
        world.put_service(restricted=True)
        world.decided(world.proposed(message, finishes_at=NOON + timedelta(hours=8)))
        world.put_service(restricted=False)
        world.advance(timedelta(hours=5))
        update = world.events(message)[-1]

        assert world.state(update).where == "no-work-left"


def test_a_row_that_waits_tells_more_than_one_that_failed(world, alert):
    world.put_service(active=False)
    world.deliver()
    enqueue(world, alert)
    world.put_service(active=True)

    assert world.state(alert).where == "waiting"


def test_a_row_that_was_replayed_tells_more_than_one_that_failed_after_it(world, alert):
    world.put_service(active=False)
    world.deliver()
    enqueue(world, alert)
    world.run()
    older, newer = world.rows(SendBroadcastProviderMessage)
    assert (older.state, newer.state) == ("failed", "failed")
    world.put_service(active=True)

    world.ledger.replay(older.id)

    assert world.state(alert).where == "waiting"
