import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import BroadcastChannel
from notify_core.broadcasts.states import MessageStatus
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON, SKEGNESS, a_broadcast_message, a_user

RING = [list(pair) for pair in SKEGNESS]
BOW_TIE = [[53, 0], [54, 0], [53, 1], [54, 1], [53, 0]]


@pytest.fixture
def service(notify):
    return notify.broadcasting_service()


@pytest.fixture
def author(notify, service):
    return notify.member(service, name="Ada")


@pytest.fixture
def approver(notify, service):
    return notify.member(service, name="Grace")


@pytest.fixture
def root(service):
    return f"/service/{service.id}/broadcast-message"


@pytest.fixture
def create(notify, service, author, root):
    def post(without=(), **changes):
        body = {
            "service_id": str(service.id),
            "created_by": str(author.id),
            "content": "Leave now.",
            "reference": "flood-1",
            "areas": ["Skegness"],
            "simple_polygons": [RING],
        }
        return notify.admin("POST", root, {k: v for k, v in (body | changes).items() if k not in without})

    return post


@pytest.fixture
def move(notify, root):
    def post(message, status, user, **changes):
        body = {"status": status, "created_by": str(getattr(user, "id", user))} | changes
        return notify.admin("POST", f"{root}/{message['id']}/status", body)

    return post


@pytest.fixture
def edit(notify, author, root):
    def post(message, **changes):
        return notify.admin("POST", f"{root}/{message['id']}", {"created_by": str(author.id)} | changes)

    return post


@pytest.fixture
def pending(create, move, author):
    message = create().json
    return move(message, "pending-approval", author).json


def told(answer, status=400):
    assert answer.status_code == status, answer.data
    assert set(answer.json) == {"result", "message"}
    assert answer.json["result"] == "error"
    return answer.json["message"]


def test_a_new_message(notify, create, service, author, root):
    answer = create(finishes_at="2026-01-05T14:00:00+00:00", starts_at=None)

    assert answer.status_code == 201
    assert answer.json == {
        "id": answer.json["id"],
        "reference": "flood-1",
        "service_id": str(service.id),
        "template_id": None,
        "template_version": None,
        "template_name": None,
        "personalisation": None,
        "content": "Leave now.",
        "areas": ["Skegness"],
        "simple_polygons": [RING],
        "status": "draft",
        "starts_at": None,
        "finishes_at": "2026-01-05T14:00:00.000000Z",
        "created_at": answer.json["created_at"],
        "approved_at": None,
        "cancelled_at": None,
        "updated_at": None,
        "created_by_id": str(author.id),
        "approved_by_id": None,
        "cancelled_by_id": None,
    }
    assert notify.admin("GET", f"{root}/{answer.json['id']}").json == answer.json


def test_from_a_template(notify, create, service):
    template = notify.template(service, "The ((river)) is ((metres)) m high", type=TemplateType.BROADCAST, version=4)
    answer = create(
        without=("content", "reference"), template_id=str(template.id), personalisation={"river": "Don", "metres": 1.5}
    )

    assert answer.status_code == 201
    assert answer.json["content"] == "The Don is 1.5 m high"
    assert answer.json["personalisation"] == {"river": "Don", "metres": "1.5"}
    assert (answer.json["template_id"], answer.json["template_version"]) == (str(template.id), 4)
    assert answer.json["template_name"] == template.name


NEITHER = "exactly one of template_id, or content with reference, is needed"


