from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import Permission

PATH = "/v2/broadcast"
CAP = "application/cap+xml"
RING = "53.12,0.30 53.18,0.30 53.18,0.38 53.12,0.38 53.12,0.30"
SENDER, SENT = "www.gov.uk/environment-agency", "2026-01-05T12:00:00-00:00"
INVALID = "Request data is not valid CAP XML"


def area(name="River Steeping", ring=RING):
    return f"<area><areaDesc>{name}</areaDesc><polygon>{ring}</polygon></area>"


def cap(
    identifier="flood-1",
    *,
    kind="Alert",
    status="Actual",
    references="",
    expires="",
    description="Leave now.",
    areas=None,
):
    named = f"<references>{references}</references>" if references else ""
    until = f"<expires>{expires}</expires>" if expires else ""
    text = "" if description is None else f"<description>{description}</description>"
    return f"""<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier><sender>{SENDER}</sender><sent>{SENT}</sent>
  <status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>{named}
  <info><language>en-GB</language><category>Met</category><event>Flood</event><urgency>Immediate</urgency>
  <severity>Severe</severity><certainty>Likely</certainty>{until}{text}{area() if areas is None else areas}</info>
</alert>"""


@pytest.fixture
def service(notify):
    return notify.broadcasting_service()


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def post(notify, key):
    def submit(document="", content_type=CAP, **changes):
        body = document or cap(**changes)
        body = body.encode() if isinstance(body, str) else body
        return notify.post(PATH, body, key, headers={"Content-Type": content_type})

    return submit


@pytest.fixture
def move(notify, service):
    """What a second member of the team does with a message."""
    member = notify.member(service)

    def change(message, status):
        path = f"/service/{service.id}/broadcast-message/{message['id']}/status"
        return notify.admin("POST", path, {"status": status, "created_by": str(member.id)})

    return change


