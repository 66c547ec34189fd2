"""What is refused alike for texts and emails."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from notify_core.accounts.model import KeyType, Permission

CHANNELS = {
    "sms": {"recipient": ("phone_number", "07700900123"), "plural": "text messages"},
    "email": {"recipient": ("email_address", "grace@example.gov.uk"), "plural": "emails"},
}


class Channel:
    def __init__(self, notify, name):
        self.notify, self.name = notify, name
        self.path = f"/v2/notifications/{name}"
        self.field, self.recipient = CHANNELS[name]["recipient"]
        self.plural = CHANNELS[name]["plural"]
        self.service = notify.service()
        self.key = notify.key(self.service)
        self.template = self.new_template("Hello ((First name)) ((surname))")
        self.body = {
            self.field: self.recipient,
            "template_id": str(self.template.id),
            "personalisation": {"first_name": "Grace", "SURNAME": "Hopper"},
        }

    def new_template(self, content="Hello", service=None, **changes):
        make = self.notify.template if self.name == "sms" else self.notify.email_template
        subject = {} if self.name == "sms" else {"subject": "Hello"}
        return make(service or self.service, content, **subject, **changes)

    def send(self, key=None, without=(), **changes):
        body = {name: value for name, value in (self.body | changes).items() if name not in without}
        return self.notify.post(self.path, body, key or self.key)

    def raw(self, data, **how):
        return self.notify.request("POST", self.path, self.notify.token(self.key), data, **how)


@pytest.fixture(params=list(CHANNELS))
def channel(request, notify):
    return Channel(notify, request.param)


def iso(moment):
    return moment.isoformat()


def test_all_that_is_missing_is_said_at_once(channel, errors_of):
    assert errors_of(channel.send(without=(channel.field, "template_id")), 400, "ValidationError") == [
        f"{channel.field} is a required property",
        "template_id is a required property",
    ]


def test_unknown_keys(channel, errors_of):
    assert errors_of(channel.send(extra=1), 400, "ValidationError") == [
        "Additional properties are not allowed (extra was unexpected)"
    ]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("template_id", "nope", "template_id is not a valid UUID"),
        ("template_id", "{4f6d28b1-0000-4000-8000-000000000000}", "template_id is not a valid UUID"),
        ("template_id", 5, "template_id 5 is not of type string"),
        ("template_id", 1.50, "template_id 1.5 is not of type string"),
        ("template_id", None, "template_id None is not of type string"),
        ("personalisation", "Grace", "personalisation Grace is not of type object"),
        ("personalisation", [], "personalisation [] is not of type object"),
        ("reference", 5, "reference 5 is not of type string, null"),
        ("reference", "a\0b", "reference contains characters that cannot be kept"),
        ("reference", "half \ud83d", "reference contains characters that cannot be kept"),
        ("reference", "x" * 1001, f"reference {'x' * 1001} is too long"),
        ("scheduled_for", 5, "scheduled_for 5 is not of type string, null"),
        (
            "scheduled_for",
            "tomorrow",
            (
                "scheduled_for datetime format is invalid. It must be a valid ISO8601 date time format, "
                "https://en.wikipedia.org/wiki/ISO_8601"
            ),
        ),
        ("scheduled_for", "2020-01-01T00:00:00Z", "scheduled_for datetime can not be in the past"),
        (
            "scheduled_for",
            "2999-01-01T00:00:00Z",
            "scheduled_for datetime can only be 24 hours in the future",
        ),
        (
            "scheduled_for",
            "9999-12-31T23:59:59-23:59",
            (
                "scheduled_for datetime format is invalid. It must be a valid ISO8601 date time format, "
                "https://en.wikipedia.org/wiki/ISO_8601"
            ),
        ),
    ],
)
def test_wrong_values(channel, errors_of, name, value, message):
    assert errors_of(channel.send(**{name: value}), 400, "ValidationError") == [message]


def test_a_number_for_a_recipient(channel, errors_of):
    assert errors_of(channel.send(**{channel.field: 7700900123}), 400, "ValidationError") == [
        f"{channel.field} 7700900123 is not of type string"
    ]


def test_a_long_fault_is_quoted_in_part(channel, errors_of):
    (message,) = errors_of(channel.send(reference="x" * 5000), 400)
    assert len(message) == 2000


def test_the_longest_reference(channel):
    assert channel.send(reference="x" * 1000).status_code == 201


def test_nulls_for_what_may_be_left_out(channel):
    assert channel.send(reference=None, scheduled_for=None).status_code == 201


def test_a_schedule_is_answered_and_kept(channel):
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=23)
    answer = channel.send(scheduled_for=iso(due))

    assert answer.status_code == 201
    assert answer.json["scheduled_for"] == due.strftime("%Y-%m-%dT%H:%M:%S.000000Z")
    assert channel.notify.drain() == 0
    channel.notify.make_due()
    assert channel.notify.drain() == 1


def test_the_clock_of_the_platform_says_what_is_past(channel, errors_of):
    now = datetime.now(UTC)

    class Yesterday:
        def now(self):
            return now - timedelta(days=1)

        monotonic = staticmethod(channel.notify.container.clock().monotonic)

    accept = getattr(channel.notify.container, f"accept_{channel.name}")
    with accept.override(replace(accept(), clock=Yesterday())):
        assert channel.send(scheduled_for=iso(now - timedelta(hours=1))).status_code == 201
        assert errors_of(channel.send(scheduled_for=iso(now + timedelta(hours=1)))) == [
            "scheduled_for datetime can only be 24 hours in the future"
        ]


def test_a_template_nobody_knows(channel, errors_of):
    another = channel.notify.service()
    of_another = channel.new_template(service=another)

    for unknown in (uuid4(), of_another.id):
        assert errors_of(channel.send(template_id=str(unknown)), 400, "BadRequestError") == ["Template not found"]


def test_a_deleted_template(channel, errors_of):
    deleted = channel.new_template(archived=True)
    assert errors_of(channel.send(template_id=str(deleted.id)), 400, "BadRequestError") == ["Template has been deleted"]


def test_a_template_for_something_else(channel, errors_of):
    other = "email" if channel.name == "sms" else "sms"
    make = channel.notify.email_template if other == "email" else channel.notify.template
    wrong = make(channel.service)
    assert errors_of(channel.send(template_id=str(wrong.id)), 400, "BadRequestError") == [
        f"{other} template is not suitable for {channel.name} notification"
    ]


def test_missing_personalisation_in_the_templates_order(channel, errors_of):
    for given in ({"unused": 1}, {"surname": None, "First name": None}):
        assert errors_of(channel.send(personalisation=given), 400, "BadRequestError") == [
            "Missing personalisation: First name, surname"
        ]
    assert errors_of(channel.send(without=("personalisation",)), 400, "BadRequestError") == [
        "Missing personalisation: First name, surname"
    ]


def test_a_team_key_reaches_the_team_only(channel, errors_of):
    key = channel.notify.key(channel.service, key_type=KeyType.TEAM)
    channel.notify.member(channel.service, email_address="Ada@example.gov.uk", mobile_number="07700 900001")

    assert errors_of(channel.send(key), 400, "BadRequestError") == [
        "Can\u2019t send to this recipient using a team-only API key"
    ]
    member = {"sms": "+447700900001", "email": "ada@example.gov.uk"}[channel.name]
    assert channel.send(key, **{channel.field: member}).status_code == 201


def test_trial_mode_reaches_the_team_only(channel, errors_of):
    channel.notify.put(replace(channel.service, restricted=True))

    assert errors_of(channel.send(), 400, "BadRequestError") == [
        (
            "Can\u2019t send to this recipient when service is in trial mode "
            "\u2013 see https://www.notifications.service.gov.uk/trial-mode"
        )
    ]


def test_the_permission(channel, errors_of):
    other = Permission.EMAIL if channel.name == "sms" else Permission.SMS
    channel.notify.put(replace(channel.service, permissions=frozenset({other})))

    assert errors_of(channel.send(), 400, "BadRequestError") == [f"Service is not allowed to send {channel.plural}"]


@pytest.mark.parametrize(
    ("key_type", "word"), [(KeyType.NORMAL, "LIVE"), (KeyType.TEAM, "TEAM"), (KeyType.TEST, "TEST")]
)
def test_too_many_requests(channel, errors_of, key_type, word):
    channel.notify.put(replace(channel.service, rate_limit=2))
    key = channel.notify.key(channel.service, key_type=key_type)
    other_type = KeyType.TEST if key_type is KeyType.NORMAL else KeyType.NORMAL
    channel.send(key)
    channel.send(key)

    answer = channel.send(key)

    assert errors_of(answer, 429, "RateLimitError") == [
        f"Exceeded rate limit for key type {word} of 2 requests per 60 seconds"
    ]
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert channel.send(channel.notify.key(channel.service, key_type=other_type)).status_code == 201


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe\xfa",
        b'{"phone_number": NaN}',
        b'{"phone_number": -Infinity}',
        b'{"reference": ' + b"9" * 5000 + b"}",
        b'{"reference": 1e99999999999999999999}',
        b"[" * 100_000,
        b'{"reference": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_json_we_read(channel, errors_of, data):
    assert errors_of(channel.raw(data), 400, "BadRequestError") == ["Invalid JSON supplied in POST data"]


@pytest.mark.parametrize("depth", [50, 200, 400, 600, 800, 1000])
def test_deep_json_is_a_fault_of_the_sender(channel, depth):
    body = json.dumps(channel.body).removesuffix("}").encode()
    for name in (b"reference", b"personalisation", b"extra"):
        answer = channel.raw(body + b', "' + name + b'": ' + b"[" * depth + b"]" * depth + b"}")
        assert answer.status_code == 400
    answer = channel.raw(body + b', "personalisation": {"name": ' + b"[" * depth + b"]" * depth + b"}}")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("data", "written"), [(b"[]", "[]"), (b"5", "5"), (b"1.50", "1.50"), (b'"a"', "a"), (b"null", "None")]
)
def test_json_that_is_no_object(channel, errors_of, data, written):
    assert errors_of(channel.raw(data), 400, "ValidationError") == [f"{written} is not of type object"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "", "nonsense;;"])
def test_the_content_type_does_not_matter(channel, content_type):
    answer = channel.raw(json.dumps(channel.body).encode(), headers={"Content-Type": content_type})
    assert answer.status_code == 201


def test_a_body_of_more_than_10_megabytes(channel, errors_of):
    assert errors_of(channel.raw(b" " * (10 * 1024 * 1024 + 1)), 413)
    (message,) = errors_of(channel.raw(b" " * (10 * 1024 * 1024)), 400)
    assert message == "Invalid JSON supplied in POST data"


def test_many_faults_are_not_all_told(channel, errors_of):
    field = {"sanitise_content_for": list(range(5000))} if channel.name == "email" else {}
    unknown = {f"unknown{number}": 1 for number in range(5000)}
    messages = errors_of(channel.send(**field, **unknown))
    assert len(messages) <= 20
    assert all(len(message) <= 2000 for message in messages)


def test_nothing_is_kept_of_what_is_refused(channel):
    channel.send(extra=1)
    channel.send(personalisation={})

    assert channel.notify.rows() == []
    assert channel.notify.get("/v2/notifications", channel.key).json["notifications"] == []
