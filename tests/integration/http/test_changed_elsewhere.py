"""What another process changes (`notify provision`, `notify keys`, another API process) while this one serves."""

from dataclasses import replace
from uuid import uuid4

import pytest

from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.accounts.use_cases.api_keys import RevokeApiKey
from notify_core.testing.builders import an_api_key
from notify_core.testing.fakes.clock import FakeClock
from tests.integration.waiting import eventually


@pytest.fixture
def elsewhere(notify):
    return SqlStorage(notify.container.engine(), notify.container.secrets())


@pytest.fixture
def service(notify):
    return notify.service()


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def template(notify, service):
    return notify.template(service, "Hello")


@pytest.fixture
def send(notify, key, template):
    body = {"phone_number": "07700900123", "template_id": str(template.id)}
    return lambda by=key: notify.post("/v2/notifications/sms", body, by)


def put(storage, thing):
    with storage() as work:
        (work.api_keys if hasattr(thing, "key_type") else work.templates).put(thing)
        work.commit()


def test_a_key_that_is_revoked_elsewhere_soon_opens_nothing(notify, elsewhere, send, key):
    assert send().status_code == 201
    RevokeApiKey(elsewhere, FakeClock())(key.id)
    refused = eventually(lambda: (answer := send()).status_code == 403 and answer, "the revoked key still opens")
    assert refused.json["errors"] == [{"error": "AuthError", "message": "Invalid token: API key revoked"}]


def test_a_key_that_is_revoked_here_opens_nothing_at_once(notify, send, key):
    assert send().status_code == 201
    notify.container.revoke_api_key()(key.id)
    assert send().status_code == 403


def test_a_key_that_is_made_elsewhere_opens_at_once(elsewhere, service, send):
    assert send().status_code == 201
    new = an_api_key(service_id=service.id, secret=str(uuid4()))
    assert send(new).status_code == 403
    put(elsewhere, new)
    assert send(new).status_code == 201


def test_a_template_that_is_changed_elsewhere_is_soon_sent(elsewhere, send, template):
    assert send().json["content"]["body"] == "Hello"
    put(elsewhere, replace(template, version=2, content="Good morning"))
    sent = eventually(lambda: (answer := send()).json["template"]["version"] == 2 and answer, "still the old version")
    assert sent.json["content"]["body"] == "Good morning"


def test_a_template_that_is_changed_here_is_sent_at_once(notify, send, template):
    assert send().json["content"]["body"] == "Hello"
    notify.put(replace(template, version=2, content="Good morning"))
    assert send().json["content"]["body"] == "Good morning"
