"""The official Python client, unmodified, against a server that does everything itself: each of its methods."""

import inspect
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from notifications_python_client import NotificationsAPIClient
from notifications_python_client import prepare_upload as prepared
from notifications_python_client.errors import HTTPError

from notify_core.accounts.model import KeyType
from notify_core.accounts.policies import api_key_text
from notify_core.kernel.calendar import format_datetime
from tests.integration.http.clients import ADDRESS, ADDRESS_LINES, LETTER, NUMBER, World
from tests.integration.uploads import an_upload
from tests.integration.waiting import eventually

METHODS = sorted(
    name for name, _ in inspect.getmembers(NotificationsAPIClient, inspect.isfunction) if not name.startswith("_")
)

CALLS = {}


def call(tries):
    """The function tries the client's method of its name."""
    CALLS[tries.__name__] = tries
    return tries


@pytest.fixture(scope="module")
def world(live):
    return World(live)


@pytest.fixture
def client_of(live):
    opened = []

    def make(key):
        client = NotificationsAPIClient(api_key_text(key.name, key.service_id, key.secret), base_url=live.root)
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.request_session.close()


@pytest.fixture
def client(world, client_of):
    return client_of(world.key)


def refusal(ask, *given, **named):
    with pytest.raises(HTTPError) as caught:
        ask(*given, **named)
    return caught.value.status_code, caught.value.message


@pytest.mark.parametrize("method", [*METHODS, "prepare_upload"])
def test_every_method(world, client, method):
    assert method in CALLS, "a method that is new in the client: say here what it is called with"
    CALLS[method](world, client)


@call
def send_sms_notification(world, client):
    sent = client.send_sms_notification(
        NUMBER, str(world.text.id), {"name": "Grace"}, reference="case 1", sms_sender_id=str(world.sender.id)
    )
    assert sent["content"] == {"body": "Hello Grace", "from_number": "FLOODS"}
    assert sent["uri"] == f"{world.live.root}/v2/notifications/{sent['id']}"
    eventually(lambda: client.get_notification_by_id(sent["id"])["status"] == "delivered")
    read = client.get_notification_by_id(sent["id"])
    assert (read["body"], read["reference"], read["phone_number"]) == ("Hello Grace", "case 1", NUMBER)
    assert read["sent_at"] is not None
    assert read["completed_at"] is not None


@call
def send_email_notification(world, client):
    for address, status in ((ADDRESS, "delivered"), ("perm-fail@simulator.notify", "permanent-failure")):
        sent = client.send_email_notification(
            address,
            str(world.email.id),
            personalisation={"name": "see evil.example"},
            reference="case 2",
            email_reply_to_id=str(world.reply_to.id),
            one_click_unsubscribe_url="https://example.gov.uk/stop",
            sanitise_content_for=["name"],
        )
        assert sent["content"]["one_click_unsubscribe_url"] == "https://example.gov.uk/stop"
        assert sent["sanitised_content"]["name"]["sanitised"] == "see evil. example"
        eventually(lambda sent=sent, status=status: client.get_notification_by_id(sent["id"])["status"] == status)
        assert client.get_notification_by_id(sent["id"])["email_address"] == address
        reply_to = [
            one.content["reply_to"] for one in world.live.email_network.messages() if one.reference == sent["id"]
        ]
        assert reply_to == ["answers@example.gov.uk"]


@call
def send_letter_notification(world, client):
    sent = client.send_letter_notification(str(world.letter.id), LETTER, reference="case 3")
    assert sent["reference"] == "case 3"
    assert sent["content"] == {"body": "Hello Grace", "subject": "About Grace"}
    read = client.get_notification_by_id(sent["id"])
    assert (read["type"], read["status"], read["postage"]) == ("letter", "accepted", "first")
    assert (read["line_1"], read["line_2"], read["line_3"], read["postcode"]) == (*ADDRESS_LINES, None, "SW1A 1AA")
    assert read["estimated_delivery"] > read["created_at"]


@call
def send_precompiled_letter_notification(world, client):
    sent = client.send_precompiled_letter_notification("case 4", BytesIO(an_upload()), postage="first")
    assert sent == {"id": sent["id"], "reference": "case 4", "postage": "first"}
    eventually(lambda: client.get_notification_by_id(sent["id"])["status"] == "accepted")
    listed = client.get_all_notifications(status="accepted", template_type="letter", reference="case 4")
    assert [one["line_1"] for one in listed["notifications"]] == ["Grace Hopper"]
    assert client.get_pdf_for_letter(sent["id"]).read().startswith(b"%PDF")
    refused = refusal(client.send_precompiled_letter_notification, "case 5", BytesIO(b"no PDF"), postage="third")
    assert refused == (
        400,
        [
            {
                "error": "ValidationError",
                "message": "postage invalid. It must be either first, second or economy.",
            }
        ],
    )


@call
def get_pdf_for_letter(world, client):
    sent = client.send_letter_notification(str(world.letter.id), LETTER)
    eventually(lambda: client.get_notification_by_id(sent["id"])["cost_details"] != {})
    assert client.get_pdf_for_letter(sent["id"]).read().startswith(b"%PDF")
    text = next(iter(world.many))
    assert refusal(client.get_pdf_for_letter, text) == (
        400,
        [{"error": "BadRequestError", "message": "Notification is not a letter"}],
    )


