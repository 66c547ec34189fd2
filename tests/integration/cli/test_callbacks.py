"""A service that refuses what it is told, as an operator sees it, and what he does about it."""

from uuid import uuid4

import pytest

from tests.integration.callback_server import SECRET, TOKEN, CallbackServer


@pytest.fixture
def server():
    made = CallbackServer()
    yield made
    made.close()


@pytest.fixture
def machine(machine):
    machine.environ["NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES"] = "true"
    return machine


@pytest.fixture
def service(migrated, server, make_account):
    callback = {
        "type": "delivery_status",
        "url": server.url.replace("//", "//somebody:hidden@"),
        "bearer_token": TOKEN,
        "secret": SECRET,
    }
    return make_account(callbacks=[callback])


def test_what_a_service_refused_is_shown_and_replayed(machine, service, server, eventually):
    server.status = 400
    with machine.serving():
        sent = service.send(1)
        eventually(lambda: machine.document("callbacks", "show", service.id)["failed"])
        shown = machine.document("callbacks", "show", service.id)
        (callback,) = shown["callbacks"]
        assert (callback["type"], callback["circuit"], callback["waiting"], callback["failed"]) == (
            "delivery_status",
            "closed",
            0,
            1,
        )
        (failed,) = shown["failed"]
        assert (failed["about"], failed["reason"]) == (sent, "CallbackRefused: answered 400")
        assert [attempt["status"] for attempt in failed["attempts"]] == [400]
        (attempt,) = shown["attempts"]
        assert (attempt["delivery"], attempt["problem"]) == (failed["id"], None)
        printed = machine.done("callbacks", "show", service.id)
        assert f"notify callbacks replay {service.id}" in printed
        assert failed["id"] in printed
        assert not any(word in printed + str(shown) for word in (TOKEN, SECRET, "900123", "hidden"))

        server.status = 204
        other = machine.document("callbacks", "replay", service.id, "--type", "complaint")
        assert other == {"replayed": [], "skipped": 0}
        done = machine.document("callbacks", "replay", service.id, "--delivery", failed["id"])
        assert done == {"replayed": [failed["id"]], "skipped": 0}
        eventually(lambda: server.told)
        assert server.ids == [failed["id"]] * 2
        assert machine.done("callbacks", "replay", service.id) == "There is nothing that failed.\n"
        assert machine.document("callbacks", "show", service.id)["failed"] == []


def test_several_are_replayed_at_once_and_counted(machine, service, server, eventually):
    server.status = 400
    with machine.serving():
        for number in range(2):
            service.send(number)
        eventually(lambda: len(machine.document("callbacks", "show", service.id)["failed"]) == 2)
    assert machine.done("callbacks", "replay", service.id) == "2 failed deliveries are due again.\n"
    assert machine.done("callbacks", "replay", service.id) == "There is nothing that failed.\n"


def test_a_service_without_callbacks(migrated, account):
    assert migrated.done("callbacks", "show", account.id) == "The service has no callbacks.\n"
    assert migrated.document("callbacks", "show", account.id) == {"callbacks": [], "failed": [], "attempts": []}


def test_a_service_that_there_is_not(migrated):
    assert migrated.refused("callbacks", "show", uuid4()).startswith("no service ")
    assert migrated.refused("callbacks", "replay", uuid4()).startswith("no service ")


def test_live_does_not_start_with_private_addresses(migrated):
    said = migrated.refused("check", NOTIFY_ENVIRONMENT="live", NOTIFY_ALLOW_FAKES="true")
    assert said.startswith("NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES=true is refused in live")
