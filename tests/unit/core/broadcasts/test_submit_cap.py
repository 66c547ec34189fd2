from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.accounts.model import BroadcastChannel, Permission
from notify_core.broadcasts.states import MessageStatus, RevisionStatus
from notify_core.broadcasts.use_cases.submit_cap import CapPosted
from notify_core.kernel.errors import AlreadyExists, Conflict, Forbidden, InvalidValue, NotAllowed, NotFound
from notify_core.testing.builders import NOON, a_service, an_id
from tests.unit.core.broadcasts.world.agency import RING, cap, name

S, R = MessageStatus, RevisionStatus


def post(world, document=None, **given):
    return world.post(cap(**given) if document is None else document)


def cancel(world, references=None, **given):
    return post(world, kind="Cancel", identifier="cancel-1", references=references or name(), **given)


def approve(world, message):
    return world.move(message, S.BROADCASTING)


# 1 and 3: who may, and what is no CAP


def test_1_without_permission_the_document_is_not_even_read(world):
    world.put_service(permissions=frozenset({Permission.SMS}))

    with pytest.raises(NotAllowed, match=r"^Service is not allowed to send broadcast messages$"):
        post(world, b"not XML")


@pytest.mark.parametrize("document", [b"", b"not XML", b"<alert/>", cap(kind="Alarm")])
def test_3_not_valid_cap(world, document):
    with pytest.raises(NotAllowed, match=r"^Request data is not valid CAP XML$"):
        post(world, document)


def test_an_unknown_service(world):
    with pytest.raises(NotFound):
        world.submit(CapPosted(an_id(), world.key.id, cap()))


# 4 and 5: an alert


def test_5_an_alert_waits_for_approval(world):
    message = post(world, areas=(("Skegness", RING), ("Nowhere", None)))

    assert message == world.message(message)
    assert (message.status, message.reference, message.content) == (S.PENDING_APPROVAL, "flood-1", "Severe flooding.")
    assert message.areas == ("Skegness", "Nowhere")
    assert message.simple_polygons == (((53.12, 0.30), (53.18, 0.30), (53.18, 0.38), (53.12, 0.38), (53.12, 0.30)),)
    assert (message.api_key_id, message.created_by_id) == (world.key.id, None)
    assert (message.finishes_at, message.stubbed) == (None, None)
    assert world.audited(message) == [(str(world.key.id), "broadcast message created from CAP", "http")]


@pytest.mark.parametrize("kind", ["Ack", "Error"])
def test_5_other_types(world, kind):
    with pytest.raises(InvalidValue) as refused:
        post(world, kind=kind)
    assert str(refused.value) == f"msgType {kind} is not one of [Alert, Cancel, Update]"


@pytest.mark.parametrize("status", ["Exercise", "System", "Test", "Draft"])
def test_5_what_is_not_actual_is_practice_for_ever(world, status):
    message = post(world, status=status)

    assert message.stubbed == f"its CAP status is {status}"
    approve(world, message)
    assert world.rows() == []


def test_5_training_mode_is_practice_too(world):
    world.put_service(restricted=True)

    assert post(world).stubbed == "the service was in training mode"


@pytest.mark.parametrize(
    ("given", "missing"),
    [({"description": None}, "description"), ({"areas": ()}, "area"), ({"areas": (("Hull", None),)}, "area")],
)
def test_5_missing_optional_elements_are_named(world, given, missing):
    with pytest.raises(InvalidValue, match=f"^{missing} .*is missing$"):
        post(world, **given)


def test_5_an_identifier_that_cannot_be_kept(world):
    with pytest.raises(InvalidValue, match=r"^reference must be 255"):
        post(world, identifier="x" * 256)


def test_5_a_sender_that_cannot_be_kept(world):
    document = cap().replace(b"ea.example", b"x" * 256)
    with pytest.raises(InvalidValue, match=r"^sender must be 255"):
        post(world, document)


# 6: length


def test_6_too_long(world):
    with pytest.raises(InvalidValue, match=r"^description must be 1,395 characters or fewer$"):
        post(world, description="x" * 1396)
    with pytest.raises(InvalidValue) as refused:
        post(world, description="ŵ" * 616)
    assert str(refused.value) == ("description must be 615 characters or fewer (because it could not be GSM7 encoded)")


def test_6_normalised(world):
    assert post(world, description=" Leave\tnow \u2013 ").content == "Leave now -"


# 7: polygons


def test_7_a_polygon_that_crosses_itself(world):
    with pytest.raises(InvalidValue, match="crosses itself"):
        post(world, areas=(("Hull", "0,0 1,1 1,0 0,1 0,0"),))


# 8: the end, and the same document again