@pytest.mark.parametrize(
    ("without", "changes", "message"),
    [
        (("created_by",), {}, "created_by is a required property"),
        (("service_id", "created_by"), {}, "service_id is a required property; created_by is a required property"),
        ((), {"extra": 1}, "Additional properties are not allowed (extra was unexpected)"),
        (("content", "reference"), {}, NEITHER),
        (("reference",), {}, NEITHER),
        ((), {"template_id": "4f6d28b1-0000-4000-8000-000000000000"}, NEITHER),
        ((), {"created_by": "Ada"}, "created_by is not a valid UUID"),
        ((), {"content": ""}, " should be non-empty"),
        ((), {"content": " \t"}, "Content is empty"),
        ((), {"content": 5}, "content 5 is not of type string"),
        ((), {"content": "x" * 1396}, "Content must be 1,395 characters or fewer"),
        (
            (),
            {"content": "ŵ" * 616},
            "Content must be 615 characters or fewer (because it could not be GSM7 encoded)",
        ),
        ((), {"reference": "x" * 256}, "is too long"),
        ((), {"reference": "a\0"}, "reference contains characters that cannot be kept"),
        ((), {"areas": "Skegness"}, "areas Skegness is not of type array"),
        ((), {"areas": [5]}, "areas 5 is not of type string"),
        ((), {"areas": ["\0"]}, "areas contains characters that cannot be kept"),
        ((), {"content": "Leave\0now"}, "content contains characters that cannot be kept"),
        ((), {"finishes_at": "soon"}, "finishes_at datetime format is invalid."),
        ((), {"simple_polygons": [5]}, "simple_polygons 5 is not of type array"),
        ((), {"simple_polygons": [[["a", "b"]]]}, "simple_polygons a is not of type number"),
        ((), {"simple_polygons": [[[True, 1]]]}, "simple_polygons True is not of type number"),
        ((), {"simple_polygons": [[[1, 2, 3]]]}, "simple_polygons [1, 2, 3] is too long"),
        ((), {"simple_polygons": [RING, RING[:-1]]}, "polygon 2 is not closed: its first and last points differ"),
        ((), {"simple_polygons": [RING[:2]]}, "polygon 1 has fewer than 4 points"),
        ((), {"simple_polygons": [RING, BOW_TIE]}, "polygon 2 crosses itself"),
        ((), {"simple_polygons": [[[91, 0], [5, 0], [5, 1], [91, 0]]]}, "polygon 1 has a latitude outside -90 to 90"),
        (
            (),
            {"simple_polygons": [[[10**400, 0], [5, 0], [5, 1], [10**400, 0]]]},
            "polygon 1 has a latitude outside -90 to 90",
        ),
        ((), {"simple_polygons": [[[1, -181], [5, 0], [5, 1], [1, -181]]]}, "longitude outside -180 to 180"),
        ((), {"simple_polygons": [[[1, 1]]] * 1001}, "there are more than 1,000 polygons"),
        ((), {"personalisation": []}, "personalisation [] is not of type object"),
    ],
)
def test_what_can_be_no_message(create, without, changes, message):
    assert message in told(create(without=without, **changes))


def test_nothing_is_kept_of_what_is_refused(notify, create, root):
    told(create(extra=1))
    told(create(simple_polygons=[RING[:-1]]))
    told(create(content=" "))

    assert notify.admin("GET", root).json == {"broadcast_messages": []}


def test_exponents_in_polygons(notify, create, service, author):
    body = {"service_id": str(service.id), "created_by": str(author.id), "content": "Leave", "reference": "1"}
    text = json.dumps(body).removesuffix("}") + ', "simple_polygons": [[[1e400, 0], [5, 0], [5, 1], [1e400, 0]]]}'
    path = f"/service/{service.id}/broadcast-message"
    assert told(notify.admin("POST", path, text.encode())) == "polygon 1 has a latitude outside -90 to 90"


def test_the_service_is_that_of_the_address(notify, create, root):
    assert told(create(service_id=str(uuid4()))) == "service_id is not the service of the address"
    assert told(notify.admin("POST", root, b"{")) == "Invalid JSON supplied in POST data"


def test_reading_what_is_not_there(notify, root):
    told(notify.admin("GET", f"{root}/{uuid4()}"), 404)
    told(notify.admin("GET", f"{root}/{uuid4()}/events"), 404)
    told(notify.admin("GET", f"{root}/nonsense"), 404)
    told(notify.admin("GET", f"/service/{uuid4()}/broadcast-message"), 404)


def test_changing_what_is_not_there(create, edit, move, author):
    unknown = {"id": str(uuid4())}

    told(create(created_by=str(uuid4())), 404)
    told(create(without=("content", "reference"), template_id=str(uuid4())), 404)
    told(edit(unknown, content="x"), 404)
    told(move(unknown, "rejected", author), 404)


def test_messages_of_another_service_are_not_there(notify, create, author):
    message = create().json
    other = f"/service/{notify.broadcasting_service().id}/broadcast-message/{message['id']}"

    told(notify.admin("GET", other), 404)
    told(notify.admin("GET", f"{other}/events"), 404)
    told(notify.admin("POST", other, {"created_by": str(author.id), "content": "x"}), 404)
    told(notify.admin("POST", f"{other}/status", {"created_by": str(author.id), "status": "rejected"}), 404)


