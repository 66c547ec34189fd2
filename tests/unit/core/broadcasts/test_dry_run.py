"""``notify broadcasts dry-run``: broadcasts.md, section 4 (operator commands) and section 5 (what is sent)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from notify_core.broadcasts.model import Assumption, Instruction, InstructionType
from notify_core.broadcasts.ports import NetworkFormat, NetworkProfile
from notify_core.broadcasts.states import MessageStatus, ProviderMessageEvent, ProviderMessageStatus, RevisionStatus
from notify_core.broadcasts.tasks import SendBroadcastEvent, SendBroadcastProviderMessage
from notify_core.broadcasts.use_cases.dry_run import DryRun
from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import BroadcastMessageId, ServiceId
from notify_core.testing.builders import NOON
from notify_core.testing.fakes.networks import PROFILES, MemoryNetworks

NETWORKS = ["ee", "o2", "three", "vodafone"]
FIRST, SECOND, THIRD = (str(UUID(int=number)) for number in (1, 2, 3))


class ShowingNetworks(MemoryNetworks):
    """Keeps what it was asked to show."""

    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        self.shown = {}

    def preview(self, network, instruction, at):
        self.shown[network, instruction.identifier] = (instruction, at)
        return super().preview(network, instruction, at)


class Rehearsal:
    def __init__(self, world):
        self.world = world
        self.networks = world.networks = ShowingNetworks()

    def __call__(self, message):
        dry_run = DryRun(self.world.storage, self.world.clock, self.networks, self.world.rules)
        before = self.everything()
        found = dry_run(message.id)
        assert self.everything() == before, "a dry run changes nothing"
        return found["events"]

    def everything(self):
        calls = self.networks.calls()
        with self.world.storage() as work:
            number = work.provider_messages.next_number()
        # Not committed: the number is still to be had.
        return calls, self.world.rows(), number

    def at(self, message, provider="ee", event=-1):
        """What one network would be told of an event: the latest unless said."""
        return next(one for one in self(message)[event]["networks"] if one["provider"] == provider)

    def told(self, message, provider="ee", event=-1) -> Instruction:
        identifier = self.at(message, provider, event)["payload"]["identifier"]
        instruction, at = self.networks.shown[provider, identifier]
        assert at == self.world.clock.now()
        return instruction


@pytest.fixture
def rehearse(world):
    return Rehearsal(world)


def refusals(event):
    return {one["provider"]: one["refusals"] for one in event["networks"]}


def test_an_unknown_message(world, rehearse):
    with pytest.raises(NotFound, match="no broadcast message"):
        DryRun(world.storage, world.clock, rehearse.networks, world.rules)(BroadcastMessageId(UUID(int=7)))


class TestNotYetApproved:
    def test_what_its_alert_would_be(self, world, rehearse):
        message = world.pending()
        (event,) = rehearse(message)

        assert (event["id"], event["message_type"], event["provisional"]) == (None, "alert", True)
        assert event["refusals"] == []
        assert [one["provider"] for one in event["networks"]] == NETWORKS
        assert refusals(event) == {network: [] for network in NETWORKS}
        ee, vodafone = event["networks"][0], event["networks"][-1]
        assert ee["functions"] == ["ee-1-proxy", "ee-2-proxy"]
        assert ee["provisional"]
        assert ee["payload"] == {"message_type": "alert", "identifier": FIRST}
        assert vodafone["payload"] == {"message_type": "alert", "identifier": FIRST, "message_number": "00000000"}
        assert ee["xml"].startswith("<cap><message_type>alert")
        assert vodafone["xml"].startswith("<ibag><message_type>alert")

    def test_it_is_what_an_approval_sends(self, world, rehearse):
        message = world.pending()
        before = rehearse.told(message, "vodafone")

        world.move(message, MessageStatus.BROADCASTING)
        world.deliver()

        (sent,) = world.networks.acknowledged("vodafone")
        assert sent == replace(before, identifier=sent.identifier, message_number=sent.message_number)
        assert sent.identifier != before.identifier

    def test_it_is_nothing_but_a_look(self, world, rehearse):
        message = world.pending()
        rehearse(message)
        assert world.message(message) == message
        assert world.events(message) == []

    def test_one_network_where_the_service_is_restricted_to_it(self, world, rehearse):
        world.put_settings(provider="o2")
        (event,) = rehearse(world.pending())
        assert [one["provider"] for one in event["networks"]] == ["o2"]

    def test_a_draft_has_to_be_handed_in_first(self, world, rehearse):
        message = world.draft()
        (event,) = rehearse(message)
        assert event["refusals"] == [f"Cannot move broadcast_message {message.id} from draft to broadcasting"]
        assert event["networks"][0]["payload"] is not None

    def test_what_approval_would_be_refused_for(self, world, rehearse):
        message = world.pending(areas=(), simple_polygons=(), finishes_at=NOON + timedelta(hours=23))
        world.networks.enable()
        world.put_service(active=False)

        (event,) = rehearse(message)

        too_long = "it must last at most 22 hours 30 minutes on the severe channel."
        assert event["refusals"] == [
            "Updating broadcast message is not allowed: service is inactive",
            f"broadcast_message {message.id} has no selected areas and so cannot be broadcasted.",
            "No network is enabled, so nothing can be broadcasted",
            f"broadcast_message {message.id} cannot be broadcasted: {too_long}",
        ]
        assert event["networks"] == []

    def test_what_the_only_network_of_a_service_would_be_told_while_it_is_disabled(self, world, rehearse):
        world.put_settings(provider="o2")
        message = world.pending()
        world.networks.enable("ee")
        (event,) = rehearse(message)
        assert event["refusals"] == ["The network o2, to which this service is restricted, is disabled"]
        (o2,) = event["networks"]
        assert o2["refusals"] == ["the network has been disabled"]
        assert o2["payload"] is not None

    def test_a_network_that_is_not_installed(self, world, rehearse):
        world.put_settings(provider="giffgaff")
        (event,) = rehearse(world.pending())
        assert event["networks"] == [
            {
                "provider": "giffgaff",
                "provisional": True,
                "refusals": ["no network is called giffgaff"],
                "functions": [],
                "payload": None,
                "xml": None,
            }
        ]

    def test_without_a_channel_there_is_no_event_to_show(self, world, rehearse):
        message = world.pending()
        with world.storage() as work:
            other = replace(world.service, id=ServiceId(UUID(int=5)))
            work.services.put(other)
            work.commit()
        stray = replace(message, id=BroadcastMessageId(UUID(int=6)), service_id=other.id)
        world.add(stray)
        (event,) = rehearse(stray)
        assert event == {
            "id": None,
            "message_type": "alert",
            "provisional": True,
            "refusals": [f"Service {other.id} has no broadcast channel"],
            "networks": [],
        }

    def test_practice_is_shown_and_called_so(self, world, rehearse):
        world.put_service(restricted=True)
        (event,) = rehearse(world.pending())
        assert event["refusals"] == []
        assert refusals(event) == {network: ["the service is in training mode"] for network in NETWORKS}
        assert event["networks"][0]["payload"] is not None

    def test_what_no_network_would_take_has_no_payload(self, world, rehearse):
        message = world.pending()
        world.add(replace(message, id=BroadcastMessageId(UUID(int=6)), content="bell\a"))
        (event,) = rehearse(replace(message, id=BroadcastMessageId(UUID(int=6))))
        ee = event["networks"][0]
        assert (ee["payload"], ee["xml"]) == (None, None)
        assert ee["functions"] == ["ee-1-proxy", "ee-2-proxy"]
        assert ee["refusals"] == ["the text has control characters, which XML cannot hold"]

    def test_where_nothing_is_connected_nothing_is_sent(self, world, rehearse):
        message = world.pending()
        world.networks.disconnect()
        (event,) = rehearse(message)
        assert refusals(event) == {network: ["the network is not connected"] for network in NETWORKS}
        assert event["networks"][0]["payload"] is not None

    def test_a_rejected_one_may_be_handed_in_again(self, world, rehearse):
        message = world.move(world.pending(), MessageStatus.REJECTED)
        (event,) = rehearse(message)
        assert event["refusals"] == [f"Cannot move broadcast_message {message.id} from rejected to broadcasting"]


class TestStoredEvents:
    def test_what_was_acknowledged_is_shown_as_it_was_sent(self, world, rehearse):
        message = world.live()
        world.deliver()
        world.cancelled(message)
        world.deliver()
        world.put_service(active=False)
        world.advance(timedelta(days=2))

        alert, cancel = rehearse(message)

        stored = [str(event.id) for event in world.events(message)]
        assert [alert["id"], cancel["id"]] == stored
        for event in (alert, cancel):
            assert not event["provisional"]
            assert refusals(event) == {network: [] for network in NETWORKS}
            assert {one["provisional"] for one in event["networks"]} == {False}
        for provider in NETWORKS:
            sent = world.networks.acknowledged(provider)
            assert [rehearse.told(message, provider, event) for event in (0, 1)] == list(sent)

    def test_what_is_on_its_way_has_its_identifier_already(self, world, rehearse):
        world.networks.fail("ee")
        message = world.live()
        world.deliver()
        (copy,) = world.copies(message, "ee")
        ee = rehearse.at(message)
        assert (ee["payload"]["identifier"], ee["provisional"], ee["refusals"]) == (str(copy.id), False, [])

    def test_before_anything_was_handed_over_the_order_is_presumed(self, world, rehearse):
        message = world.cancelled(world.live())
        alert, cancel = rehearse(message)

        assert {one["provisional"] for event in (alert, cancel) for one in event["networks"]} == {True}
        assert refusals(alert) == {network: [] for network in NETWORKS}
        (alert_event, _) = world.events(message)
        waits = f"the earlier alert {alert_event.id} is not yet handed to this network"
        assert refusals(cancel) == {network: [waits] for network in NETWORKS}
        told = rehearse.told(message, "vodafone")
        assert (told.type, told.identifier) == (InstructionType.CANCEL, SECOND)
        assert [(str(one.message_id), one.message_number) for one in told.references] == [(FIRST, "00000000")]

    def test_what_is_on_its_way_is_presumed_to_arrive(self, world, rehearse):
        world.networks.fail("ee")
        message = world.live()
        world.deliver()
        world.cancelled(message)
        (copy,) = world.copies(message, "ee")
        ee = rehearse.at(message)
        assert [one.message_id for one in rehearse.told(message).references] == [copy.id]
        (alert, _) = world.events(message)
        assert ee["refusals"] == [f"the earlier alert {alert.id} is sending"]

    def test_nothing_to_cancel_is_said_so(self, world, rehearse):
        message = world.live()
        world.run(SendBroadcastEvent)
        world.cancelled(message)
        world.advance(timedelta(hours=5))
        ee = rehearse.at(message)
        assert ee["payload"] is None
        assert "cancel of nothing: it has no references" in ee["refusals"]

    def test_what_an_operator_assumed_counts(self, world, rehearse):
        message = world.live()
        (event,) = world.events(message)
        world.networks.fail("ee")
        world.run(SendBroadcastEvent)
        world.run(SendBroadcastProviderMessage)
        (copy,) = world.copies(message, "ee")
        given_up = replace(copy.after(ProviderMessageEvent.GIVEN_UP, NOON), assumed=Assumption.NOT_SENT)
        with world.storage() as work:
            work.provider_messages.change(copy, given_up)
            work.commit()
        world.decided(world.proposed(message))

        ended, update = (rehearse.at(message, event=number) for number in (0, 1))

        assert ended["refusals"] == [f"its provider message {copy.id} is {ProviderMessageStatus.RETURNED_ERROR}"]
        assert update["refusals"] == []
        assert rehearse.told(message).type is InstructionType.ALERT
        assert event.id == world.events(message)[0].id

    def test_a_copy_without_the_number_that_its_network_needs_by_now(self, world, rehearse):
        message = world.live()
        world.deliver()
        ee = NetworkProfile("ee", NetworkFormat.IBAG, ("ee-1-proxy", "ee-2-proxy"), needs_number=True)
        rehearse.networks = ShowingNetworks(profiles=(ee, *PROFILES[1:]))
        (copy,) = world.copies(message, "ee")
        shown = rehearse.at(message)
        assert shown["refusals"] == [f"alert {copy.id} has no message_number"]
        assert (shown["payload"], shown["xml"]) == (None, None)


class TestRevisions:
    def test_what_the_update_of_a_revision_that_waits_would_be(self, world, rehearse):
        message = world.live()
        world.deliver()
        world.proposed(message, content="Stay upstairs.")

        alert, update = rehearse(message)

        assert (alert["provisional"], update["provisional"]) == (False, True)
        assert (update["id"], update["message_type"], update["refusals"]) == (None, "update", [])
        assert refusals(update) == {network: [] for network in NETWORKS}
        told = rehearse.told(message)
        (copy,) = world.copies(message, "ee")
        assert (told.identifier, told.description) == (SECOND, "Stay upstairs.")
        assert [one.message_id for one in told.references] == [copy.id]

    def test_it_is_what_its_approval_sends(self, world, rehearse):
        message = world.live()
        world.deliver()
        revision = world.proposed(message)
        before = rehearse.told(message, "vodafone")

        world.decided(revision)
        world.deliver()

        _, sent = world.networks.acknowledged("vodafone")
        assert sent == replace(before, identifier=sent.identifier, message_number=sent.message_number)

    def test_what_its_approval_would_be_refused_for(self, world, rehearse):
        message = world.live()
        world.deliver()
        world.proposed(message)
        world.put_service(active=False)
        world.advance(timedelta(hours=5))
        _, update = rehearse(message)
        assert update["refusals"] == [
            "Updating broadcast message is not allowed: service is inactive",
            f"broadcast_message {message.id} cannot be broadcasted: its finishes_at is in the past.",
        ]

    def test_areas_that_are_still_being_simplified(self, world, rehearse):
        message = world.live()
        revision = world.proposed(message)
        with world.storage() as work:
            changed = replace(revision, simple_polygons=(), drawn_polygons=message.simple_polygons)
            work.broadcast_revisions.change(revision, changed)
            work.commit()
        _, update = rehearse(message)
        assert update["refusals"] == [
            f"broadcast_message {message.id} cannot be broadcasted yet: its areas are still being simplified."
        ]

    def test_one_that_was_decided_is_no_event_to_come(self, world, rehearse):
        message = world.live()
        world.deliver()
        world.decided(world.proposed(message), RevisionStatus.REJECTED)
        assert [event["message_type"] for event in rehearse(message)] == ["alert"]