@pytest.mark.parametrize(
    ("channel", "expires", "hours"),
    [
        (BroadcastChannel.SEVERE, "2026-01-05T15:00:00-00:00", 3),
        (BroadcastChannel.SEVERE, "2026-01-05T15:00:00+01:00", 2),
        (BroadcastChannel.GOVERNMENT, "2026-01-09T12:00:00-00:00", 22.5),
        (BroadcastChannel.TEST, "2026-01-09T12:00:00-00:00", 4),
    ],
)
def test_8_an_end_in_the_future_is_taken_over_within_the_limits(world, channel, expires, hours):
    world.put_settings(channel=channel)

    assert post(world, expires=expires).finishes_at == NOON + timedelta(hours=hours)


def test_8_an_end_that_has_passed_is_not_taken_over(world):
    assert post(world, expires="2026-01-05T12:00:00-00:00").finishes_at is None


def test_8_a_service_without_a_channel_keeps_the_authors_end(world):
    world.service = a_service(permissions=frozenset({Permission.BROADCAST}))
    with world.storage() as work:
        work.services.put(world.service)
        work.commit()

    assert post(world, expires="2026-01-09T12:00:00-00:00").finishes_at == NOON + timedelta(days=4)


def test_8_the_same_document_again_is_the_first_answers_message(world):
    first = post(world)
    world.move(first, S.REJECTED)

    again = post(world, description="Something else")

    assert again == world.message(first)
    assert len(world.database.table("broadcast_messages")) == 1


@pytest.mark.parametrize("other", [{"identifier": "flood-2"}, {"sent": "2026-01-05T12:00:01-00:00"}])
def test_8_another_identifier_or_time_is_another_message(world, other):
    assert post(world).id != post(world, **other).id


def test_8_the_same_document_twice_at_once(world):
    """Both looked, and neither saw the other's; one commit is refused."""
    submit = world.submit
    first = post(world)
    blind = replace(submit, smoother=_Meanwhile(submit.smoother, world))
    with world.storage() as work:
        work.commit()
    world.database.table("cap_submissions").clear()

    again = blind(CapPosted(world.service.id, world.key.id, cap()))

    assert again.id != first.id
    assert again.id == _Meanwhile.message.id


class _Meanwhile:
    """A smoother that takes so long that the same document is posted, and answered, meanwhile."""

    message = None

    def __init__(self, smoother, world):
        self._smoother, self._world = smoother, world

    def smooth(self, polygons):
        _Meanwhile.message = post(self._world)
        return self._smoother.smooth(polygons)


def test_a_conflict_that_has_other_reasons_stays_one(world):
    for error in (Conflict("busy"), AlreadyExists("an id")):
        world.storage.fail_next_commit(error)
        with pytest.raises(type(error)):
            post(world)


# Cancel


def test_cancel_rejects_what_is_pending(world):
    message = post(world)

    rejected = cancel(world)

    assert (rejected.id, rejected.status, rejected.cancelled_at) == (message.id, S.REJECTED, None)
    assert world.events(message) == []
    assert world.audited(message)[-1] == (str(world.key.id), "broadcast message rejected by CAP", "http")


def test_cancel_cancels_what_is_live(world):
    message = approve(world, post(world))
    world.advance(timedelta(minutes=1))

    cancelled = cancel(world)

    assert cancelled == world.message(message)
    assert (cancelled.status, cancelled.cancelled_at) == (S.CANCELLED, NOON + timedelta(minutes=1))
    assert cancelled.cancelled_by_id is None
    assert [event.type for event in world.events(message)] == ["alert", "cancel"]
    assert len(world.rows()) == 2


def test_cancel_posted_again_changes_nothing_more(world):
    message = approve(world, post(world))

    assert cancel(world) == cancel(world)
    assert len(world.events(message)) == 2


def test_cancel_of_something_unknown(world):
    post(world)

    for references in (name("flood-2"), name(sent="2026-01-05T12:00:01-00:00"), f"{name()} {name('flood-2')}"):
        with pytest.raises(NotFound, match=r"^Broadcast message not found$"):
            cancel(world, references)


def test_cancel_of_another_services_message(world):
    post(world)
    world.service = a_service(permissions=frozenset({Permission.BROADCAST}))
    with world.storage() as work:
        work.services.put(world.service)
        work.commit()

    with pytest.raises(NotFound, match=r"^Broadcast message not found$"):
        cancel(world)


def test_cancel_of_two_messages(world):
    post(world)
    post(world, identifier="flood-2")

    with pytest.raises(NotAllowed, match=r"^References name more than one broadcast message$"):
        cancel(world, f"{name()} {name('flood-2')}")


def test_cancel_of_nothing(world):
    with pytest.raises(InvalidValue, match=r"^references is missing$"):
        post(world, kind="Cancel")