def test_lists_are_paged(notify, service, root):
    made = [a_broadcast_message(service_id=service.id, created_at=NOON + timedelta(seconds=n)) for n in range(252)]
    with notify.container.work()() as work:
        for message in made:
            work.broadcast_messages.add(message)
        work.commit()
    newest_first = [str(message.id) for message in reversed(made)]

    def page(query=""):
        return [one["id"] for one in notify.admin("GET", f"{root}{query}").json["broadcast_messages"]]

    assert page() == newest_first[:250]
    assert page(f"?older_than={newest_first[249]}") == newest_first[250:]
    assert page(f"?older_than={newest_first[-1]}") == []
    assert page(f"?older_than={uuid4()}") == []
    assert told(notify.admin("GET", f"{root}?older_than=x")) == "older_than is not a valid UUID"
    assert "page" in told(notify.admin("GET", f"{root}?page=2"))


class TestEditing:
    def test_returns_a_pending_message_to_draft(self, edit, pending):
        answer = edit(pending, content="Stay.", finishes_at="2026-01-05T16:00:00Z")

        assert answer.status_code == 200
        assert answer.json["status"] == "draft"
        assert (answer.json["content"], answer.json["finishes_at"]) == ("Stay.", "2026-01-05T16:00:00.000000Z")
        assert answer.json["areas"] == ["Skegness"]

    def test_areas_go_with_polygons(self, create, edit):
        message = create().json
        missing = f"Cannot update broadcast_message {message['id']}, areas or polygons are missing."

        assert told(edit(message, areas=["Town"])) == missing
        assert told(edit(message, simple_polygons=[RING])) == missing
        assert edit(message, areas=["Town"], simple_polygons=[RING]).json["areas"] == ["Town"]
        emptied = edit(message, areas=[], simple_polygons=[]).json
        assert (emptied["areas"], emptied["simple_polygons"]) == ([], [])

    def test_unknown_keys_and_nobody(self, notify, create, edit, root):
        message = create().json

        assert told(edit(message, status="broadcasting")) == (
            "Additional properties are not allowed (status was unexpected)"
        )
        assert told(notify.admin("POST", f"{root}/{message['id']}", {"content": "x"})) == (
            "created_by is a required property"
        )
        assert told(edit(message, areas=["x"], simple_polygons=[RING[:-1]])).startswith("polygon 1 is not closed")
        assert told(edit(message, areas=["x"], simple_polygons=[BOW_TIE])) == "polygon 1 crosses itself"
        assert told(edit(message, personalisation={"a": "b"})) == (
            "personalisation goes with a template, not with content"
        )

    def test_not_when_it_is_out(self, edit, move, pending, approver):
        move(pending, "broadcasting", approver)
        assert told(edit(pending, content="x")) == (
            f"Cannot update broadcast_message {pending['id']} while it has status broadcasting"
        )


