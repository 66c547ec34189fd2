import json
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from notify_adapters.email.fake import FakeEmailNetwork
from notify_adapters.email.fake_certificate import FakeCertificate

MMG, FIRETEXT, SES = "/notifications/sms/mmg", "/notifications/sms/firetext", "/notifications/email/ses"


@pytest.fixture
def service(notify):
    return notify.service()


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def status(notify, key):
    def read(identity):
        return notify.get(f"/v2/notifications/{identity}", key).json["status"]

    return read


@pytest.fixture
def accept_text(notify, service, key):
    def post():
        body = {"phone_number": "07700900123", "template_id": str(notify.template(service, "Hi").id)}
        return notify.post("/v2/notifications/sms", body, key).json["id"]

    return post


@pytest.fixture
def text(notify, accept_text):
    """A text message that the supplier has taken."""
    identity = accept_text()
    notify.drain()
    return identity


@pytest.fixture
def post(notify):
    def deliver(path, body, status=200):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = notify.request("POST", path, body=data, headers={"Content-Type": "application/json"})
        assert answer.status_code == status, answer.data
        notify.drain()
        return answer.json

    return deliver


def mmg(reference, code="3"):
    return {"CID": reference, "MSISDN": "447700900123", "status": code, "substatus": ""}


def firetext(**form):
    return urlencode({"mobile": "447700900123", "time": "2026-01-05 12:00:00"} | form).encode()


@pytest.mark.parametrize(
    ("code", "becomes"),
    [
        ("3", "delivered"),
        ("2", "permanent-failure"),
        ("4", "temporary-failure"),
        ("5", "permanent-failure"),
        ("99", "technical-failure"),
    ],
)
def test_mmg(post, text, status, code, becomes):
    assert status(text) == "sending"
    assert post(MMG, mmg(text, code)) == {"result": "success"}
    assert status(text) == becomes


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ({"status": "0", "code": "000"}, "delivered"),
        ({"status": "2", "code": "000"}, "pending"),
        ({"status": "1", "code": "101"}, "permanent-failure"),
        ({"status": "1", "code": "102"}, "temporary-failure"),
        ({"status": "1"}, "permanent-failure"),
    ],
)
def test_firetext(make_notify, given, becomes):
    notify = make_notify("firetext", NOTIFY_SMS_FAKE_DIALECT="firetext")
    service = notify.service()
    key = notify.key(service)
    body = {"phone_number": "07700900123", "template_id": str(notify.template(service, "Hi").id)}
    identity = notify.post("/v2/notifications/sms", body, key).json["id"]
    notify.drain()

    answer = notify.request(
        "POST",
        FIRETEXT,
        body=firetext(reference=identity, **given),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    notify.drain()

    assert (answer.status_code, answer.json) == (200, {"result": "success"})
    assert notify.get(f"/v2/notifications/{identity}", key).json["status"] == becomes


def test_repeated_and_late_receipts_change_nothing(post, text, status):
    for code in ("3", "3", "5", "4"):
        post(MMG, mmg(text, code))
    assert status(text) == "delivered"


def test_a_receipt_that_overtakes_the_record(notify, accept_text, status):
    identity = accept_text()
    assert notify.request("POST", MMG, body=mmg(identity)).status_code == 200

    # Both, the delivery and the receipt, are waiting; whichever is first, the end is the same.
    notify.drain()
    notify.make_due()
    notify.drain()

    assert status(identity) == "delivered"
    assert notify.rows() == []


def test_a_receipt_of_what_nobody_knows_is_looked_for_twice(notify, post):
    post(MMG, mmg(str(uuid4())))
    (row,) = notify.rows()
    assert row.arguments["second_look"] is True
    notify.make_due()
    notify.drain()
    assert notify.rows() == []


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        (MMG, b"", "MMG callback failed: it is not JSON"),
        (MMG, b"[" * 100_000, "MMG callback failed: it is not JSON"),
        (MMG, b"\xff\xfe\xfa", "MMG callback failed: it is not JSON"),
        (MMG, b"[]", "MMG callback failed: it is not a JSON object"),
        (MMG, b"{}", "MMG callback failed: CID missing, status missing"),
        (MMG, b'{"CID": "1"}', "MMG callback failed: status missing"),
        (MMG, mmg("a\0b"), "mmg callback failed: reference contains characters that cannot be kept"),
        (MMG, mmg("half \ud83d"), "mmg callback failed: reference contains characters that cannot be kept"),
        (MMG, mmg("x" * 100_000), "mmg callback failed: reference is longer than 255 characters"),
        (MMG, mmg("1", "3\0"), "mmg callback failed: status contains characters that cannot be kept"),
        (FIRETEXT, b"reference=%00&status=0", "firetext callback failed: reference contains characters"),
        (FIRETEXT, b"", "Firetext callback failed: reference missing, status missing"),
        (FIRETEXT, b"\xff=\xff", "Firetext callback failed: it is not a form"),
        (FIRETEXT, b"a=b&" * 1000, "Firetext callback failed: it is not a form"),
        (SES, b"nonsense", "SES callback failed: it is not JSON"),
        (SES, b"[]", "SES callback failed: it is not a JSON object"),
        (SES, b'{"Type": "Notification"}', "SES callback failed: Message missing, MessageId missing"),
    ],
)
def test_garbage(notify, post, path, body, says):
    answer = post(path, body, 400)

    assert answer["result"] == "error"
    assert answer["message"].startswith(says)
    assert notify.rows() == []


