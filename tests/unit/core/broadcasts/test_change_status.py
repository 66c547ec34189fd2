import logging
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import EventType
from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.tasks import SendBroadcastEvent
from notify_core.kernel import trace
from notify_core.kernel.errors import Conflict, Forbidden, NotAllowed, NotFound
from notify_core.ports.tickets import TicketPriority
from notify_core.testing.builders import NOON, SKEGNESS, a_broadcast_message, a_service, a_user
from notify_core.testing.fakes.networks import MemoryNetworks

S = MessageStatus


def refusal(world, message, status, by=None, kind=NotAllowed):
    with pytest.raises(NotAllowed) as refused:
        world.move(message, status, by)
    assert type(refused.value) is kind
    return str(refused.value)


# Rule 1


@pytest.mark.parametrize("status", list(MessageStatus))
def test_rule_1_a_suspended_service_changes_nothing(world, status):
    message = world.pending()
    world.put_service(active=False)

    # Whoever asks for whatever: it is the first reason.
    reason = refusal(world, message, status, by=world.stranger, kind=Forbidden)

    assert reason == "Updating broadcast message is not allowed: service is inactive"


# Rule 2


@pytest.mark.parametrize("status", list(MessageStatus))
def test_rule_2_a_user_of_another_service(world, status):
    message = world.pending()

    reason = refusal(world, message, status, by=world.stranger)

    assert reason == f"User {world.stranger.id} cannot update broadcast_message {message.id} from other service"


@pytest.mark.parametrize("status", [status for status in MessageStatus if status is not S.CANCELLED])
def test_rule_2_a_platform_admin_may_only_cancel(world, status):
    message = world.pending()

    assert "from other service" in refusal(world, message, status, by=world.admin)


def test_rule_2_a_platform_admin_cancels(world):
    cancelled = world.move(world.live(), S.CANCELLED, world.admin)

    assert cancelled.cancelled_by_id == world.admin.id


def test_rule_2_a_platform_admin_who_is_a_member_is_a_member(world):
    with world.storage() as work:
        work.users.add_to_service(world.admin.id, world.service.id)
        work.commit()

    assert world.move(world.pending(), S.BROADCASTING, world.admin).status is S.BROADCASTING


def test_rule_2_a_user_nobody_knows(world):
    assert "from other service" in refusal(world, world.pending(), S.REJECTED, by=a_user())


# Rule 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (S.DRAFT, S.BROADCASTING),
        (S.DRAFT, S.DRAFT),
        (S.DRAFT, S.REJECTED),
        (S.DRAFT, S.CANCELLED),
        (S.PENDING_APPROVAL, S.CANCELLED),
        (S.PENDING_APPROVAL, S.PENDING_APPROVAL),
        (S.REJECTED, S.BROADCASTING),
        (S.BROADCASTING, S.DRAFT),
        (S.BROADCASTING, S.BROADCASTING),
        (S.CANCELLED, S.BROADCASTING),
        (S.COMPLETED, S.CANCELLED),
        (S.TECHNICAL_FAILURE, S.DRAFT),
        # The system's own moves are nobody's to ask for.
        (S.BROADCASTING, S.COMPLETED),
        (S.BROADCASTING, S.TECHNICAL_FAILURE),
    ],
)
def test_rule_3_a_move_that_is_not_in_the_table(world, old, new):
    message = a_broadcast_message(service_id=world.service.id, status=old)
    world.add(message)

    # Its author asks: that they may not approve their own message is checked later.
    world.author = replace(world.author, id=message.created_by_id)
    with world.storage() as work:
        work.users.put(world.author)
        work.users.add_to_service(world.author.id, world.service.id)
        work.commit()
    assert refusal(world, message, new, by=world.author) == (
        f"Cannot move broadcast_message {message.id} from {old} to {new}"
    )
    assert world.message(message) == message
    assert world.events(message) == []


def test_rule_3_all_moves_that_are(world):
    message = world.pending()
    for status in (S.DRAFT, S.PENDING_APPROVAL, S.REJECTED, S.DRAFT, S.PENDING_APPROVAL, S.REJECTED):
        message = world.move(message, status)
    for status in (S.PENDING_APPROVAL, S.BROADCASTING, S.CANCELLED):
        message = world.move(message, status)
        assert message.status is status


# Rule 4


def test_rule_4_nobody_approves_their_own(world):
    message = world.pending()

    assert refusal(world, message, S.BROADCASTING, by=world.author) == (
        f"User {world.author.id} cannot approve their own broadcast_message {message.id}"
    )


def test_rule_4_who_edited_it_does_not_approve_it_either(world):
    message = world.edited(world.draft(), by=world.approver, content="Leave at once.")
    message = world.move(message, S.PENDING_APPROVAL, world.author)

    assert "cannot approve their own" in refusal(world, message, S.BROADCASTING, by=world.approver)


