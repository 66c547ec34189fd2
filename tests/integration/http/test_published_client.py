"""The official client, unmodified, against a server that does everything itself."""

import socket
from threading import Event, Thread
from uuid import uuid4

import pytest
from notifications_python_client import NotificationsAPIClient
from notifications_python_client.errors import HTTPError
from waitress import wasyncore
from waitress.server import create_server

from notify_core.accounts.model import KeyType
from notify_core.accounts.policies import api_key_text
from notify_core.notifications.states import Status
from notify_core.testing.builders import a_notification, a_reply_to, an_sms_sender
from notify_entrypoints.runner import EmbeddedRunner
from tests.integration.waiting import eventually


def serve_until(server, stop):
    """As ``server.run``, but ended in its own thread: closing sockets that another thread waits for fails at times."""
    while not stop.is_set():
        wasyncore.loop(timeout=0.05, map=server._map, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(server._map)


@pytest.fixture
def live(make_notify):
    """The platform on a port of this machine, as ``notify serve`` runs it."""
    listener = socket.create_server(("127.0.0.1", 0))
    root = f"http://127.0.0.1:{listener.getsockname()[1]}"
    notify = make_notify(
        "live", NOTIFY_API_BASE_URL=root, NOTIFY_SMS_FAKE_RECEIPT_DELAY="0.01", NOTIFY_EMAIL_RECEIPT_DELAY="0.01"
    )
    container, stop = notify.container, Event()
    runner = EmbeddedRunner(
        container.execute(),
        container.relay(),
        container.tick(),
        container.ledger(),
        container.task_queue(),
        container.wake(),
        container.worker(),
    )
    server = create_server(notify.app, sockets=[listener], threads=4)
    companions = container.companions()
    threads = [Thread(target=one.run, args=(stop,)) for one in companions]
    threads.append(Thread(target=serve_until, args=(server, stop)))
    runner.start()
    for thread in threads:
        thread.start()
    notify.root = root
    yield notify
    stop.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert runner.stop(10)
    for companion in companions:
        companion.close()


@pytest.fixture
def service(live):
    return live.service(name="Flood warnings")


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
def client(live, service, client_of):
    return client_of(live.key(service))


def test_a_text_message_from_end_to_end(live, service, client):
    template = live.template(service, "Hello ((name))")
    sender = live.put(an_sms_sender(service_id=service.id, sms_sender="FLOODS"))

    sent = client.send_sms_notification(
        "+447700900123", str(template.id), {"name": "Grace"}, reference="case 1", sms_sender_id=str(sender.id)
    )
    assert sent["content"] == {"body": "Hello Grace", "from_number": "FLOODS"}
    assert sent["uri"] == f"{live.root}/v2/notifications/{sent['id']}"
    eventually(lambda: client.get_notification_by_id(sent["id"])["status"] == "delivered")
    read = client.get_notification_by_id(sent["id"])
    assert (read["body"], read["reference"], read["phone_number"]) == ("Hello Grace", "case 1", "+447700900123")
    assert read["sent_at"] is not None
    assert read["completed_at"] is not None


@pytest.mark.parametrize(
    ("address", "status"),
    [("grace@example.gov.uk", "delivered"), ("perm-fail@simulator.notify", "permanent-failure")],
)
def test_an_email_from_end_to_end(live, service, client, address, status):
    template = live.email_template(service)
    reply_to = live.put(a_reply_to(service_id=service.id, email_address="answers@example.gov.uk"))

    sent = client.send_email_notification(
        address,
        str(template.id),
        personalisation={"name": "see evil.example"},
        email_reply_to_id=str(reply_to.id),
        one_click_unsubscribe_url="https://example.gov.uk/stop",
        sanitise_content_for=["name"],
    )
    assert sent["content"]["one_click_unsubscribe_url"] == "https://example.gov.uk/stop"
    assert sent["sanitised_content"]["name"]["sanitised"] == "see evil. example"
    eventually(lambda: client.get_notification_by_id(sent["id"])["status"] == status)
    assert client.get_notification_by_id(sent["id"])["email_address"] == address
    assert live.email_network.messages()[0].content["reply_to"] == "answers@example.gov.uk"


def test_templates(live, service, client):
    text, email = live.template(service, "Hello ((name))"), live.email_template(service)

    assert client.get_template(str(text.id))["body"] == "Hello ((name))"
    assert client.get_template_version(str(text.id), 1)["version"] == 1
    assert {one["id"] for one in client.get_all_templates()["templates"]} == {str(text.id), str(email.id)}
    assert [one["type"] for one in client.get_all_templates("email")["templates"]] == ["email"]
    preview = client.post_template_preview(str(email.id), {"name": "Grace"})
    assert (preview["subject"], preview["body"]) == ("About Grace", "Hello Grace")


@pytest.fixture
def many(live, service):
    """More than two pages; all have the same reference, which looks like an id."""
    template, reference = live.template(service), str(uuid4())
    made = [
        a_notification(service_id=service.id, template_id=template.id, reference=reference, status=Status.DELIVERED)
        for _ in range(501)
    ]
    with live.container.work()() as work:
        work.notifications.add_many(made)
        work.commit()
    return reference, {str(one.id) for one in made}


def test_lists(client, many):
    reference, identities = many
    page = client.get_all_notifications(status="delivered", template_type="sms", reference=reference, include_jobs=True)
    assert len(page["notifications"]) == 250
    older = client.get_all_notifications(older_than=page["notifications"][-1]["id"])["notifications"]
    assert len(older) == 250
    assert {one["id"] for one in (*page["notifications"], *older)} < identities
    assert client.get_all_notifications(status=["created", "failed"])["notifications"] == []


def test_the_iterator_reaches_every_one_once(client, many):
    reference, identities = many
    found = [one["id"] for one in client.get_all_notifications_iterator(status="delivered", reference=reference)]
    assert len(found) == 501
    assert set(found) == identities
    assert list(client.get_all_notifications_iterator(status="failed")) == []


def refusal(call, *given, **named):
    with pytest.raises(HTTPError) as caught:
        call(*given, **named)
    return caught.value.status_code, caught.value.message


def test_errors(live, service, client, client_of):
    template = live.template(service, "Hello ((name))")

    assert refusal(client.send_sms_notification, "0770", str(template.id), {"name": "x"}) == (
        400,
        [{"error": "ValidationError", "message": "phone_number Not enough digits"}],
    )
    assert refusal(client.send_sms_notification, "07700900123", str(template.id)) == (
        400,
        [{"error": "BadRequestError", "message": "Missing personalisation: name"}],
    )
    assert refusal(client.get_notification_by_id, str(uuid4())) == (
        404,
        [{"error": "NoResultFound", "message": "No result found"}],
    )
    revoked = live.key(service, revoked_at=live.container.clock().now())
    assert refusal(client_of(revoked).get_all_templates) == (
        403,
        [{"error": "AuthError", "message": "Invalid token: API key revoked"}],
    )
    team = client_of(live.key(service, key_type=KeyType.TEAM))
    status, errors = refusal(team.send_sms_notification, "07700900123", str(template.id), {"name": "x"})
    assert (status, errors[0]["message"]) == (400, "Can\u2019t send to this recipient using a team-only API key")


def test_a_body_that_is_too_large(client):
    status, _ = refusal(client.post, "/v2/notifications/sms", {"personalisation": "x" * (10 * 1024 * 1024)})
    assert status == 413
