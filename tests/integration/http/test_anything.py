"""Whatever comes, from anybody: an answer, and never one that says that we failed."""

import json
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notify_core.accounts.model import Permission
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import SKEGNESS

ANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
RAW = settings(ANY, max_examples=40)

words = st.text(st.characters(), max_size=20)
# Also halves of surrogate pairs, which JSON can write.
texts = st.one_of(words, st.text(st.characters(categories=["Cs", "Cc", "L", "N"]), max_size=8))
numbers = st.one_of(st.integers(), st.floats(allow_nan=True), st.sampled_from([10**400, -(10**400), 1e308, 5e-324]))
scalars = st.one_of(st.none(), st.booleans(), numbers, texts, st.uuids().map(str), st.datetimes().map(str))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=8,
)


class Target:
    """An endpoint with a body that it takes."""

    def __init__(self, path, token, body):
        self.path, self.token, self.body = path, token, body


@pytest.fixture
def targets(notify, tokens, admin_secrets):
    service = notify.service(rate_limit=10**6, permissions=frozenset(Permission))
    key = notify.token(notify.key(service))
    text, email = notify.template(service), notify.email_template(service)
    letter = notify.template(service, type=TemplateType.LETTER, subject="About ((name))")
    address = {"address_line_1": "Grace", "address_line_2": "1 High Street", "address_line_3": "SW1A 1AA"}
    broadcasting = notify.broadcasting_service(rate_limit=10**6)
    user = str(notify.member(broadcasting).id)
    alert = notify.template(broadcasting, "The ((river)) rises", type=TemplateType.BROADCAST)
    admin = tokens("notify-admin", admin_secrets[0])
    root = f"/service/{broadcasting.id}/broadcast-message"
    written = {
        "service_id": str(broadcasting.id),
        "created_by": user,
        "content": "Leave",
        "reference": "1",
        "areas": ["Skegness"],
        "simple_polygons": [[list(pair) for pair in SKEGNESS]],
        "starts_at": "2030-01-01T00:00:00Z",
        "finishes_at": "2030-01-01T00:00:00Z",
    }
    message = notify.admin("POST", root, written).json
    live = notify.admin("POST", root, written | {"finishes_at": None}).json
    for status, person in (("pending-approval", user), ("broadcasting", str(notify.member(broadcasting).id))):
        moved = notify.admin("POST", f"{root}/{live['id']}/status", {"status": status, "created_by": person})
        assert moved.status_code == 200, moved.data
    revision = notify.admin("POST", f"{root}/{live['id']}/revision", {"created_by": user, "content": "Stay"}).json
    common = {"personalisation": {"name": "Grace"}, "reference": "1", "scheduled_for": None}
    return {
        "sms": Target(
            "/v2/notifications/sms",
            key,
            {"phone_number": "07700900123", "template_id": str(text.id), **common},
        ),
        "email": Target(
            "/v2/notifications/email",
            key,
            {
                "email_address": "a@example.com",
                "template_id": str(email.id),
                **common,
                "one_click_unsubscribe_url": "https://example.com",
                "sanitise_content_for": ["name"],
            },
        ),
        "letter": Target(
            "/v2/notifications/letter",
            key,
            {"template_id": str(letter.id), "personalisation": {**address, "name": "Grace"}, "reference": "1"},
        ),
        "uploaded letter": Target(
            "/v2/notifications/letter", key, {"reference": "1", "content": "JVBERi0xLjc=", "postage": "first"}
        ),
        "preview": Target(f"/v2/template/{email.id}/preview", key, {"personalisation": {"name": "Grace"}}),
        "create": Target(root, admin, written),
        "create from template": Target(
            root,
            admin,
            {
                "service_id": str(broadcasting.id),
                "created_by": user,
                "template_id": str(alert.id),
                "personalisation": {"river": "Don"},
            },
        ),
        "edit": Target(
            f"{root}/{message['id']}",
            admin,
            {name: value for name, value in written.items() if name not in {"service_id", "reference"}},
        ),
        "status": Target(f"{root}/{message['id']}/status", admin, {"status": "draft", "created_by": user}),
        "revise": Target(
            f"{root}/{live['id']}/revision",
            admin,
            {name: written[name] for name in ("created_by", "content", "areas", "simple_polygons", "finishes_at")},
        ),
        "decide": Target(
            f"{root}/{live['id']}/revision/{revision['id']}/status", admin, {"status": "rejected", "created_by": user}
        ),
        "settings": Target(
            f"/service/{broadcasting.id}/set-as-broadcast-service",
            admin,
            {"broadcast_channel": "severe", "service_mode": "live", "provider_restriction": "ee"},
        ),
        "mmg": Target("/notifications/sms/mmg", None, {"CID": "1", "status": "3", "substatus": ""}),
        "firetext": Target("/notifications/sms/firetext", None, {"reference": "1", "status": "0"}),
        "ses": Target("/notifications/email/ses", None, {"Type": "Notification", "Message": "", "Signature": ""}),
        "cap": Target("/v2/broadcast", key, {}),
    }