def test_rule_4_a_platform_admin_is_not_exempt(world):
    with world.storage() as work:
        work.users.add_to_service(world.admin.id, world.service.id)
        work.commit()
    message = world.pending(created_by=world.admin.id)

    assert "cannot approve their own" in refusal(world, message, S.BROADCASTING, by=world.admin)


def test_rule_4_training_mode_is_for_trying_alone(world):
    world.put_service(restricted=True)

    approved = world.move(world.pending(), S.BROADCASTING, world.author)

    assert approved.approved_by_id == world.author.id


def test_rule_4_a_message_from_the_api_needs_one_member(world):
    message = a_broadcast_message(
        service_id=world.service.id, status=S.PENDING_APPROVAL, created_by_id=None, api_key_id=world.key.id
    )
    world.add(message)

    assert world.move(message, S.BROADCASTING, world.author).status is S.BROADCASTING


def test_rule_4_own_approval_comes_before_missing_areas(world):
    message = world.pending(areas=(), simple_polygons=())

    assert "cannot approve their own" in refusal(world, message, S.BROADCASTING, by=world.author)
    assert refusal(world, message, S.BROADCASTING) == (
        f"broadcast_message {message.id} has no selected areas and so cannot be broadcasted."
    )


def test_rule_4_sets_who_when_and_until(world):
    message = world.pending()
    world.advance(timedelta(minutes=3))

    approved = world.move(message, S.BROADCASTING)

    assert approved.approved_at == approved.starts_at == approved.updated_at == NOON + timedelta(minutes=3)
    assert approved.approved_by_id == world.approver.id
    assert approved.finishes_at == NOON + timedelta(hours=4, minutes=3)
    assert world.message(message) == approved


def test_rule_4_keeps_an_end_that_was_set(world):
    assert world.live(finishes_at=NOON + timedelta(hours=20)).finishes_at == NOON + timedelta(hours=20)


@pytest.mark.parametrize("channel", [BroadcastChannel.TEST, BroadcastChannel.OPERATOR])
def test_rule_4_the_usual_duration_stays_within_the_channels_limit(world, channel):
    world.rules = replace(world.rules, duration=timedelta(hours=9))
    world.put_settings(channel=channel)

    assert world.live().finishes_at == NOON + timedelta(hours=4)


@pytest.mark.parametrize(
    ("after", "limit"),
    [
        (timedelta(minutes=4), "at least 5 minutes"),
        (timedelta(hours=23), "at most 22 hours 30 minutes"),
        (timedelta(), "in the past"),
    ],
)
def test_rule_4_outside_the_limits(world, after, limit):
    message = world.pending(finishes_at=NOON + after)

    assert limit in refusal(world, message, S.BROADCASTING)
    assert world.rows() == []


def test_rule_4_a_service_restricted_to_a_disabled_network(world):
    world.put_settings(provider="three")
    world.networks.enable("ee", "o2")
    message = world.pending()

    assert refusal(world, message, S.BROADCASTING) == (
        "The network three, to which this service is restricted, is disabled"
    )


def test_rule_4_nobody_to_send_it_to(world):
    world.networks.enable()

    assert "No network is enabled" in refusal(world, world.pending(), S.BROADCASTING)


def test_rule_4_a_service_without_a_channel(world):
    with world.storage() as work:
        other = a_service()
        work.services.put(other)
        work.users.add_to_service(world.approver.id, other.id)
        work.commit()
    message = a_broadcast_message(service_id=other.id, status=S.PENDING_APPROVAL)
    world.add(message)
    world.service = other

    assert "has no broadcast channel" in refusal(world, message, S.BROADCASTING)


# Rule 5


def test_rule_5_cancelling_sets_who_and_when_and_keeps_the_end(world):
    message = world.live()
    world.advance(timedelta(minutes=10))

    cancelled = world.cancelled(message)

    assert (cancelled.cancelled_at, cancelled.cancelled_by_id) == (NOON + timedelta(minutes=10), world.approver.id)
    assert cancelled.finishes_at == message.finishes_at
    assert world.message(message) == cancelled


# Events


def test_an_alert_freezes_all_that_a_network_needs(world):
    world.rules = replace(world.rules, headline="Alert!", sender="alerts.example")
    message = world.pending()
    world.advance(timedelta(minutes=3))
    message = world.move(message, S.BROADCASTING)
    approved = NOON + timedelta(minutes=3)

    (event,) = world.events(message)

    assert (event.number, event.type) == (1, EventType.ALERT)
    assert (event.content, event.areas, event.simple_polygons) == (message.content, ("Skegness",), (SKEGNESS,))
    assert (event.headline, event.sender) == ("Alert!", "alerts.example")
    assert (event.sent_at, event.starts_at, event.finishes_at) == (approved, approved, message.finishes_at)
    assert event.channel is BroadcastChannel.SEVERE
    assert event.providers == ("ee", "o2", "three", "vodafone")


