"""Request ids, the line in the log for each request, and that no log line tells of anybody."""

import io
import json
import logging
import re
from contextlib import contextmanager

import pytest

from notify_adapters.email.fake import FakeEmailNetwork
from notify_adapters.email.fake_certificate import FakeCertificate
from notify_core.kernel.trace import request_id
from notify_entrypoints import logs

TRACE = "X-B3-TraceId"
REQUESTS = "notify_entrypoints.http.request_log"


@pytest.fixture
def service(notify):
    return notify.service()


@pytest.fixture
def key(notify, service):
    return notify.key(service)


@pytest.fixture
def send(notify, service, key):
    template = notify.template(service, "Hello ((name))")

    def post(**how):
        body = {"phone_number": "07700900123", "template_id": str(template.id), "personalisation": {"name": "Grace"}}
        return notify.post("/v2/notifications/sms", body, key, **how)

    return post


@contextmanager
def json_log():
    """What the platform's own logging writes in this while, line by line."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    lines = []
    try:
        logs.configure("json")
        root.handlers[0].setStream(stream)
        yield lines
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        lines += [json.loads(line) for line in stream.getvalue().splitlines()]


class TestRequestId:
    @pytest.mark.parametrize("given", ["trace-1", "4f6d28b1.AB_c", "x" * 64])
    def test_is_echoed(self, notify, given):
        assert notify.request("GET", "/_status", headers={TRACE: given}).headers[TRACE] == given

    @pytest.mark.parametrize("given", [None, "", "x" * 65, "a b", "a;b", "é", '"', "a\tb"])
    def test_is_made_where_none_usable_came(self, notify, given):
        answers = [notify.request("GET", "/_status", headers={} if given is None else {TRACE: given}) for _ in "12"]

        made = {answer.headers[TRACE] for answer in answers}
        assert len(made) == 2
        assert all(re.fullmatch("[0-9a-f]{32}", one) for one in made)

    @pytest.mark.parametrize("path", ["/v2/templates", "/unknown", "/v2/unknown", "/_status"])
    def test_stands_in_every_answer(self, notify, path):
        assert notify.request("GET", path, headers={TRACE: "trace-1"}).headers[TRACE] == "trace-1"
        assert notify.request("DELETE", path, headers={TRACE: "trace-1"}).headers[TRACE] == "trace-1"

    def test_stands_in_the_answer_to_what_we_did_not_expect(self, notify):
        def fails(*_):
            raise RuntimeError

        with notify.container.authenticate_service.override(fails):
            answer = notify.request("GET", "/v2/templates", "a.b.c", headers={TRACE: "trace-1"})
        assert answer.headers[TRACE] == "trace-1"

    def test_goes_with_the_work_that_follows(self, notify, send):
        send(headers={TRACE: "trace-1"})

        (row,) = notify.rows()
        assert row.request_id == "trace-1"
        with json_log() as lines:
            notify.drain()
        assert {line["request_id"] for line in lines if line.get("task") == "deliver_sms"} == {"trace-1"}

    def test_is_forgotten_with_the_request(self, send):
        send(headers={TRACE: "trace-1"})
        assert request_id.get() is None

    def test_stands_in_the_log(self, send):
        with json_log() as lines:
            send(headers={TRACE: "trace-1"})
        assert lines
        assert {line["request_id"] for line in lines} == {"trace-1"}


class TestRequestLog:
    @pytest.fixture
    def line(self, caplog):
        caplog.set_level(logging.INFO)

        def only():
            (record,) = [record for record in caplog.records if record.name == REQUESTS]
            caplog.clear()
            return record

        return only

    def test_a_line_for_each_request(self, notify, service, key, line):
        notify.get("/v2/templates", key, headers={TRACE: "trace-1"})
        record = line()

        assert (record.method, record.route, record.status) == ("GET", "/v2/templates", 200)
        assert (record.service_id, record.request_id) == (str(service.id), "trace-1")
        assert 0 < record.milliseconds < 10_000
        assert re.fullmatch(r"GET /v2/templates 200 in \d+\.\d ms", record.getMessage())

    def test_it_names_the_route_and_no_ids(self, notify, key, service, line):
        notify.get("/v2/notifications/grace@example.gov.uk?reference=grace", key)
        record = line()
        assert (record.route, record.status) == ("/v2/notifications/<notification_id>", 400)
        assert "grace" not in record.getMessage()

        notify.admin("GET", f"/service/{service.id}/broadcast-message")
        record = line()
        assert record.route == "/service/<uuid:service_id>/broadcast-message"
        assert str(record.service_id) == str(service.id)

    def test_also_of_what_is_refused(self, notify, line):
        notify.request("GET", "/v2/templates")
        record = line()
        assert (record.route, record.status, record.service_id) == ("/v2/templates", 401, None)
        notify.request("GET", "/grace@example.gov.uk")
        assert (record := line()).route == "unknown"
        assert (record.status, record.service_id) == (404, None)
        notify.request("DELETE", "/_status")
        assert line().status == 405

    def test_also_of_what_we_did_not_expect(self, notify, key, line):
        def fails(*_):
            raise RuntimeError

        with notify.container.list_templates.override(fails):
            notify.get("/v2/templates", key)
        assert line().status == 500


SECRETS = ("7700900123", "7700 900123", "Grace", "grace", "Hopper", "hopper", "hunter2", "stop?id=1")


def test_no_line_tells_of_anybody(notify, service, key, caplog):
    """A text and an email with their deliveries, failures, receipts and refusals; nothing is told of whom."""
    caplog.set_level(logging.DEBUG)
    personal = {"name": "Grace Hopper", "password": "hunter2"}
    text = {
        "phone_number": "07700 900123",
        "template_id": str(notify.template(service, "Hello ((name)): ((password))").id),
        "personalisation": personal,
    }
    email = {
        "email_address": "grace@hopper.example",
        "template_id": str(notify.email_template(service, "Hello ((name)): ((password))").id),
        "personalisation": personal,
        "one_click_unsubscribe_url": "https://hopper.example/stop?id=1",
    }
    notify.sms_network.rescript(fail_next=1, lose_next=1)
    notify.email_network.rescript(fail_next=1)
    identity = notify.post("/v2/notifications/sms", text, key).json["id"]
    notify.post("/v2/notifications/email", email, key)
    for _ in range(4):
        notify.drain()
        notify.make_due()
    notify.sms_network.rescript(refuse_next=1)
    notify.post("/v2/notifications/sms", text, key)
    notify.drain()
    for body in (
        text | {"phone_number": "07700 900123 Grace"},
        text | {"Grace Hopper": 1},
        text | {"reference": [personal]},
    ):
        assert notify.post("/v2/notifications/sms", body, key).status_code == 400
    notify.get(f"/v2/notifications/{identity}", key)
    notify.get("/v2/notifications?reference=Grace", key)
    for code in ("3", "77"):
        receipt = {"CID": identity, "MSISDN": "447700900123", "status": code}
        assert notify.request("POST", "/notifications/sms/mmg", body=receipt).status_code == 200
    (bounce,) = notify.email_network.receipts()
    network = FakeEmailNetwork(notify.email_network, FakeCertificate(notify.data_dir), "http://unused")
    assert notify.request("POST", "/notifications/email/ses", body=network._write(bounce).body).status_code == 200
    notify.request("POST", "/notifications/sms/mmg", body=b"447700900123 Grace")
    notify.drain()

    written = "\n".join(f"{record.getMessage()} {record.exc_text or ''} {vars(record)}" for record in caplog.records)
    assert "deliver_sms" in written
    assert [secret for secret in SECRETS if secret in written] == []