def test_an_alert_waits_for_approval(notify, post, service):
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    answer = post(expires=until.strftime("%Y-%m-%dT%H:%M:%S-00:00"), areas=area("Town") + area("Marsh"))

    assert answer.status_code == 201
    message = answer.json
    (polygon,) = message["simple_polygons"]
    assert polygon[0] == polygon[-1]
    assert all(53 < latitude < 53.3 and 0.2 < longitude < 0.5 for latitude, longitude in polygon)
    created_at = datetime.strptime(message["created_at"], "%Y-%m-%dT%H:%M:%S.%f%z")
    assert abs(created_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert message == {
        "id": message["id"],
        "reference": "flood-1",
        "service_id": str(service.id),
        "template_id": None,
        "template_version": None,
        "template_name": None,
        "personalisation": None,
        "content": "Leave now.",
        "areas": ["Town", "Marsh"],
        "simple_polygons": [polygon],
        "status": "pending-approval",
        "starts_at": None,
        "finishes_at": until.strftime("%Y-%m-%dT%H:%M:%S.000000Z"),
        "created_at": message["created_at"],
        "approved_at": None,
        "cancelled_at": None,
        "updated_at": None,
        "created_by_id": None,
        "approved_by_id": None,
        "cancelled_by_id": None,
    }


@pytest.mark.parametrize(
    "content_type", [CAP, f"{CAP}; charset=utf-8", "Application/CAP+XML", f'{CAP};charset="utf-8";version=1.2']
)
def test_content_types(post, content_type):
    assert post(content_type=content_type).status_code == 201


@pytest.mark.parametrize("content_type", ["application/json", "text/xml", "application/cap+xmls", f"x, {CAP}"])
def test_other_content_types(post, errors_of, content_type):
    assert errors_of(post(content_type=content_type), 415, "BadRequestError") == [
        f"Content type {content_type} not supported"
    ]


def test_without_permission_nothing_else_is_looked_at(notify, post, service, errors_of):
    notify.put(replace(service, permissions=frozenset({Permission.SMS})))

    for answer in (post(), post(content_type="application/json"), post("nonsense")):
        assert errors_of(answer, 400, "BadRequestError") == ["Service is not allowed to send broadcast messages"]


@pytest.mark.parametrize(
    "document",
    [
        "nonsense",
        b"\xff\xfe",
        "<alert/>",
        cap().replace("cap:1.2", "cap:1.1"),
        cap().replace("<scope>Public</scope>", ""),
        cap(status="Perhaps"),
        cap(kind="Shout"),
        cap(identifier=" "),
        cap(references="only,two"),
        cap(areas=area(ring="53.12,0.30 north")),
        f'<!DOCTYPE alert [<!ENTITY e "Leave">]>{cap(description="&e;")}',
        f'<!DOCTYPE alert [<!ENTITY e SYSTEM "file:///etc/passwd">]>{cap(description="&e;")}',
        cap(description="&unknown;"),
        cap(description="x" * 6_000_000),
        "<a>" * 100_000,
    ],
    ids=lambda document: str(document[:20]),
)
def test_what_is_no_cap(post, errors_of, document):
    assert errors_of(post(document), 400, "BadRequestError") == [INVALID]


def test_a_body_of_more_than_10_megabytes(post, errors_of):
    errors_of(post(b" " * (10 * 1024 * 1024 + 1)), 413)


@pytest.mark.parametrize("kind", ["Ack", "Error"])
def test_other_kinds_of_cap_message(post, errors_of, kind):
    assert errors_of(post(kind=kind), 400, "ValidationError") == [
        f"msgType {kind} is not one of [Alert, Cancel, Update]"
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"description": None}, "description is missing"),
        ({"areas": ""}, "area with a polygon is missing"),
        ({"areas": "<area><areaDesc>Nowhere</areaDesc></area>"}, "area with a polygon is missing"),
        ({"areas": area(ring="53,0 54,0 53,1 54,1 53,0")}, "polygon 1 crosses itself"),
        ({"areas": area(ring="53,0 54,0 54,1 53,1")}, "polygon 1 is not closed: its first and last points differ"),
        ({"areas": area(ring="95,0 54,0 54,1 95,0")}, "polygon 1 has a latitude outside -90 to 90"),
        ({"areas": area() + area(ring="5,181 5,0 6,1 5,181")}, "polygon 2 has a longitude outside -180 to 180"),
        ({"description": "x" * 1396}, "description must be 1,395 characters or fewer"),
        (
            {"description": "ŵ" * 616},
            "description must be 615 characters or fewer (because it could not be GSM7 encoded)",
        ),
        ({"description": "€" * 698}, "description must be 1,395 characters or fewer"),
        ({"identifier": "x" * 256}, "reference must be 255 characters or fewer"),
    ],
)
def test_what_can_be_no_alert(post, errors_of, changes, message):
    assert errors_of(post(**changes), 400, "ValidationError") == [message]


@pytest.mark.parametrize("text", ["x" * 1395, "ŵ" * 615, "€" * 697])
def test_the_longest_texts(post, text):
    assert post(description=text).json["content"] == text


def test_the_same_document_twice_is_one_message(post, move):
    first = post()
    move(first.json, "broadcasting")
    again = post()

    assert again.status_code == 201
    assert (again.json["id"], again.json["status"]) == (first.json["id"], "broadcasting")


def test_a_document_that_is_only_an_exercise_never_goes_out(notify, post, move):
    message = post(status="Exercise").json

    assert move(message, "broadcasting").json["status"] == "broadcasting"
    assert notify.rows() == []


def reference(identifier="flood-1"):
    return f"{SENDER},{identifier},{SENT}"


def test_cancelling_what_waits_rejects_it(post):
    message = post().json
    answer = post(identifier="flood-2", kind="Cancel", references=reference())

    assert answer.status_code == 201
    assert (answer.json["id"], answer.json["status"]) == (message["id"], "rejected")
    assert post(identifier="flood-2", kind="Cancel", references=reference()).json == answer.json