@pytest.mark.parametrize("status", [S.DRAFT, S.REJECTED])
def test_cancel_of_what_cannot_be_cancelled(world, status):
    message = world.move(post(world), status)

    with pytest.raises(NotAllowed) as refused:
        cancel(world)
    assert str(refused.value) == f"Cannot move broadcast_message {message.id} from {status} to cancelled"


def test_cancel_of_what_has_ended_by_way_of_its_cancellation(world):
    message = approve(world, post(world))
    cancel(world)

    with pytest.raises(NotAllowed) as refused:
        post(world, kind="Cancel", identifier="cancel-2", references=f"{name()} {name('cancel-1')}")
    assert str(refused.value) == f"Cannot move broadcast_message {message.id} from cancelled to cancelled"


def test_cancel_in_an_exercise_stops_no_actual_alert(world):
    message = approve(world, post(world))

    with pytest.raises(NotAllowed, match="status Exercise cannot change an actual"):
        cancel(world, status="Exercise")
    assert world.message(message).status is S.BROADCASTING


def test_cancel_in_an_exercise_stops_the_exercise(world):
    approve(world, post(world, status="Exercise"))

    assert cancel(world, status="Exercise").status is S.CANCELLED
    assert world.rows() == []


def test_cancel_for_a_suspended_service(world):
    post(world)
    world.put_service(active=False)

    with pytest.raises(Forbidden, match="service is inactive"):
        cancel(world)


# Update


def update(world, references=None, **given):
    return post(world, **{"kind": "Update", "identifier": "update-1", "references": references or name()} | given)


def test_update_of_what_is_live_is_a_revision_awaiting_approval(world):
    message = approve(world, post(world))
    world.advance(timedelta(minutes=1))

    answered = update(world, description=" Stay\tupstairs. ", areas=(("Hull", RING), ("Goole", RING)))

    at = NOON + timedelta(minutes=1)
    assert answered == world.message(message) == replace(message, updated_at=at)
    (revision,) = world.revisions(message)
    assert (revision.status, revision.content) == (R.PENDING_APPROVAL, "Stay upstairs.")
    assert (revision.areas, len(revision.simple_polygons)) == (("Hull", "Goole"), 2)
    assert (revision.api_key_id, revision.created_by_id, revision.created_at) == (world.key.id, None, at)
    assert revision.finishes_at == message.finishes_at
    assert len(world.events(message)) == 1
    assert world.audited(message)[-1] == (
        str(world.key.id),
        f"broadcast revision {revision.id} proposed by CAP",
        "http",
    )


def test_update_is_approved_by_one_member(world):
    message = approve(world, post(world))
    update(world, description="Stay upstairs.")

    (revision,) = world.revisions(message)
    world.decided(revision, by=world.author)

    assert world.message(message).content == "Stay upstairs."
    assert [event.type for event in world.events(message)] == ["alert", "update"]


def test_update_of_what_is_pending_rejects_it(world):
    message = post(world)

    rejected = update(world)

    assert (rejected.id, rejected.status) == (message.id, S.REJECTED)
    assert rejected == world.message(message)
    assert (world.revisions(message), world.events(message)) == ([], [])
    assert world.audited(message)[-1] == (str(world.key.id), "broadcast message rejected by CAP", "http")


def test_update_posted_again_changes_nothing_more(world):
    message = approve(world, post(world))

    first = update(world)
    assert update(world, description="Something else") == first
    assert len(world.revisions(message)) == 1
    world.decided(world.revisions(message)[0], R.REJECTED)
    assert update(world).id == message.id
    assert len(world.revisions(message)) == 1


def test_update_of_what_is_pending_posted_again_is_still_its_rejection(world):
    post(world)

    assert update(world) == update(world)


def test_update_of_an_update_leads_to_the_same_message(world):
    message = approve(world, post(world))
    update(world)
    world.decided(world.revisions(message)[0])
    world.advance(timedelta(minutes=1))

    again = update(world, f"{name()} {name('update-1')}", identifier="update-2", description="Once more.")

    assert again.id == message.id
    assert [revision.content for revision in world.revisions(message)] == ["Severe flooding.", "Once more."]


def test_update_while_a_revision_awaits_approval(world):
    message = approve(world, post(world))
    world.proposed(message)

    with pytest.raises(NotAllowed) as refused:
        update(world)
    assert str(refused.value) == f"broadcast_message {message.id} has a revision awaiting approval already"
    assert len(world.revisions(message)) == 1


def test_update_lapses_with_the_message_that_it_would_change(world):
    message = approve(world, post(world))
    update(world)

    cancel(world)

    assert [revision.status for revision in world.revisions(message)] == [R.LAPSED]