NAMES = [
    "sms",
    "email",
    "letter",
    "uploaded letter",
    "preview",
    "create",
    "create from template",
    "edit",
    "status",
    "revise",
    "decide",
    "settings",
    "mmg",
    "firetext",
    "ses",
]


def check_answered(answer):
    assert answer.status_code < 500, (answer.status_code, answer.data)
    assert answer.json is not None


@pytest.mark.parametrize("name", NAMES)
def test_any_json_at_any_place(notify, targets, name):
    target = targets[name]

    @ANY
    @given(st.data())
    def ask(data):
        body = dict(target.body)
        optional = ["sms_sender_id", "email_reply_to_id", "template_id"]
        for field in data.draw(st.lists(st.sampled_from(sorted(body) + optional), max_size=2)):
            body[field] = data.draw(values)
        for field in data.draw(st.lists(st.sampled_from(sorted(body)), max_size=2, unique=True)):
            if data.draw(st.integers(0, 3)) == 0:
                del body[field]
        if isinstance(body.get("personalisation"), dict) and data.draw(st.booleans()):
            body["personalisation"] = body["personalisation"] | data.draw(st.dictionaries(texts, values, max_size=3))
        check_answered(notify.request("POST", target.path, target.token, json.dumps(body).encode()))

    ask()


@pytest.mark.parametrize("name", NAMES)
def test_any_json_instead(notify, targets, name):
    target = targets[name]

    @RAW
    @given(values)
    def ask(body):
        check_answered(notify.request("POST", target.path, target.token, json.dumps(body).encode()))

    ask()


@pytest.mark.parametrize("name", [*NAMES, "cap"])
def test_any_bytes(notify, targets, name):
    target = targets[name]
    valid = json.dumps(target.body).encode()

    @RAW
    @given(
        st.one_of(
            st.binary(max_size=200),
            st.tuples(st.integers(0, len(valid)), st.binary(max_size=5)).map(
                lambda cut: valid[: cut[0]] + cut[1] + valid[cut[0] :]
            ),
        ),
        st.sampled_from(["application/json", "application/cap+xml", "application/x-www-form-urlencoded", "text/plain"]),
    )
    def ask(body, content_type):
        answer = notify.request("POST", target.path, target.token, body, headers={"Content-Type": content_type})
        check_answered(answer)

    ask()


path_texts = st.text(st.characters(exclude_characters="/?#", exclude_categories=["Cs"]), min_size=1, max_size=20)


@pytest.mark.parametrize(
    "rule",
    [
        "/v2/notifications/{}",
        "/v2/notifications/{}/pdf",
        "/v2/notifications?{}",
        "/v2/notifications?status={}&older_than={}&reference={}",
        "/v2/template/{}",
        "/v2/template/{}/version/{}",
        "/v2/template/4f6d28b1-0000-4000-8000-000000000000/version/{}",
        "/v2/templates?type={}",
        "/service/{}/broadcast-message/{}",
        "/service/{}/set-as-broadcast-service",
        "/service/{}/broadcast-message/{}/revision/{}/status",
        "/{}",
    ],
)
def test_any_path(notify, targets, rule):
    token = targets["edit" if rule.startswith("/service") else "sms"].token

    @RAW
    @given(st.one_of(path_texts, st.integers().map(str), st.uuids().map(str)))
    def ask(text):
        check_answered(notify.request("GET", rule.replace("{}", text), token))

    ask()


@RAW
@given(header=st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=60), path=st.integers(0, 1))
def test_any_authorization(notify, header, path):
    where = ("/v2/templates", f"/service/{uuid4()}/broadcast-message")[path]
    for written in (header, f"Bearer {header}", f"Bearer a.{header}.b"):
        answer = notify.request("GET", where, headers={"Authorization": written})
        assert answer.status_code in {401, 403}