def test_cancelling_what_is_live_reaches_the_networks(notify, post, move):
    message = post().json
    move(message, "broadcasting")
    notify.drain()
    answer = post(identifier="flood-2", kind="Cancel", references=reference())
    notify.drain()

    assert (answer.status_code, answer.json["status"]) == (201, "cancelled")
    sent = [one.message_type for one in notify.container.cbc().broadcasts("ee")]
    assert sent == ["alert", "cancel"]


@pytest.mark.parametrize(("kind", "wanted"), [("Cancel", "cancelled"), ("Update", "broadcasting")])
def test_references(post, errors_of, kind, wanted):
    post()
    post(identifier="flood-2")

    def act(*named, identifier="end"):
        return post(identifier=identifier, kind=kind, references=" ".join(map(reference, named)))

    assert errors_of(act("unknown"), 404, "NoResultFound") == ["Broadcast message not found"]
    assert errors_of(act("flood-1", "flood-2"), 400, "BadRequestError") == [
        "References name more than one broadcast message"
    ]
    assert errors_of(act(), 400, "ValidationError") == ["references is missing"]
    assert act("flood-1", "flood-1").status_code == 201
    (message,) = errors_of(act("flood-1", identifier="again"), 400, "BadRequestError")
    assert message.startswith("Cannot move broadcast_message ")
    assert message.endswith(f" from rejected to {wanted}")


def test_updating_what_waits_rejects_it(post):
    message = post().json
    answer = post(identifier="flood-2", kind="Update", references=reference())

    assert answer.status_code == 201
    assert (answer.json["id"], answer.json["status"]) == (message["id"], "rejected")
    assert post(identifier="flood-2", kind="Update", references=reference()).json == answer.json


def test_updating_what_is_live_awaits_approval(notify, post, move, service):
    message = post().json
    move(message, "broadcasting")
    answer = post(identifier="flood-2", kind="Update", references=reference(), description="Stay upstairs.")

    assert answer.status_code == 201
    assert (answer.json["id"], answer.json["status"], answer.json["content"]) == (
        message["id"],
        "broadcasting",
        "Leave now.",
    )
    path = f"/service/{service.id}/broadcast-message/{message['id']}/events"
    (revision,) = notify.admin("GET", path).json["revisions"]
    assert (revision["status"], revision["content"], revision["created_by_id"]) == (
        "pending-approval",
        "Stay upstairs.",
        None,
    )
    assert post(identifier="flood-2", kind="Update", references=reference()).json == answer.json


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"description": None}, "description is missing"),
        ({"areas": ""}, "area with a polygon is missing"),
        ({"areas": area(ring="53,0 54,0 53,1 54,1 53,0")}, "polygon 1 crosses itself"),
        ({"description": "x" * 1396}, "description must be 1,395 characters or fewer"),
    ],
)
def test_what_can_be_no_update(post, move, errors_of, changes, message):
    move(post().json, "broadcasting")
    answer = post(identifier="flood-2", kind="Update", references=reference(), **changes)

    assert errors_of(answer, 400, "ValidationError") == [message]


def test_messages_of_another_service_are_unknown(notify, post, errors_of):
    post()
    other = notify.key(notify.broadcasting_service())
    body = cap(identifier="flood-2", kind="Cancel", references=reference()).encode()

    answer = notify.post(PATH, body, other, headers={"Content-Type": CAP})
    assert errors_of(answer, 404, "NoResultFound") == ["Broadcast message not found"]


def test_nothing_is_kept_of_what_is_refused(notify, post, service):
    post("nonsense")
    post(description=None)
    post(identifier=str(uuid4()), kind="Cancel", references=reference())

    listed = notify.admin("GET", f"/service/{service.id}/broadcast-message")
    assert listed.json == {"broadcast_messages": []}