@pytest.mark.parametrize(
    ("expires", "hours"),
    [
        (None, 4),
        ("2026-01-05T11:00:00-00:00", 4),
        ("2026-01-05T15:00:00-00:00", 4),
        ("2026-01-05T18:00:00-00:00", 6),
        ("2026-01-09T12:00:00-00:00", 22.5),
    ],
)
def test_update_takes_a_later_end_over_within_the_limits(world, expires, hours):
    message = approve(world, post(world))
    world.advance(timedelta(hours=2))

    update(world, expires=expires)

    # They count from the alert's start.
    assert world.revisions(message)[0].finishes_at == NOON + timedelta(hours=hours)


@pytest.mark.parametrize("status", [S.DRAFT, S.REJECTED])
def test_update_of_what_is_not_on_air(world, status):
    message = world.move(post(world), status)

    with pytest.raises(NotAllowed) as refused:
        update(world)
    assert str(refused.value) == f"Cannot move broadcast_message {message.id} from {status} to broadcasting"


def test_update_of_what_has_ended(world):
    message = approve(world, post(world))
    cancel(world)

    with pytest.raises(NotAllowed) as refused:
        update(world, f"{name()} {name('cancel-1')}")
    assert str(refused.value) == f"Cannot move broadcast_message {message.id} from cancelled to broadcasting"


def test_update_of_something_unknown(world):
    # That comes before what it says.
    with pytest.raises(NotFound, match=r"^Broadcast message not found$"):
        update(world, description=None)


def test_update_of_two_messages(world):
    post(world)
    post(world, identifier="flood-2")

    with pytest.raises(NotAllowed, match=r"^References name more than one broadcast message$"):
        update(world, f"{name()} {name('flood-2')}")


def test_update_of_nothing(world):
    with pytest.raises(InvalidValue, match=r"^references is missing$"):
        post(world, kind="Update")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"description": None}, "description is missing"),
        ({"description": "x" * 1396}, "description must be 1,395 characters or fewer"),
        ({"areas": ()}, "area with a polygon is missing"),
        ({"areas": (("Hull", "0,0 1,1 1,0 0,1 0,0"),)}, "polygon 1 crosses itself"),
    ],
)
@pytest.mark.parametrize("live", [True, False])
def test_update_that_can_be_no_alert(world, given, reason, live):
    message = post(world)
    if live:
        message = approve(world, message)

    with pytest.raises(InvalidValue) as refused:
        update(world, **given)
    assert str(refused.value) == reason
    assert world.message(message) == message


def test_update_in_an_exercise_changes_no_actual_alert(world):
    message = approve(world, post(world))

    with pytest.raises(NotAllowed, match="status Exercise cannot change an actual"):
        update(world, status="Exercise")
    assert world.revisions(message) == []


def test_update_in_an_exercise_changes_the_exercise(world):
    message = approve(world, post(world, status="Exercise"))

    update(world, status="Exercise")
    world.decided(world.revisions(message)[0])

    assert [event.type for event in world.events(message)] == ["alert", "update"]
    assert world.rows() == []


def test_update_for_a_suspended_service(world):
    post(world)
    world.put_service(active=False)

    with pytest.raises(Forbidden, match="service is inactive"):
        update(world)


# The same document twice at once


class Interrupted:
    """Units of work, before the ``nth`` of which something happens."""

    def __init__(self, storage, nth, happens):
        self._storage, self._units_before, self._happens = storage, nth, happens

    def __call__(self, **how):
        self._units_before -= 1
        if self._units_before == 0:
            self._happens()
        return self._storage(**how)


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("kind", ["Cancel", "Update"])
def test_the_same_cancel_or_update_twice_at_once_is_done_once(world, kind, live):
    """Both looked, and neither saw the other's; the second finds the message changed already."""
    message = post(world)
    if live:
        message = approve(world, message)
    document = cap(kind, identifier="second", references=name(), description="Stay upstairs.")
    answers = []
    last_unit = {"Cancel": 3, "Update": 4}[kind]
    interrupted = Interrupted(world.storage, last_unit, lambda: answers.append(post(world, document)))

    answers.append(replace(world.submit, work=interrupted)(CapPosted(world.service.id, world.key.id, document)))

    assert answers == [world.message(message)] * 2
    assert len(world.revisions(message)) == (live and kind == "Update")
    assert len(world.events(message)) == live + (live and kind == "Cancel")


def test_update_while_somebody_else_proposes_another_change_is_a_conflict(world):
    message = approve(world, post(world))
    world.storage.fail_next_commit(AlreadyExists("a revision that waits"))

    with pytest.raises(Conflict):
        update(world)
    assert world.revisions(message) == []
