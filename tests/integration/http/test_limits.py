"""What is larger, longer or deeper than anybody needs is refused in the API's own shape, and soon."""

import time
from base64 import b64encode

import pytest

MUCH = 2_000_000  # characters; a body may have ten million bytes


@pytest.fixture
def service(notify):
    return notify.service(rate_limit=10**6)


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def text(notify, service):
    return {"phone_number": "07700900123", "template_id": str(notify.template(service, "Hello").id)}


@pytest.fixture
def email(notify, service):
    return {"email_address": "a@example.com", "template_id": str(notify.email_template(service, "Hello", "Hi").id)}


@pytest.fixture
def soon():
    began = time.monotonic()
    yield
    # Far more than it takes; what is more than linear in two million characters takes minutes.
    assert time.monotonic() - began < 30


@pytest.mark.usefixtures("soon")
class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            pytest.param(b"[" * MUCH, id="open brackets"),
            pytest.param(b'{"a":' * 500_000, id="open braces"),
            pytest.param(b"[" * 100_000 + b"]" * 100_000, id="depth"),
            pytest.param(b'{"phone_number": ' + b"9" * 100_000 + b"}", id="a number of many digits"),
            pytest.param(b'"' + b"\\ud800" * 100_000 + b'"', id="halves of pairs"),
        ],
    )
    def test_json_that_cannot_be_read(self, notify, key, errors_of, body):
        errors_of(notify.post("/v2/notifications/sms", body, key), 400)

    @pytest.mark.parametrize(
        "changes",
        [
            {"phone_number": "0" * MUCH},
            {"phone_number": "+44" + " " * MUCH + "7700900123"},
            {"phone_number": "(" * MUCH},
            {"phone_number": "0" * MUCH + "7700900123"},
            {"reference": "r" * 1001},
            {"template_id": "0" * MUCH},
            {"personalisation": {"name": "n" * 1000}, "sms_sender_id": "s" * MUCH},
        ],
        ids=min,
    )
    def test_of_a_text(self, notify, key, text, errors_of, changes):
        errors_of(notify.post("/v2/notifications/sms", text | changes, key), 400)

    @pytest.mark.parametrize(
        "address",
        [
            "a" * MUCH + "@example.com",
            "a@" + "b." * (MUCH // 2) + "com",
            "@" * MUCH,
            "a@b.com " * 100_000,
            "\u200b" * 100_000 + "a@example.com",
        ],
        ids=["name", "host", "signs", "many", "nothing to see"],
    )
    def test_of_an_email(self, notify, key, email, errors_of, address):
        errors_of(notify.post("/v2/notifications/email", email | {"email_address": address}, key), 400)

    def test_an_address_to_unsubscribe_at(self, notify, key, email, errors_of):
        url = {"one_click_unsubscribe_url": "https://example.com/" + "x" * 2000}
        errors_of(notify.post("/v2/notifications/email", email | url, key), 400)

    def test_what_a_text_may_hold(self, notify, service, key, text, errors_of):
        long = {"template_id": str(notify.template(service, "((it))").id), "personalisation": {"it": "x" * MUCH}}
        (message,) = errors_of(notify.post("/v2/notifications/sms", text | long, key), 400)
        assert "918" in message

    def test_what_an_email_may_hold(self, notify, service, key, email, errors_of):
        long = {"template_id": str(notify.email_template(service, "((it))", "Hi").id)}
        long["personalisation"] = {"it": "x" * (MUCH + 1)}
        errors_of(notify.post("/v2/notifications/email", email | long, key), 400)

    def test_values_that_no_gap_asks_for(self, notify, key, text):
        values = {f"name {number}": "x" for number in range(50_000)}
        assert notify.post("/v2/notifications/sms", text | {"personalisation": values}, key).status_code == 201

    def test_a_letter_that_is_no_pdf(self, notify, service, key):
        content = b64encode(b"%PDF" + b"[" * MUCH).decode()
        answer = notify.post("/v2/notifications/letter", {"reference": "r", "content": content}, key)
        assert answer.status_code in {400, 403}


@pytest.mark.usefixtures("soon")
class TestHeadersAndQueries:
    @pytest.mark.parametrize("token", ["x" * MUCH, "." * MUCH, "a." * 100_000])
    def test_a_token(self, notify, token, errors_of):
        errors_of(notify.request("GET", "/v2/templates", token), 403)

    def test_a_key_of_idempotency(self, notify, key, text, errors_of):
        answer = notify.post("/v2/notifications/sms", text, key, headers={"Idempotency-Key": "k" * 256})
        errors_of(answer, 400)

    @pytest.mark.parametrize("name", ["status", "template_type", "older_than"])
    def test_what_a_list_is_asked(self, notify, key, name, errors_of):
        errors_of(notify.get(f"/v2/notifications?{name}={'x' * 100_000}", key), 400)

    def test_a_status_asked_for_many_times(self, notify, key):
        query = "&".join(["status=created"] * 20_000)
        assert notify.get(f"/v2/notifications?{query}", key).status_code in {200, 400}


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("path", ["/notifications/sms/mmg", "/notifications/sms/firetext", "/notifications/email/ses"])
def test_receipts(notify, path):
    for body in (b"[" * MUCH, b'{"CID": "' + b"x" * MUCH + b'"}', b"a=" + b"x" * MUCH):
        assert 400 <= notify.request("POST", path, body=body).status_code < 500