def test_an_alert_of_a_restricted_service_goes_to_its_network_only(world):
    world.put_settings(provider="three")

    assert world.events(world.live())[0].providers == ("three",)


def test_a_cancellation_goes_where_the_alert_went_on_its_channel(world):
    message = world.live()
    world.networks = MemoryNetworks(["ee"])
    world.put_settings(channel=BroadcastChannel.TEST, provider="ee")
    world.rules = replace(world.rules, headline="Other", sender="other.example")
    world.advance(timedelta(minutes=1))

    alert, cancel = world.events(world.cancelled(message))

    assert (cancel.number, cancel.type, cancel.sent_at) == (2, EventType.CANCEL, NOON + timedelta(minutes=1))
    assert (cancel.providers, cancel.channel) == (alert.providers, alert.channel)
    assert (cancel.headline, cancel.sender, cancel.finishes_at) == (alert.headline, alert.sender, alert.finishes_at)


def test_a_cancellation_goes_to_every_network_that_any_earlier_event_targeted(world):
    world.put_settings(provider="ee")
    message = world.live()
    (alert,) = world.events(message)
    end = alert.finishes_at + timedelta(hours=1)
    world.add(replace(alert, id=uuid4(), number=2, type=EventType.UPDATE, providers=("three",), finishes_at=end))

    *_, cancel = world.events(world.cancelled(message))

    assert (cancel.providers, cancel.finishes_at) == (("ee", "three"), end)


def test_each_event_is_queued_in_the_same_transaction(world):
    message = world.live()
    assert [row.arguments["broadcast_event_id"] for row in world.rows(SendBroadcastEvent)] == [
        str(event.id) for event in world.events(message)
    ]

    world.cancelled(message)
    assert len(world.rows(SendBroadcastEvent)) == 2


def test_if_the_commit_fails_nothing_of_it_happened(world):
    message = world.pending()
    world.storage.fail_next_commit(Conflict("lost the race"))

    with pytest.raises(Conflict):
        world.move(message, S.BROADCASTING)

    assert world.message(message) == message
    assert (world.events(message), world.rows()) == ([], [])
    assert len(world.audited(message)) == 2


def test_practice_makes_an_event_and_queues_nothing(world, caplog):
    world.put_service(restricted=True)

    message = world.live()
    world.cancelled(message)

    assert [event.type for event in world.events(message)] == ["alert", "cancel"]
    assert world.rows() == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("at_first", [True, False])
def test_where_message_and_service_disagree_nothing_is_sent_and_an_error_logged(world, caplog, at_first):
    world.put_service(restricted=at_first)
    message = world.pending()
    world.put_service(restricted=not at_first)

    message = world.move(message, S.BROADCASTING)

    assert len(world.events(message)) == 1
    assert world.rows() == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]


# The ticket


def test_a_live_alert_calls_people_out(live_world):
    message = live_world.live(content="x" * 150)

    (ticket,) = live_world.tickets()

    assert (ticket.subject, ticket.priority) == ("Live broadcast sent", TicketPriority.P1)
    for line in (
        f"https://admin.example/services/{live_world.service.id}/current-alerts/{message.id}",
        "severe",
        "Skegness",
        "x" * 100 + "\n",
        "https://runbook.example",
    ):
        assert line in ticket.body
    assert "x" * 101 not in ticket.body
    assert [row.task for row in live_world.rows()] == ["send-broadcast-event", "create-ticket"]


def test_without_a_runbook_the_ticket_points_to_none(live_world):
    live_world.rules = replace(live_world.rules, runbook_url="", ticket_priority=TicketPriority.NORMAL)
    live_world.live()

    (ticket,) = live_world.tickets()

    assert "What to do" not in ticket.body
    assert ticket.priority is TicketPriority.NORMAL


def test_no_ticket_for_a_cancellation(live_world):
    live_world.cancelled(live_world.live())

    assert len(live_world.tickets()) == 1


def test_no_ticket_in_other_environments(world):
    world.live()

    assert world.tickets() == []


def test_no_ticket_for_practice(live_world):
    live_world.put_service(restricted=True)
    live_world.live()

    assert live_world.tickets() == []


# Everything else


def test_every_change_is_in_the_audit_log(world):
    token = trace.request_id.set("abc")
    try:
        message = world.live()
    finally:
        trace.request_id.reset(token)

    assert world.audited(message) == [
        (str(world.author.id), "broadcast message created", "http abc"),
        (str(world.author.id), "broadcast message moved from draft to pending-approval", "http abc"),
        (str(world.approver.id), "broadcast message moved from pending-approval to broadcasting", "http abc"),
    ]


def test_a_message_of_another_service_is_not_found(world):
    other = a_broadcast_message()
    world.add(other)

    with pytest.raises(NotFound):
        world.move(other, S.PENDING_APPROVAL)
