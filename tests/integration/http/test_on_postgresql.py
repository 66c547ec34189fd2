"""Texts that SQLite keeps as they are, and PostgreSQL does not."""

import base64
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from notify_core.accounts.model import Permission
from notify_core.letters.policies.uploads import id_of_upload_template
from notify_core.templates.model import TemplateType
from tests.integration.uploads import an_upload

# Characters of four bytes, in an order that leaves nothing to compress.
LONGEST_REFERENCE = "".join(chr(0x20000 + number * 7919 % 40_000) for number in range(1000))
UNUSUAL = pytest.mark.parametrize("unusual", ["a\0b", "half \ud83d"], ids=["a zero", "half a pair"])


@pytest.fixture
def database_url(postgresql_server, postgresql_template):
    with postgresql_server.database(postgresql_template) as url:
        yield url


@pytest.fixture
def notify(database_url, make_notify):
    notify = make_notify(NOTIFY_DATABASE_URL=database_url)
    yield notify
    notify.container.wake().close()


@pytest.fixture
def service(notify):
    return notify.service()


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def send(notify, service, key):
    template = notify.template(service, "Hello ((name))")

    def post(**changes):
        body = {"phone_number": "07700900123", "template_id": str(template.id), "personalisation": {"name": "Grace"}}
        return notify.post("/v2/notifications/sms", body | changes, key)

    return post


def test_the_longest_reference_is_kept_and_found(notify, send, key):
    sent = send(reference=LONGEST_REFERENCE)
    assert sent.status_code == 201
    assert send(reference=LONGEST_REFERENCE[:-1]).status_code == 201
    listed = notify.get("/v2/notifications", key, query_string={"reference": LONGEST_REFERENCE})
    assert [one["id"] for one in listed.json["notifications"]] == [sent.json["id"]]


@UNUSUAL
def test_values_are_cleaned_before_they_are_kept(notify, send, unusual):
    sent = send(personalisation={"name": unusual, unusual: "unused"})
    assert sent.status_code == 201
    assert notify.stored(sent).personalisation["name"] in {"ab", "half \ufffd"}


@UNUSUAL
def test_values_of_a_broadcast_too(notify, unusual):
    service = notify.broadcasting_service()
    template = notify.template(service, "The ((river)) rises", type=TemplateType.BROADCAST)
    root = f"/service/{service.id}/broadcast-message"
    body = {
        "service_id": str(service.id),
        "created_by": str(notify.member(service).id),
        "template_id": str(template.id),
        "personalisation": {"river": unusual, f"River {unusual}": "unused"},
        "areas": ["Skegness"],
    }
    made = notify.admin("POST", root, body)
    assert made.status_code == 201, made.data
    assert notify.admin("GET", f"{root}/{UUID(made.json['id'])}").json == made.json


def test_the_first_two_uploads_of_a_service_may_come_at_the_same_moment(notify):
    service = notify.service(permissions=frozenset({Permission.LETTER}))
    key = notify.key(service)
    begin = Barrier(4)

    def upload(number):
        begin.wait(30)
        body = {"reference": f"{number}", "content": base64.b64encode(an_upload()).decode()}
        return notify.post("/v2/notifications/letter", body, key).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(upload, range(4))) == [201] * 4
    listed = notify.get("/v2/notifications?template_type=letter", key).json["notifications"]
    assert {one["template"]["id"] for one in listed} == {str(id_of_upload_template(service.id))}
    assert len(listed) == 4
