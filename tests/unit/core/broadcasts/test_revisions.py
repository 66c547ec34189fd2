"""Changing an alert that is on air. Source: broadcasts.md, section 2."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.model import EventType, InstructionType
from notify_core.broadcasts.policies.revisions import Proposal
from notify_core.broadcasts.ports import PolygonRefused
from notify_core.broadcasts.states import MessageStatus, RevisionStatus
from notify_core.broadcasts.tasks import CompleteExpiredBroadcasts, SendBroadcastEvent
from notify_core.broadcasts.use_cases.revise import RevisionDecision, RevisionProposed, lapse_pending
from notify_core.broadcasts.use_cases.views import revision_view
from notify_core.kernel.errors import AlreadyExists, Conflict, Forbidden, InvalidValue, NotAllowed, NotFound
from notify_core.testing.builders import (
    NOON,
    SKEGNESS,
    a_broadcast_message,
    a_revision,
    a_user,
    an_id,
)

S, R = MessageStatus, RevisionStatus
INLAND = tuple((latitude, longitude - 1) for latitude, longitude in SKEGNESS)

KEYS = [
    *("id", "broadcast_message_id", "service_id", "content", "areas", "simple_polygons", "finishes_at", "status"),
    *("created_at", "created_by_id", "decided_at", "decided_by_id"),
]


def refusal(act, *arguments, kind=NotAllowed, **changes):
    with pytest.raises(kind) as refused:
        act(*arguments, **changes)
    assert type(refused.value) is kind
    return str(refused.value)


def put(world, revision):
    with world.storage() as work:
        work.broadcast_revisions.add(revision)
        work.commit()
    return revision


def test_the_keys_of_a_revision():
    revision = a_revision(created_by_id=None)

    view = revision_view(revision)

    assert list(view) == KEYS
    assert view == json.loads(json.dumps(view))
    assert (view["id"], view["status"], view["created_by_id"]) == (str(revision.id), "pending-approval", None)
    assert view["broadcast_message_id"] == str(revision.broadcast_message_id)
    assert view["simple_polygons"] == [[list(pair) for pair in SKEGNESS]]
    assert (view["finishes_at"], view["decided_at"]) == ("2026-01-05T16:00:00.000000Z", None)


# Proposing


def test_revision_waits_and_the_message_stays_as_it_is(world):
    message = world.live()
    world.advance(timedelta(minutes=5))

    revision = world.proposed(message, content=" Stay\tupstairs. ")

    assert world.revisions(message) == [revision]
    assert (revision.status, revision.content) == (R.PENDING_APPROVAL, "Stay upstairs.")
    assert (revision.created_at, revision.created_by_id) == (NOON + timedelta(minutes=5), world.author.id)
    assert (revision.decided_at, revision.decided_by_id, revision.api_key_id) == (None, None, None)
    assert world.message(message) == replace(message, updated_at=NOON + timedelta(minutes=5))
    assert len(world.events(message)) == 1
    assert world.audited(message)[-1] == (
        str(world.author.id),
        f"broadcast revision {revision.id} proposed",
        "http",
    )


def test_revision_is_resolved_when_it_is_proposed(world):
    message = world.live()
    later = message.finishes_at + timedelta(hours=1)

    revision = world.proposed(message, areas=("Boston",), simple_polygons=(INLAND,), finishes_at=later)

    assert (revision.content, revision.areas, revision.simple_polygons) == (message.content, ("Boston",), (INLAND,))
    assert revision.finishes_at == later
    assert revision.service_id == world.service.id


@pytest.mark.parametrize(
    "changes", [{"content": "Stay."}, {"finishes_at": NOON + timedelta(hours=5)}, {"areas": (), "simple_polygons": ()}]
)
def test_revision_of_one_thing_keeps_the_others(world, changes):
    message = world.live()

    revision = world.proposed(message, **changes)

    for name in ("content", "areas", "simple_polygons", "finishes_at"):
        assert getattr(revision, name) == changes.get(name, getattr(message, name))


def test_revision_rule_1_a_suspended_service_proposes_nothing(world):
    message = world.live()
    world.put_service(active=False)

    # Whoever asks for whatever: it is the first reason.
    reason = refusal(world.proposed, message, by=world.stranger, content="x" * 2000, kind=Forbidden)
    assert reason == "Updating broadcast message is not allowed: service is inactive"


@pytest.mark.parametrize("who", ["stranger", "admin", "nobody"])
def test_revision_rule_2_only_members_propose(world, who):
    user = a_user(id=an_id()) if who == "nobody" else getattr(world, who)
    message = world.pending()

    reason = refusal(world.proposed, message, by=user)
    assert reason == f"User {user.id} cannot update broadcast_message {message.id} from other service"


@pytest.mark.parametrize("status", [status for status in S if status is not S.BROADCASTING])
def test_revision_of_what_is_not_on_air(world, status):
    message = a_broadcast_message(service_id=world.service.id, status=status)
    world.add(message)

    reason = refusal(world.proposed, message)
    assert reason == f"Cannot update broadcast_message {message.id} while it has status {status}"


def test_revision_of_nothing(world):
    message = world.live()

    proposed = RevisionProposed(world.service.id, message.id, world.author.id)
    reason = refusal(world.propose, proposed)
    assert reason == f"Cannot update broadcast_message {message.id}, nothing is to be changed."


@pytest.mark.parametrize("given", [{"areas": ("Skegness",)}, {"simple_polygons": (SKEGNESS,)}])
def test_revision_of_areas_goes_with_polygons(world, given):
    message = world.live()

    reason = refusal(world.proposed, message, **given)
    assert reason == f"Cannot update broadcast_message {message.id}, areas or polygons are missing."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("x" * 1396, "Content must be 1,395 characters or fewer"),
        ("ŵ" * 616, "Content must be 615 characters or fewer (because it could not be GSM7 encoded)"),
        (" ", "Content is empty"),
    ],
)
def test_revision_of_the_text_within_its_limits(world, content, reason):
    assert refusal(world.proposed, world.live(), content=content, kind=InvalidValue) == reason


def test_revision_with_a_polygon_that_can_be_no_area(world):
    reason = refusal(world.proposed, world.live(), areas=("x",), simple_polygons=((),), kind=PolygonRefused)
    assert reason == "polygon 1 has fewer than 4 points"


def test_revision_makes_an_alert_last_longer_never_shorter(world):
    message = world.live()
    earlier = message.finishes_at - timedelta(seconds=1)

    reason = refusal(world.proposed, message, finishes_at=earlier)
    assert reason == f"Cannot update broadcast_message {message.id}, its finishes_at can only become later."
    assert world.proposed(message, content="Stay.", finishes_at=message.finishes_at).finishes_at == message.finishes_at


@pytest.mark.parametrize(
    ("channel", "hours", "limit"),
    [
        (BroadcastChannel.SEVERE, 22.5, "it must last at most 22 hours 30 minutes on the severe channel."),
        (BroadcastChannel.TEST, 4, "it must last at most 4 hours on the test channel."),
    ],
)
def test_revision_limits_count_from_the_alerts_start(world, channel, hours, limit):
    world.put_settings(channel=channel)
    message = world.live(finishes_at=NOON + timedelta(hours=3))
    world.advance(timedelta(hours=2))
    # What the service is set to by now does not matter: updates go out on the alert's channel.
    world.put_settings(channel=BroadcastChannel.OPERATOR)
    most = NOON + timedelta(hours=hours)

    reason = refusal(world.proposed, message, finishes_at=most + timedelta(seconds=1))
    assert reason == f"broadcast_message {message.id} cannot be broadcasted: {limit}"
    assert world.proposed(message, finishes_at=most).finishes_at == most


def test_revision_of_an_alert_that_has_just_expired(world):
    message = world.live()
    world.advance(timedelta(hours=4))

    reason = refusal(world.proposed, message)
    assert reason == f"broadcast_message {message.id} cannot be broadcasted: its finishes_at is in the past."


def test_revision_while_another_awaits_approval(world):
    message = world.live()
    first = world.proposed(message)

    reason = refusal(world.proposed, message, by=world.approver)
    assert reason == f"broadcast_message {message.id} has a revision awaiting approval already"
    assert world.revisions(message) == [first]
    world.decided(first, R.REJECTED)
    assert world.proposed(message).status is R.PENDING_APPROVAL


def test_revision_of_a_message_of_another_service_is_not_found(world):
    other = a_broadcast_message(status=S.BROADCASTING)
    world.add(other)

    refusal(world.proposed, other, kind=NotFound)


@pytest.mark.parametrize("error", [Conflict("somebody cancelled it"), AlreadyExists("another is pending")])
def test_revision_and_something_else_of_its_message_at_the_same_moment(world, error):
    """The message changed after it was read: then nothing is left behind."""
    message = world.live()
    world.storage.fail_next_commit(error)

    refusal(world.proposed, message, kind=Conflict)
    assert world.revisions(message) == []


# Deciding


def test_revision_approved_is_what_the_message_says(world):
    message = world.live()
    later = message.finishes_at + timedelta(hours=1)
    revision = world.proposed(message, content="Stay.", areas=("Boston",), simple_polygons=(INLAND,), finishes_at=later)
    world.advance(timedelta(minutes=7))

    approved = world.decided(revision)

    at = NOON + timedelta(minutes=7)
    assert world.revisions(message) == [approved]
    assert (approved.status, approved.decided_at, approved.decided_by_id) == (R.APPROVED, at, world.approver.id)
    assert world.message(message) == replace(
        message, content="Stay.", areas=("Boston",), simple_polygons=(INLAND,), finishes_at=later, updated_at=at
    )
    assert world.audited(message)[-1] == (str(world.approver.id), f"broadcast revision {revision.id} approved", "http")


def test_revision_approved_is_an_update_that_is_queued(world):
    message = world.live()
    later = message.finishes_at + timedelta(hours=1)
    world.put_settings(channel=BroadcastChannel.TEST, provider="ee")
    world.advance(timedelta(minutes=7))

    world.decided(world.proposed(message, content="Stay.", finishes_at=later))

    alert, update = world.events(message)
    assert (update.number, update.type, update.sent_at) == (2, EventType.UPDATE, NOON + timedelta(minutes=7))
    assert (update.content, update.finishes_at, update.starts_at) == ("Stay.", later, NOON)
    assert (update.providers, update.channel) == (alert.providers, BroadcastChannel.SEVERE)
    assert len(world.rows(SendBroadcastEvent)) == 2


def test_revision_approved_reaches_every_network_as_an_update_of_all_before(world):
    message = world.live()
    world.deliver()
    for text in ("Stay upstairs.", "The water falls."):
        world.advance(timedelta(minutes=1))
        world.decided(world.proposed(message, content=text))
        world.deliver()

    for network in world.networks.enabled():
        alert, first, second = world.networks.acknowledged(network)
        assert (second.type, second.description) == (InstructionType.UPDATE, "The water falls.")
        assert [str(one.message_id) for one in second.references] == [alert.identifier, first.identifier]


def test_revision_rejected_changes_nothing_else(world):
    message = world.live()
    revision = world.proposed(message)
    before = world.message(message)

    rejected = world.decided(revision, R.REJECTED, by=world.author)

    assert (rejected.status, rejected.decided_by_id) == (R.REJECTED, world.author.id)
    assert world.revisions(message) == [rejected]
    assert world.message(message) == before
    assert len(world.events(message)) == 1
    assert world.audited(message)[-1] == (str(world.author.id), f"broadcast revision {revision.id} rejected", "http")


def test_revision_rule_1_a_suspended_service_decides_nothing(world):
    revision = world.proposed(world.live())
    world.put_service(active=False)

    for status in (R.APPROVED, R.REJECTED):
        reason = refusal(world.decided, revision, status, by=world.stranger, kind=Forbidden)
        assert reason == "Updating broadcast message is not allowed: service is inactive"


@pytest.mark.parametrize("status", [R.APPROVED, R.REJECTED, R.LAPSED])
@pytest.mark.parametrize("who", ["stranger", "admin"])
def test_revision_rule_2_only_members_decide(world, who, status):
    message = world.live()
    revision = world.proposed(message)

    reason = refusal(world.decided, revision, status, by=getattr(world, who))
    assert reason == (f"User {getattr(world, who).id} cannot update broadcast_message {message.id} from other service")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *((R.PENDING_APPROVAL, new) for new in (R.LAPSED, R.PENDING_APPROVAL)),
        *((old, new) for old in (R.APPROVED, R.REJECTED, R.LAPSED) for new in R),
    ],
)
def test_revision_rule_3_a_move_that_is_not_in_the_table(world, old, new):
    message = world.live()
    revision = put(world, a_revision(broadcast_message_id=message.id, status=old, created_by_id=world.approver.id))

    # Its author asks: that they may not approve their own revision is checked later.
    reason = refusal(world.decided, revision, new)
    assert reason == f"Cannot move broadcast_message revision {revision.id} from {old} to {new}"
    assert world.revisions(message) == [revision]
    assert world.message(message) == message


def test_revision_rule_3_of_a_message_that_is_not_on_air(world):
    message = a_broadcast_message(service_id=world.service.id, status=S.TECHNICAL_FAILURE)
    world.add(message)
    revision = put(world, a_revision(broadcast_message_id=message.id))

    reason = refusal(world.decided, revision)
    assert reason == f"Cannot move broadcast_message revision {revision.id} from pending-approval to approved"


def test_revision_rule_4_nobody_approves_their_own(world):
    message = world.live()
    revision = world.proposed(message, by=world.approver, areas=(), simple_polygons=())

    # Before that it has no areas.
    reason = refusal(world.decided, revision, by=world.approver)
    assert reason == f"User {world.approver.id} cannot approve their own broadcast_message {message.id}"


def test_revision_rule_4_whoever_wrote_the_message_may_approve_anothers_revision_of_it(world):
    message = world.live()

    assert world.decided(world.proposed(message, by=world.approver), by=world.author).status is R.APPROVED


def test_revision_rule_4_training_mode_is_for_trying_alone(world, caplog):
    world.put_service(restricted=True)
    message = world.live()

    world.decided(world.proposed(message), by=world.author)

    assert [event.type for event in world.events(message)] == ["alert", "update"]
    assert world.rows() == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_revision_rule_4_of_what_is_really_on_air_nobody_approves_their_own_in_training_mode_either(world):
    """The mode may change back, and then the update can be replayed to every phone."""
    message = world.live()
    world.put_service(restricted=True)
    revision = world.proposed(message)

    reason = refusal(world.decided, revision, by=world.author)

    assert reason == f"User {world.author.id} cannot approve their own broadcast_message {message.id}"
    assert [event.type for event in world.events(message)] == ["alert"]
    assert world.decided(revision).status is R.APPROVED


def test_revision_rule_4_practice_in_live_mode_needs_a_second_person_too(world):
    """What was posted as an exercise goes through everything that an alert goes through."""
    message = a_broadcast_message(
        service_id=world.service.id,
        status=S.PENDING_APPROVAL,
        api_key_id=world.key.id,
        stubbed="its CAP status is Exercise",
        finishes_at=None,
    )
    world.add(message)
    live = world.move(message, S.BROADCASTING)

    reason = refusal(world.decided, world.proposed(live), by=world.author)

    assert reason == f"User {world.author.id} cannot approve their own broadcast_message {message.id}"


def test_revision_rule_4_from_the_api_needs_one_member(world):
    message = world.live()
    revision = a_revision(broadcast_message_id=message.id, created_by_id=None, api_key_id=world.key.id)

    assert world.decided(put(world, revision), by=world.author).status is R.APPROVED


def test_revision_rule_4_without_areas(world):
    message = world.live()
    revision = world.proposed(message, areas=(), simple_polygons=())

    reason = refusal(world.decided, revision)
    assert reason == f"broadcast_message {message.id} has no selected areas and so cannot be broadcasted."
    assert world.decided(revision, R.REJECTED).status is R.REJECTED


def test_revision_rule_4_while_its_areas_are_simplified(world):
    message = world.live()
    revision = a_revision(broadcast_message_id=message.id, simple_polygons=(), drawn_polygons=(SKEGNESS,))
    put(world, revision)

    reason = refusal(world.decided, revision)
    assert reason == (
        f"broadcast_message {message.id} cannot be broadcasted yet: its areas are still being simplified."
    )
    assert world.decided(revision, R.REJECTED).status is R.REJECTED


def test_revision_rule_4_that_nobody_looked_at_until_the_alert_had_expired(world):
    message = world.live()
    revision = world.proposed(message)
    world.advance(timedelta(hours=4))

    reason = refusal(world.decided, revision)
    assert reason == f"broadcast_message {message.id} cannot be broadcasted: its finishes_at is in the past."
    assert len(world.events(message)) == 1


def test_revision_that_came_in_time_keeps_an_expired_alert_on_air(world):
    message = world.live()
    revision = world.proposed(message, finishes_at=NOON + timedelta(hours=5))
    world.advance(timedelta(hours=4))

    world.decided(revision)
    complete(world)

    assert world.message(message).status is S.BROADCASTING


def test_revision_of_another_message_or_service_is_not_found(world):
    message = world.live()
    revision = put(world, a_revision())

    refusal(world.decided, replace(revision, broadcast_message_id=message.id), kind=NotFound)
    refusal(world.decided, revision, kind=NotFound)
    mine = world.proposed(message)
    decision = RevisionDecision(an_id(), message.id, mine.id, R.APPROVED, world.approver.id)
    refusal(world.decide, decision, kind=NotFound)


def test_revision_if_the_commit_fails_nothing_of_it_happened(world):
    message = world.live()
    revision = world.proposed(message)
    before = world.message(message), world.events(message), world.rows(), world.audited(message)
    world.storage.fail_next_commit(Conflict("lost the race"))

    refusal(world.decided, revision, kind=Conflict)

    assert (world.message(message), world.events(message), world.rows(), world.audited(message)) == before
    assert world.revisions(message) == [revision]


def test_revision_calls_nobody_out(live_world):
    live_world.decided(live_world.proposed(live_world.live()))

    assert len(live_world.tickets()) == 1


# Coming to nothing


def complete(world):
    with world.storage() as work:
        work.enqueue(CompleteExpiredBroadcasts())
        work.commit()
    world.run(CompleteExpiredBroadcasts)
    assert world.rows(CompleteExpiredBroadcasts) == []


def test_revision_lapses_when_its_message_is_cancelled(world):
    message = world.live()
    done = world.decided(world.proposed(message), R.REJECTED)
    world.advance(timedelta(minutes=1))
    revision = world.proposed(message)
    world.advance(timedelta(minutes=1))

    world.cancelled(message)

    at = NOON + timedelta(minutes=2)
    assert world.revisions(message) == [done, replace(revision, status=R.LAPSED, decided_at=at)]
    assert [event.type for event in world.events(message)] == ["alert", "cancel"]


def test_revision_lapses_when_its_message_is_completed(world):
    message = world.live()
    revision = world.proposed(message)
    world.advance(timedelta(hours=4))

    complete(world)

    assert world.message(message).status is S.COMPLETED
    assert world.revisions(message) == [replace(revision, status=R.LAPSED, decided_at=NOON + timedelta(hours=4))]
    reason = refusal(world.decided, revision)
    assert reason == f"Cannot move broadcast_message revision {revision.id} from lapsed to approved"


def test_revision_rejected_at_the_very_moment_of_a_cancellation_does_not_stop_it(world):
    message = world.live()
    revision = world.proposed(message)
    with world.storage() as work:
        read_before = StaleRevisions(work.broadcast_revisions, revision)
        work.broadcast_revisions.change(revision, replace(revision, status=R.REJECTED))
        work.broadcast_revisions = read_before
        lapse_pending(work, message.id, world.clock.now())
        work.commit()
    assert [one.status for one in world.revisions(message)] == [R.REJECTED]


class StaleRevisions:
    """Those of another transaction, in which one is still pending."""

    def __init__(self, revisions, pending):
        self.change, self._pending = revisions.change, pending

    def pending(self, message_id):
        return self._pending


def test_nothing_given_is_an_empty_proposal():
    assert Proposal().is_empty
    assert not Proposal(areas=()).is_empty