@pytest.mark.parametrize("path", ["/notifications/sms/unknown", "/notifications/email/mmg", "/notifications/sms/ses"])
def test_unknown_suppliers(post, path):
    assert post(path, {}, 404)["result"] == "error"


def test_a_body_of_more_than_10_megabytes(post):
    assert post(MMG, b" " * (10 * 1024 * 1024 + 1), 413)["result"] == "error"


class TestEmail:
    @pytest.fixture
    def network(self, notify):
        """The fake's, with its key; nothing is brought to the platform but by the test."""
        return FakeEmailNetwork(notify.email_network, FakeCertificate(notify.data_dir), "http://unused")

    @pytest.fixture
    def email(self, notify, service, key):
        def send(address="grace@example.gov.uk"):
            body = {"email_address": address, "template_id": str(notify.email_template(service, "Hi", "Hi").id)}
            identity = notify.post("/v2/notifications/email", body, key).json["id"]
            notify.drain()
            return identity

        return send

    @pytest.fixture
    def written(self, notify, network):
        """The supplier's newest receipt, as it would be sent."""

        def write():
            return network._write(notify.email_network.receipts()[-1])

        return write

    @pytest.mark.parametrize(
        "expected",
        [
            ("grace@example.gov.uk", "delivered"),
            ("perm-fail@simulator.notify", "permanent-failure"),
            ("temp-fail@simulator.notify", "temporary-failure"),
        ],
    )
    def test_signed_receipts(self, notify, email, written, status, expected):
        address, becomes = expected
        identity = email(address)
        receipt = written()
        assert receipt.path == SES

        for _ in range(2):
            answer = notify.request("POST", SES, body=receipt.body, headers=receipt.headers)
            assert (answer.status_code, answer.json) == (200, {"result": "success"})
            notify.drain()
        assert status(identity) == becomes

    def test_altered_ones_are_refused(self, notify, email, written, status):
        identity = email()
        envelope = json.loads(written().body)
        forgeries = [
            envelope | {"Message": envelope["Message"].replace("Delivery", "Bounce")},
            envelope | {"Signature": ""},
            envelope | {"Signature": "not base64!"},
            envelope | {"SignatureVersion": "3"},
            envelope | {"SigningCertURL": "https://evil.example/cert.pem"},
        ]

        for forged in forgeries:
            answer = notify.request("POST", SES, body=forged)
            assert answer.status_code == 403
            assert answer.json["result"] == "error"
        notify.drain()
        assert status(identity) == "sending"

    def test_signed_by_somebody_else(self, make_notify, notify, email, written):
        email()
        other = make_notify("other")

        assert other.request("POST", SES, body=written().body).status_code == 403
