"""Areas of many points are simplified by a task, and nothing is approved before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.broadcasts.policies.polygons import LARGE
from notify_core.broadcasts.states import MessageStatus, RevisionStatus
from notify_core.broadcasts.tasks import SimplifyBroadcastAreas
from notify_core.broadcasts.use_cases.submit_cap import CapPosted
from notify_core.kernel.errors import NotAllowed
from notify_core.kernel.queues import DATABASE
from notify_core.ports.task_ledger import EntryState
from notify_core.testing.builders import SKEGNESS, a_broadcast_message, a_revision, an_id

S, R = MessageStatus, RevisionStatus
SECOND = timedelta(seconds=1)
SENT = "2026-01-05T12:00:00-00:00"


class FewPoints:
    """A smoother that makes the same small area of everything, and says what it was asked."""

    def __init__(self):
        self.smoothed, self.checked = [], []
        self.meanwhile = lambda: None

    def smooth(self, polygons):
        self.smoothed.append(polygons)
        self.meanwhile()
        return (SKEGNESS,)

    def check(self, polygons):
        self.checked.append(polygons)


@pytest.fixture
def smoother(world):
    world.smoother = FewPoints()
    return world.smoother


def large(points=LARGE + 1):
    """A ring of as many points: a saw whose teeth touch nothing."""
    top = [(53 + number % 2 / 100, round(number / points, 5)) for number in range(points - 2)]
    return (*top, (52.0, 0.5), top[0])


def post(world, kind="Alert", *, identifier="flood-1", ring=None):
    pairs = " ".join(f"{latitude:.5f},{longitude:.5f}" for latitude, longitude in ring or large())
    refers = "" if kind == "Alert" else f"<references>ea.example,flood-1,{SENT}</references>"
    document = (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{identifier}</identifier><sender>ea.example</sender><sent>{SENT}</sent>"
        f"<status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>{refers}"
        "<info><category>Met</category><event>Flood</event><urgency>Immediate</urgency><severity>Severe</severity>"
        f"<certainty>Likely</certainty><description>{identifier}</description>"
        f"<area><areaDesc>Coast</areaDesc><polygon>{pairs}</polygon></area></info></alert>"
    )
    return world.submit(CapPosted(world.service.id, world.key.id, document.encode()))


def simplify(world):
    world.run(SimplifyBroadcastAreas)
    assert world.rows(SimplifyBroadcastAreas) == []


def put_revision(world, revision):
    with world.storage() as work:
        work.broadcast_revisions.add(revision)
        work.commit()
    return revision


def test_a_large_area_is_only_checked_while_somebody_waits(world, smoother):
    message = post(world)

    assert (message.simple_polygons, message.drawn_polygons) == ((), (large(),))
    assert smoother.checked == [(large(),)]
    assert smoother.smoothed == []
    (row,) = world.rows()
    assert (row.task, row.queue, row.fair) == ("simplify-broadcast-areas", DATABASE, str(world.service.id))


def test_an_area_that_is_not_large_is_simplified_at_once(world, smoother):
    message = post(world, ring=large(LARGE))

    assert (message.simple_polygons, message.drawn_polygons) == ((SKEGNESS,), None)
    assert world.rows() == []


def test_nobody_approves_what_nobody_can_see_yet(world, smoother):
    message = post(world)

    with pytest.raises(NotAllowed) as refused:
        world.move(message, S.BROADCASTING)
    assert str(refused.value) == (
        f"broadcast_message {message.id} cannot be broadcasted yet: its areas are still being simplified."
    )
    simplify(world)
    live = world.move(message, S.BROADCASTING)
    assert live.simple_polygons == world.events(message)[0].simple_polygons == (SKEGNESS,)
    assert live.drawn_polygons is None


def test_an_update_with_a_large_area_is_simplified_too(world, smoother):
    message = world.move(post(world, ring=SKEGNESS), S.BROADCASTING)
    live = post(world, "Update", identifier="update-1")

    (revision,) = world.revisions(message)
    assert (revision.simple_polygons, revision.drawn_polygons) == ((), (large(),))
    with pytest.raises(NotAllowed, match="its areas are still being simplified"):
        world.decided(revision)
    simplify(world)

    (revision,) = world.revisions(message)
    assert (revision.status, revision.simple_polygons, revision.drawn_polygons) == (
        R.PENDING_APPROVAL,
        (SKEGNESS,),
        None,
    )
    assert world.message(message) == live
    assert world.decided(revision).status is R.APPROVED
    assert world.events(message)[-1].simple_polygons == (SKEGNESS,)


def test_an_update_with_a_large_area_that_only_rejects_leaves_nothing_to_simplify(world, smoother):
    message = post(world, ring=SKEGNESS)

    assert post(world, "Update", identifier="update-1").status is S.REJECTED
    assert (world.rows(), world.revisions(message)) == ([], [])


def test_simplified_areas_are_a_change_of_the_message(world, smoother):
    message = post(world)
    world.advance(SECOND)
    simplify(world)

    assert world.message(message) == replace(
        message, simple_polygons=(SKEGNESS,), drawn_polygons=None, updated_at=world.clock.now()
    )


def test_a_rejected_message_may_still_be_handed_in_again_so_it_is_simplified(world, smoother):
    message = world.move(post(world), S.REJECTED)
    simplify(world)

    assert world.message(message).drawn_polygons is None


def test_areas_drawn_anew_are_left_alone(world, smoother):
    message = post(world)
    world.edited(message, areas=("Hull",), simple_polygons=(SKEGNESS[::-1],))
    simplify(world)

    edited = world.message(message)
    assert (edited.areas, edited.simple_polygons, edited.drawn_polygons) == (("Hull",), (SKEGNESS[::-1],), None)
    assert smoother.smoothed == []


def test_an_edit_of_something_else_does_not_lose_them(world, smoother):
    message = post(world)
    world.edited(message, content="Leave at once.")
    simplify(world)

    edited = world.message(message)
    assert (edited.status, edited.content, edited.simple_polygons) == (S.DRAFT, "Leave at once.", (SKEGNESS,))


@pytest.mark.parametrize("edit", [{"content": "Leave at once."}, {"areas": ("Hull",), "simple_polygons": ()}])
def test_an_edit_meanwhile_is_seen(world, smoother, edit):
    message = post(world)

    def meanwhile():
        smoother.meanwhile = lambda: None
        world.advance(SECOND)
        world.edited(message, **edit)

    smoother.meanwhile = meanwhile
    world.run(SimplifyBroadcastAreas)
    # Tried again, as after any lost race.
    (row,) = world.rows(SimplifyBroadcastAreas)
    assert (row.state, row.attempt) == (EntryState.DUE, 1)
    world.advance(SECOND)
    simplify(world)

    edited = world.message(message)
    assert (edited.status, edited.drawn_polygons) == (S.DRAFT, None)
    assert edited.simple_polygons == edit.get("simple_polygons", (SKEGNESS,))


@pytest.mark.parametrize("status", [R.APPROVED, R.REJECTED, R.LAPSED])
def test_a_revision_that_is_decided_needs_no_areas(world, smoother, status):
    revision = put_revision(world, a_revision(status=status, simple_polygons=(), drawn_polygons=(SKEGNESS,)))
    enqueue(world, revision)
    simplify(world)

    assert smoother.smoothed == []


def test_a_revision_that_is_decided_meanwhile(world, smoother):
    message = world.live()
    revision = a_revision(broadcast_message_id=message.id, simple_polygons=(), drawn_polygons=(SKEGNESS,))
    put_revision(world, revision)
    enqueue(world, revision)
    smoother.meanwhile = lambda: world.decided(revision, R.REJECTED)
    world.run(SimplifyBroadcastAreas)
    world.advance(SECOND)
    simplify(world)

    assert [one.status for one in world.revisions(message)] == [R.REJECTED]


def test_doing_it_twice_changes_nothing_more(world, smoother):
    message = post(world)
    simplify(world)
    simple = world.message(message)
    world.advance(SECOND)
    enqueue(world, message)
    simplify(world)

    assert world.message(message) == simple
    revision = put_revision(world, a_revision())
    enqueue(world, revision)
    simplify(world)
    assert len(smoother.smoothed) == 1


def test_a_message_nobody_knows(world, smoother):
    enqueue(world, a_broadcast_message(id=an_id()))
    world.run(SimplifyBroadcastAreas)

    (row,) = world.rows(SimplifyBroadcastAreas)
    assert row.state is EntryState.FAILED


def enqueue(world, thing):
    message_id = getattr(thing, "broadcast_message_id", thing.id)
    task = SimplifyBroadcastAreas(message_id, None if message_id == thing.id else thing.id)
    with world.storage() as work:
        work.enqueue(task)
        work.commit()


def test_a_message_and_its_revision_are_two_pieces_of_work():
    message_id, revision_id = an_id(), an_id()
    keys = {
        SimplifyBroadcastAreas(message_id).dedupe_key(),
        SimplifyBroadcastAreas(message_id, revision_id).dedupe_key(),
    }
    assert len(keys) == 2
