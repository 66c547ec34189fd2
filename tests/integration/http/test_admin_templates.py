"""Templates, as an admin application writes them."""

from uuid import uuid4

import pytest

TEXT = {"name": "Book ready", "type": "sms", "content": "Dear ((name))"}


@pytest.fixture
def service(notify):
    return notify.service(name="Library")


@pytest.fixture
def root(service):
    return f"/service/{service.id}/templates"


@pytest.fixture
def ada(notify, service):
    return notify.member(service, name="Ada", email_address="ada@example.gov.uk")


def told(answer, status=400):
    assert answer.status_code == status, answer.data
    assert set(answer.json) == {"result", "message"}
    return answer.json["message"]


@pytest.fixture
def made(notify, root, ada):
    answer = notify.admin("POST", root, {**TEXT, "created_by": str(ada.id)})
    assert answer.status_code == 201, answer.data
    return answer.json


def test_a_template_is_written(notify, root, service, made):
    assert made == {
        "id": made["id"],
        "service_id": str(service.id),
        **TEXT,
        "version": 1,
        "subject": None,
        "process_type": "normal",
        "postage": None,
        "letter_contact_block": None,
        "has_unsubscribe_link": False,
        "archived": False,
        "created_at": made["created_at"],
        "updated_at": None,
        "created_by": "ada@example.gov.uk",
    }
    assert notify.admin("GET", f"{root}/{made['id']}").json == made
    assert notify.admin("GET", root).json == {"templates": [made]}
    read = notify.get(f"/v2/template/{made['id']}", notify.key(service)).json
    assert (read["body"], read["created_by"]) == ("Dear ((name))", "ada@example.gov.uk")


def test_other_content_makes_the_next_version(notify, root, service, made):
    changed = notify.admin("POST", f"{root}/{made['id']}", {"content": "Hello ((name))", "version": 1}).json
    assert (changed["version"], changed["content"], changed["created_by"]) == (2, "Hello ((name))", None)
    versions = notify.admin("GET", f"/service/{service.id}/template/{made['id']}/versions").json["data"]
    assert [(one["version"], one["body"]) for one in versions] == [(2, "Hello ((name))"), (1, "Dear ((name))")]
    # Messages are made of it at once: what this process changes it reads anew.
    body = {"phone_number": "07700900123", "template_id": made["id"], "personalisation": {"name": "Zoë"}}
    assert notify.post("/v2/notifications/sms", body, notify.key(service)).json["content"]["body"] == "Hello Zoë"


def test_of_two_who_change_one_version_the_second_is_told(notify, root, made):
    path = f"{root}/{made['id']}"
    assert notify.admin("POST", path, {"content": "first", "version": 1}).status_code == 200
    said = told(notify.admin("POST", path, {"content": "second", "version": 1}), 409)
    assert said == "Template has been changed meanwhile: its version is 2"
    assert notify.admin("GET", path).json["content"] == "first"


def test_of_an_archived_template_no_messages_are_made(notify, root, service, made):
    archived = notify.admin("POST", f"{root}/{made['id']}/archive", {}).json
    assert archived["archived"]
    assert notify.admin("GET", root).json == {"templates": []}
    assert notify.admin("GET", f"{root}?archived=true").json == {"templates": [archived]}
    assert notify.admin("GET", f"{root}?archived=true&type=email").json == {"templates": []}
    body = {"phone_number": "07700900123", "template_id": made["id"], "personalisation": {"name": "Zoë"}}
    answer = notify.post("/v2/notifications/sms", body, notify.key(service))
    assert [error["message"] for error in answer.json["errors"]] == ["Template has been deleted"]
    assert not notify.admin("POST", f"{root}/{made['id']}", {"archived": False}).json["archived"]


def test_an_email_has_a_subject_and_may_end_with_a_link(notify, root):
    email = {**TEXT, "type": "email"}
    assert told(notify.admin("POST", root, email)) == "subject: is missing"
    made = notify.admin("POST", root, {**email, "subject": "Your book", "has_unsubscribe_link": True}).json
    assert (made["subject"], made["has_unsubscribe_link"]) == ("Your book", True)
    said = told(notify.admin("POST", root, {**TEXT, "has_unsubscribe_link": True}))
    assert said == "a template of type sms has no unsubscribe link"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"type": "fax"}, "type fax is not one of [sms, email, letter, broadcast]"),
        ({"content": " "}, "content   does not match"),
        ({"subject": "Your book"}, "subject: a template of type sms has none"),
        ({"process_type": "fast"}, "process_type fast is not one of [normal, priority]"),
        ({"postage": "third"}, "postage third is not one of [first, second, economy"),
        ({"version": 1}, "Additional properties are not allowed (version was unexpected)"),
    ],
)
def test_what_is_refused_makes_none(notify, root, changes, message):
    assert told(notify.admin("POST", root, TEXT | changes)).startswith(message)
    assert notify.admin("GET", root).json == {"templates": []}


def test_what_there_is_not(notify, root, service, made):
    unknown = uuid4()
    for method, path, body in (("GET", "", None), ("POST", "", {"name": "Book"}), ("POST", "/archive", {})):
        said = told(notify.admin(method, f"{root}/{unknown}{path}", body), 404)
        assert said == f"service {service.id} has no template {unknown}"
    elsewhere = f"/service/{notify.service().id}/templates/{made['id']}"
    assert told(notify.admin("POST", elsewhere, {"name": "Book"}), 404).endswith(f"has no template {made['id']}")
    assert told(notify.admin("GET", f"{root}?type=fax")).startswith("type fax is not one of")