@call
def get_received_texts(world, client):
    first = client.get_received_texts()["received_text_messages"]
    second = client.get_received_texts(older_than=first[-1]["id"])["received_text_messages"]
    assert (len(first), len(second)) == (250, 2)
    assert set(first[0]) == {"id", "user_number", "created_at", "service_id", "notify_number", "content"}


@call
def get_received_texts_iterator(world, client):
    assert len({text["id"] for text in client.get_received_texts_iterator()}) == 252


@call
def get_notification_by_id(world, client):
    identity = next(iter(world.many))
    assert client.get_notification_by_id(identity)["reference"] == world.reference
    assert refusal(client.get_notification_by_id, str(uuid4())) == (
        404,
        [{"error": "NoResultFound", "message": "No result found"}],
    )


@call
def get_all_notifications(world, client):
    page = client.get_all_notifications("delivered", "sms", world.reference, include_jobs=True)["notifications"]
    assert len(page) == 250
    older = client.get_all_notifications(reference=world.reference, older_than=page[-1]["id"])["notifications"]
    assert len(older) == 250
    assert {one["id"] for one in (*page, *older)} < world.many
    assert client.get_all_notifications(status=["created", "failed"], reference=world.reference)["notifications"] == []


@call
def get_all_notifications_iterator(world, client):
    found = client.get_all_notifications_iterator(status="delivered", reference=world.reference)
    identities = [one["id"] for one in found]
    assert len(identities) == 501
    assert set(identities) == world.many
    assert list(client.get_all_notifications_iterator(status="failed", reference=world.reference)) == []


@call
def post_template_preview(world, client):
    preview = client.post_template_preview(str(world.email.id), {"name": "Grace"})
    assert (preview["subject"], preview["body"]) == ("About Grace", "Hello Grace")


@call
def get_template(world, client):
    assert client.get_template(str(world.text.id))["body"] == "Hello ((name))"


@call
def get_template_version(world, client):
    assert client.get_template_version(str(world.text.id), 1)["version"] == 1


@call
def get_all_template_versions(world, client):
    assert [one["version"] for one in client.get_all_template_versions(str(world.text.id))["data"]] == [1]


@call
def get_all_templates(world, client):
    every = {str(one.id) for one in (world.text, world.email, world.letter)}
    assert {one["id"] for one in client.get_all_templates()["templates"]} == every
    assert [one["type"] for one in client.get_all_templates("email")["templates"]] == ["email"]


# What the client is made of, which applications may use for endpoints that it does not know.


@call
def get(world, client):
    assert client.get("/v2/templates", {"type": "sms"})["templates"][0]["type"] == "sms"


@call
def post(world, client):
    preview = client.post(f"/v2/template/{world.text.id}/preview", {"personalisation": {"name": "Grace"}})
    assert preview["body"] == "Hello Grace"
    too_large = {"personalisation": "x" * (10 * 1024 * 1024)}
    assert refusal(client.post, "/v2/notifications/sms", too_large)[0] == 413


@call
def put(world, client):
    assert refusal(client.put, "/v2/templates", {})[0] == 405


@call
def delete(world, client):
    assert refusal(client.delete, "/v2/templates")[0] == 405


@call
def request(world, client):
    found = client.request("GET", "/v2/templates", params={"type": "letter"})["templates"]
    assert [one["id"] for one in found] == [str(world.letter.id)]


@call
def generate_headers(world, client):
    assert client.generate_headers("x.y.z")["Authorization"] == "Bearer x.y.z"


@call
def prepare_upload(world, client):
    file = prepared(BytesIO(b"a,b\n1,2\n"), filename="figures.csv", retention_period="4 weeks")
    sent = client.send_email_notification(ADDRESS, str(world.email.id), {"name": file})
    assert f"{world.live.root}/d/{world.service.id}/" in sent["content"]["body"]


def test_a_scheduled_message_is_cancelled_as_the_docs_say(world, client):
    due = format_datetime(world.live.container.clock().now() + timedelta(hours=1))
    body = {"phone_number": NUMBER, "template_id": str(world.text.id), "personalisation": {"name": "x"}}
    sent = client.post("/v2/notifications/sms", body | {"scheduled_for": due})
    assert sent["scheduled_for"] == due
    assert client.post(f"/v2/notifications/{sent['id']}/cancel", {})["status"] == "cancelled"


def test_errors(world, client, client_of):
    template = str(world.text.id)

    assert refusal(client.send_sms_notification, "0770", template, {"name": "x"}) == (
        400,
        [{"error": "ValidationError", "message": "phone_number Not enough digits"}],
    )
    assert refusal(client.send_sms_notification, "07700900123", template) == (
        400,
        [{"error": "BadRequestError", "message": "Missing personalisation: name"}],
    )
    revoked = world.live.key(world.service, revoked_at=world.live.container.clock().now())
    assert refusal(client_of(revoked).get_all_templates) == (
        403,
        [{"error": "AuthError", "message": "Invalid token: API key revoked"}],
    )
    team = client_of(world.live.key(world.service, key_type=KeyType.TEAM))
    status, errors = refusal(team.send_sms_notification, "07700900123", template, {"name": "x"})
    assert (status, errors[0]["message"]) == (400, "Can\u2019t send to this recipient using a team-only API key")