class TestStatus:
    def test_a_second_person_approves(self, move, pending, author, approver):
        assert told(move(pending, "broadcasting", author)) == (
            f"User {author.id} cannot approve their own broadcast_message {pending['id']}"
        )
        live = move(pending, "broadcasting", approver).json
        assert (live["status"], live["approved_by_id"]) == ("broadcasting", str(approver.id))
        assert live["approved_at"] == live["starts_at"] is not None
        cancelled = move(live, "cancelled", author).json
        assert (cancelled["status"], cancelled["cancelled_by_id"]) == ("cancelled", str(author.id))
        assert cancelled["finishes_at"] == live["finishes_at"]

    def test_whoever_edited_may_not_approve(self, edit, move, pending, approver):
        edit(pending, created_by=str(approver.id), content="Changed")
        move(pending, "pending-approval", pending["created_by_id"])

        assert told(move(pending, "broadcasting", approver)) == (
            f"User {approver.id} cannot approve their own broadcast_message {pending['id']}"
        )

    def test_strangers_and_administrators(self, notify, move, pending, approver):
        stranger, admin = notify.put(a_user()), notify.put(a_user(platform_admin=True))

        for user in (stranger, admin, a_user()):
            assert told(move(pending, "broadcasting", user)) == (
                f"User {user.id} cannot update broadcast_message {pending['id']} from other service"
            )
        move(pending, "broadcasting", approver)
        assert move(pending, "cancelled", admin).json["status"] == "cancelled"

    def test_a_suspended_service(self, notify, service, move, pending, approver):
        notify.put(replace(service, active=False))
        assert told(move(pending, "broadcasting", approver), 403) == (
            "Updating broadcast message is not allowed: service is inactive"
        )

    def test_moves_that_do_not_exist(self, create, move, author, approver):
        message = create().json

        for wanted in ("broadcasting", "completed", "cancelled", "technical-failure", "rejected", "draft"):
            assert told(move(message, wanted, approver)) == (
                f"Cannot move broadcast_message {message['id']} from draft to {wanted}"
            )

    def test_without_an_area(self, create, move, author, approver):
        message = create(areas=[], simple_polygons=[]).json
        move(message, "pending-approval", author)
        assert told(move(message, "broadcasting", approver)) == (
            f"broadcast_message {message['id']} has no selected areas and so cannot be broadcasted."
        )

    @pytest.mark.parametrize(
        ("hours", "channel", "limit"),
        [
            (-1, BroadcastChannel.SEVERE, "its finishes_at is in the past."),
            (0.05, BroadcastChannel.SEVERE, "it must last at least 5 minutes."),
            (23, BroadcastChannel.SEVERE, "it must last at most 22 hours 30 minutes on the severe channel."),
            (5, BroadcastChannel.TEST, "it must last at most 4 hours on the test channel."),
        ],
    )
    def test_limits(self, notify, hours, channel, limit):
        service = notify.broadcasting_service(channel)
        author, approver = notify.member(service), notify.member(service)
        now = notify.container.clock().now()
        message = a_broadcast_message(
            service_id=service.id,
            status=MessageStatus.PENDING_APPROVAL,
            created_by_id=author.id,
            finishes_at=now + timedelta(hours=hours),
        )
        with notify.container.work()() as work:
            work.broadcast_messages.add(message)
            work.commit()

        path = f"/service/{service.id}/broadcast-message/{message.id}/status"
        answer = notify.admin("POST", path, {"status": "broadcasting", "created_by": str(approver.id)})
        assert told(answer) == f"broadcast_message {message.id} cannot be broadcasted: {limit}"

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ({"status": "loud"}, "status loud is not one of [draft, pending-approval, rejected, "),
            ({"status": None}, "status None is not of type string"),
            ({"created_by": None}, "created_by None is not of type string"),
            ({"extra": 1}, "Additional properties are not allowed (extra was unexpected)"),
        ],
    )
    def test_what_is_no_status_change(self, move, pending, body, message):
        asked = {"status": "rejected", "user": pending["created_by_id"]} | body
        assert message in told(move(pending, **asked))


def test_events(notify, move, pending, approver, root):
    path = f"{root}/{pending['id']}/events"
    assert notify.admin("GET", path).json["events"] == []

    live = move(pending, "broadcasting", approver).json
    notify.drain()
    shown = notify.admin("GET", path).json

    assert shown["message"] == live
    (event,) = shown["events"]
    assert set(event) == {"id", "message_type", "sent_at", "channel", "providers", "provider_messages", "blocked_by"}
    assert (event["message_type"], event["channel"], event["blocked_by"]) == ("alert", "severe", [])
    assert sorted(event["providers"]) == ["ee", "o2", "three", "vodafone"]
    assert {copy["status"] for copy in event["provider_messages"]} == {"returned-ack"}
    for copy in event["provider_messages"]:
        assert [attempt["outcome"] for attempt in copy["attempts"]] == ["started", "acknowledged"]
        assert (copy["message_number"] is not None) is (copy["provider"] == "vodafone")
    assert {one.network for one in notify.container.cbc().broadcasts()} == {"ee", "o2", "three", "vodafone"}


def test_who_did_what_is_written_down(notify, move, pending, approver, root):
    notify.admin(
        "POST",
        f"{root}/{pending['id']}/status",
        {"status": "rejected", "created_by": str(approver.id)},
        headers={"X-B3-TraceId": "trace-1"},
    )
    with notify.container.work()(read_only=True) as work:
        entries = work.audit.about(pending["id"])

    assert [entry.what for entry in entries] == [
        "broadcast message created",
        "broadcast message moved from draft to pending-approval",
        "broadcast message moved from pending-approval to rejected",
    ]
    assert (entries[-1].who, entries[-1].where) == (str(approver.id), "http trace-1")
