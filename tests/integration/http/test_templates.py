from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from notify_core.templates.model import TemplateType
from notify_core.testing.builders import NOON


@pytest.fixture
def service(notify):
    return notify.service()


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def template(notify, service):
    return notify.template(service, "((First name)), ((first_name)) ((b??c))", created_by="ada@example.gov.uk")


@pytest.fixture
def email_template(notify, service):
    return notify.email_template(service, "# Dear ((name))", "About ((case))", name="A letter, as it were")


def test_a_text_message_template(notify, key, template):
    answer = notify.get(f"/v2/template/{template.id}", key)

    assert answer.json == {
        "id": str(template.id),
        "type": "sms",
        "created_at": "2026-01-05T12:00:00.000000Z",
        "updated_at": None,
        "created_by": "ada@example.gov.uk",
        "version": 1,
        "body": "((First name)), ((first_name)) ((b??c))",
        "subject": None,
        "name": "River rising",
        "personalisation": {"First name": {"required": True}, "b": {"required": True}},
        "postage": None,
        "letter_contact_block": None,
    }


def test_versions(notify, key, template):
    notify.put(replace(template, version=2, content="Changed", updated_at=NOON + timedelta(days=1)))
    path = f"/v2/template/{template.id}"

    assert notify.get(path, key).json["body"] == "Changed"
    assert notify.get(path, key).json["updated_at"] == "2026-01-06T12:00:00.000000Z"
    assert notify.get(f"{path}/version/1", key).json["body"] == template.content
    assert notify.get(f"{path}/version/2", key).json["version"] == 2


def test_what_is_not_there(notify, key, template, errors_of):
    of_another = notify.template(notify.service())
    paths = (
        f"/v2/template/{uuid4()}",
        f"/v2/template/{of_another.id}",
        f"/v2/template/{of_another.id}/version/1",
        f"/v2/template/{template.id}/version/2",
        f"/v2/template/{template.id}/version/2147483647",
    )
    for path in paths:
        assert errors_of(notify.get(path, key), 404, "NoResultFound") == ["No result found"]
    preview = notify.post(f"/v2/template/{of_another.id}/preview", {}, key)
    assert errors_of(preview, 404, "NoResultFound") == ["No result found"]


def test_deleted_ones_are_read_but_not_listed(notify, key, service):
    deleted = notify.template(service, archived=True)

    assert notify.get(f"/v2/template/{deleted.id}", key).status_code == 200
    assert notify.get("/v2/templates", key).json == {"templates": []}


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("0", "version 0 is less than the minimum of 1"),
        ("x", "version x is not of type integer"),
        ("1.0", "version 1.0 is not of type integer"),
        ("-1", "version -1 is not of type integer"),
        ("²", "version ² is not of type integer"),
        ("٣", "version ٣ is not of type integer"),
        ("2147483648", "version 2147483648 is greater than the maximum of 2147483647"),
        ("9" * 5000, f"version {'9' * 5000} is not of type integer"[:1999] + "…"),
    ],
)
def test_what_is_no_version(notify, key, errors_of, version, message):
    answer = notify.get(f"/v2/template/{uuid4()}/version/{version}", key)
    assert errors_of(answer, 400, "ValidationError") == [message]


def test_what_is_no_id(notify, key, errors_of):
    for answer in (
        notify.get("/v2/template/x", key),
        notify.get("/v2/template/x/version/1", key),
        notify.post("/v2/template/x/preview", {}, key),
    ):
        assert errors_of(answer, 400, "ValidationError") == ["id is not a valid UUID"]


