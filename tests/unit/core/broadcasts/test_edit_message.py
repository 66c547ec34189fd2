from datetime import timedelta

import pytest

from notify_core.broadcasts.ports import PolygonRefused
from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.create_message import NewBroadcastMessage
from notify_core.kernel.errors import Forbidden, InvalidValue, NotAllowed, NotFound
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, SKEGNESS, a_broadcast_message, a_template, a_user, an_id

S = MessageStatus


def test_editing_a_pending_message_returns_it_to_draft(world):
    message = world.pending()

    edited = world.edited(message, by=world.approver, content="Go  now\u200b ")

    assert (edited.status, edited.content) == (S.DRAFT, "Go  now")
    assert edited == world.message(message)


@pytest.mark.parametrize("status", [S.DRAFT, S.REJECTED])
def test_others_stay_what_they_are(world, status):
    message = a_broadcast_message(service_id=world.service.id, status=status)
    world.add(message)

    assert world.edited(message, content="Go now").status is status


@pytest.mark.parametrize("status", [S.BROADCASTING, S.COMPLETED, S.CANCELLED, S.TECHNICAL_FAILURE])
def test_what_is_out_cannot_be_edited(world, status):
    message = a_broadcast_message(service_id=world.service.id, status=status)
    world.add(message)

    with pytest.raises(NotAllowed) as refused:
        world.edited(message, content="Go now", areas=("x",))
    assert str(refused.value) == f"Cannot update broadcast_message {message.id} while it has status {status}"


@pytest.mark.parametrize("given", [{"areas": ("Skegness",)}, {"simple_polygons": (SKEGNESS,)}])
def test_areas_and_polygons_go_together(world, given):
    message = world.draft()

    with pytest.raises(NotAllowed) as refused:
        world.edited(message, **given)
    assert str(refused.value) == f"Cannot update broadcast_message {message.id}, areas or polygons are missing."


def test_what_is_not_given_stays(world):
    message = world.draft(finishes_at=NOON + timedelta(hours=1), starts_at=NOON)
    world.advance(timedelta(minutes=1))

    edited = world.edited(message)

    assert edited.updated_at == NOON + timedelta(minutes=1)
    for name in ("content", "areas", "simple_polygons", "starts_at", "finishes_at", "created_by_id"):
        assert getattr(edited, name) == getattr(message, name)


def test_what_is_given_replaces(world):
    ring = tuple((latitude + 1, longitude) for latitude, longitude in SKEGNESS)
    times = {"starts_at": NOON + timedelta(hours=1), "finishes_at": NOON + timedelta(hours=2)}

    edited = world.edited(world.draft(), areas=("Hull",), simple_polygons=(ring,), **times)

    assert (edited.areas, edited.simple_polygons) == (("Hull",), (ring,))
    assert (edited.starts_at, edited.finishes_at) == tuple(times.values())


def test_areas_can_be_taken_away(world):
    edited = world.edited(world.draft(), areas=(), simple_polygons=())

    assert (edited.areas, edited.simple_polygons) == ((), ())


def test_everybody_who_edited_it_is_remembered(world):
    message = world.edited(world.edited(world.draft(), by=world.author), by=world.approver)

    assert message.edited_by == {world.author.id, world.approver.id}
    assert [(who, what) for who, what, _ in world.audited(message)][1:] == [
        (str(world.author.id), "broadcast message edited"),
        (str(world.approver.id), "broadcast message edited"),
    ]


def test_values_fill_the_version_it_was_made_of(world):
    template = a_template(service_id=world.service.id, type=TemplateType.BROADCAST, content="Rising in ((town))")
    with world.storage() as work:
        work.templates.put(template)
        work.commit()
    new = NewBroadcastMessage(
        world.service.id, world.author.id, template_id=template.id, personalisation={"town": "Goole"}
    )
    message = world.create(new)
    with world.storage() as work:
        work.templates.put(
            a_template(id=template.id, service_id=world.service.id, type=TemplateType.BROADCAST, version=2, content="X")
        )
        work.commit()

    edited = world.edited(message, personalisation={"town": "Hull"})

    assert (edited.content, edited.personalisation) == ("Rising in Hull", {"town": "Hull"})
    with pytest.raises(InvalidValue, match="personalisation goes with a template"):
        world.edited(edited, personalisation={"town": "Hull"}, content="Other")


def test_values_without_a_template(world):
    with pytest.raises(InvalidValue, match="personalisation goes with a template"):
        world.edited(world.draft(), personalisation={})


def test_too_long(world):
    with pytest.raises(InvalidValue, match=r"^Content must be 1,395 characters or fewer$"):
        world.edited(world.draft(), content="x" * 1396)


def test_rule_1_nothing_of_a_suspended_service_is_edited(world):
    message = world.draft()
    world.put_service(active=False)

    with pytest.raises(Forbidden) as refused:
        world.edited(message, by=world.stranger, content="Go now")
    assert str(refused.value) == "Updating broadcast message is not allowed: service is inactive"


@pytest.mark.parametrize("who", ["stranger", "admin", "nobody"])
def test_rule_2_only_members_edit(world, who):
    user = a_user(id=an_id()) if who == "nobody" else getattr(world, who)
    message = world.pending()

    # Their polygons do not matter any more.
    with pytest.raises(NotAllowed) as refused:
        world.edited(message, by=user, areas=("x",), simple_polygons=((),))
    assert str(refused.value) == f"User {user.id} cannot update broadcast_message {message.id} from other service"
    assert world.message(message) == message


def test_a_polygon_that_can_be_no_area(world):
    with pytest.raises(PolygonRefused, match="polygon 1 has fewer than 4 points"):
        world.edited(world.draft(), areas=("x",), simple_polygons=((),))


def test_a_message_of_another_service(world):
    other = a_broadcast_message()
    world.add(other)
    with pytest.raises(NotFound):
        world.edited(other)
