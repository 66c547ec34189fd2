from dataclasses import replace
from datetime import timedelta

import pytest

from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.create_message import NewBroadcastMessage
from notify_core.kernel.errors import Forbidden, InvalidValue, NotAllowed, NotFound
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, a_service, a_template, an_id


def put_template(world, **changes):
    template = a_template(
        service_id=world.service.id,
        type=TemplateType.BROADCAST,
        content="The river ((river)) rises in ((town)).",
        version=3,
        **changes,
    )
    with world.storage() as work:
        work.templates.put(template)
        work.commit()
    return template


def from_template(world, template, personalisation):
    return NewBroadcastMessage(
        world.service.id, world.author.id, template_id=template.id, personalisation=personalisation
    )


def test_from_content_and_reference(world):
    message = world.draft(content=" “Leave”\tnow ", finishes_at=NOON + timedelta(hours=1), starts_at=NOON)

    assert message == world.message(message)
    assert (message.status, message.created_by_id) == (MessageStatus.DRAFT, world.author.id)
    assert (message.content, message.reference) == ('"Leave" now', "flood-1")
    assert (message.starts_at, message.finishes_at) == (NOON, NOON + timedelta(hours=1))
    assert (message.template_id, message.personalisation, message.stubbed) == (None, None, None)


def test_from_a_template(world):
    template = put_template(world)

    message = world.create(from_template(world, template, {"River": "Don", "town": "Thorne", "extra": None}))

    assert message.content == "The river Don rises in Thorne."
    assert message.personalisation == {"River": "Don", "town": "Thorne"}
    assert (message.template_id, message.template_version, message.template_name) == (template.id, 3, template.name)


def test_from_a_template_without_values(world):
    template = put_template(world)

    with pytest.raises(NotAllowed, match=r"^Missing personalisation: river, town$"):
        world.create(from_template(world, template, None))
    with pytest.raises(NotAllowed, match=r"^Missing personalisation: town$"):
        world.create(from_template(world, template, {"river": "Don", "town": None}))


def test_the_length_counts_with_its_values(world):
    template = put_template(world)

    with pytest.raises(InvalidValue, match=r"^Content must be 1,395 characters or fewer$"):
        world.create(from_template(world, template, {"river": "Don", "town": "x" * 1395}))


def test_a_template_for_another_channel(world):
    template = put_template(world)
    with world.storage() as work:
        work.templates.put(replace(template, type=TemplateType.SMS))
        work.commit()

    with pytest.raises(NotAllowed, match="sms template is not suitable for broadcast"):
        world.create(from_template(world, template, {}))


def test_a_deleted_template(world):
    with pytest.raises(NotAllowed, match="Template has been deleted"):
        world.create(from_template(world, put_template(world, archived=True), {}))


@pytest.mark.parametrize(
    "given",
    [
        {"content": None},
        {"reference": None},
        {"content": None, "reference": None},
        {"template_id": an_id()},
    ],
)
def test_exactly_one_of_template_and_content_with_reference(world, given):
    with pytest.raises(InvalidValue, match="exactly one of"):
        world.draft(**given)


@pytest.mark.parametrize(
    ("given", "reason"),
    [({"content": "x" * 1396}, "1,395"), ({"content": " "}, "empty"), ({"reference": "x" * 256}, "255")],
)
def test_too_long_or_empty(world, given, reason):
    with pytest.raises(InvalidValue, match=reason):
        world.draft(**given)
    assert world.database.table("broadcast_messages") == {}


@pytest.mark.parametrize(("unknown", "called"), [("service_id", "service"), ("created_by", "user")])
def test_unknown_service_or_user(world, unknown, called):
    with pytest.raises(NotFound, match=f"no {called}"):
        world.draft(**{unknown: an_id()})
    assert world.database.table("broadcast_messages") == {}


def test_unknown_template(world):
    with pytest.raises(NotFound, match="no template"):
        world.create(NewBroadcastMessage(world.service.id, world.author.id, template_id=an_id()))


def test_another_services_template(world):
    template = put_template(world)
    other = a_service()
    with world.storage() as work:
        work.services.put(other)
        work.commit()

    with pytest.raises(NotFound):
        world.create(replace(from_template(world, template, {}), service_id=other.id))


def test_a_message_made_in_training_mode_stays_practice(world):
    world.put_service(restricted=True)
    message = world.draft()
    world.put_service(restricted=False)

    assert world.message(message).stubbed == "the service was in training mode"


def test_rule_1_for_a_new_message_the_service_is_active(world):
    world.put_service(active=False)

    with pytest.raises(Forbidden, match=r"^Updating broadcast message is not allowed: service is inactive$"):
        world.draft(simple_polygons=((),))
    assert world.database.table("broadcast_messages") == {}