@pytest.mark.usefixtures("template", "email_template")
def test_a_list(notify, key, service, errors_of):
    notify.template(service, name="Alert", type=TemplateType.BROADCAST)
    names = {"": ["A letter, as it were", "Alert", "River rising"], "?type=sms": ["River rising"], "?type=letter": []}

    for query, expected in names.items():
        assert [one["name"] for one in notify.get(f"/v2/templates{query}", key).json["templates"]] == expected
    assert errors_of(notify.get("/v2/templates?type=fax", key), 400, "ValidationError") == [
        "type fax is not one of [sms, email, letter]"
    ]
    assert errors_of(notify.get("/v2/templates?kind=sms", key), 400, "ValidationError") == [
        "Additional properties are not allowed (kind was unexpected)"
    ]


def test_a_preview_of_a_text(notify, key, template):
    answer = notify.post(
        f"/v2/template/{template.id}/preview", {"personalisation": {"first name": 1.5, "b": True}, "unknown": 1}, key
    )

    assert answer.status_code == 200
    assert answer.json == {
        "id": str(template.id),
        "type": "sms",
        "version": 1,
        "body": "1.5, 1.5 c",
        "subject": None,
        "postage": None,
    }


def test_a_preview_of_an_email(notify, key, email_template):
    answer = notify.post(
        f"/v2/template/{email_template.id}/preview", {"personalisation": {"name": "<b>", "case": "1"}}, key
    )

    assert set(answer.json) == {"id", "type", "version", "body", "subject", "html", "postage"}
    assert (answer.json["body"], answer.json["subject"]) == ("# Dear <b>", "About 1")
    assert "Dear &lt;b&gt;" in answer.json["html"]


def test_a_preview_of_a_letter(notify, key, service):
    letter = notify.template(
        service, "Dear ((name))", type=TemplateType.LETTER, subject="About ((case))", postage="second"
    )
    answer = notify.post(f"/v2/template/{letter.id}/preview", {"personalisation": {"name": "Grace", "case": 1}}, key)

    assert answer.json == {
        "id": str(letter.id),
        "type": "letter",
        "version": 1,
        "body": "Dear Grace",
        "subject": "About 1",
        "postage": "second",
    }


def test_previews_that_lack_something(notify, key, template, errors_of):
    path = f"/v2/template/{template.id}/preview"

    for body in ({}, {"personalisation": None}, {"personalisation": {}}):
        assert errors_of(notify.post(path, body, key), 400, "BadRequestError") == [
            "Missing personalisation: First name, b"
        ]
    assert errors_of(notify.post(path, {"personalisation": "x"}, key), 400, "ValidationError") == [
        "personalisation x is not of type object, null"
    ]
    assert errors_of(notify.post(path, b"", key), 400, "BadRequestError") == ["Invalid JSON supplied in POST data"]


class TestHistory:
    """The published Python client asks for it at an internal endpoint, with its service's token."""

    @pytest.fixture
    def path(self, service, template):
        return f"/service/{service.id}/template/{template.id}/versions"

    def test_every_version_the_newest_first(self, notify, key, template, path):
        notify.put(replace(template, version=2, content="Changed"))
        answer = notify.get(path, key)

        assert answer.status_code == 200
        assert [one["version"] for one in answer.json["data"]] == [2, 1]
        assert answer.json["data"][1] == notify.get(f"/v2/template/{template.id}/version/1", key).json
        assert notify.admin("GET", path).json == answer.json

    def test_of_another_service_only_for_the_admin_application(self, notify, key):
        other = notify.service()
        path = f"/service/{other.id}/template/{notify.template(other).id}/versions"

        assert notify.get(path, key).status_code == 404
        assert notify.admin("GET", path).status_code == 200

    def test_of_a_template_nobody_knows(self, notify, key, service):
        answer = notify.get(f"/service/{service.id}/template/{uuid4()}/versions", key)
        assert (answer.status_code, answer.json["result"]) == (404, "error")

    def test_without_a_good_token(self, notify, key, path, tokens):
        assert notify.request("GET", path).status_code == 401
        assert notify.request("GET", path, tokens("notify-admin", key.secret)).status_code == 401
        assert notify.request("GET", path, tokens(key.service_id, str(uuid4()))).status_code == 403
