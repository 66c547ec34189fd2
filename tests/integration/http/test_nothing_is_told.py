"""Work of all kinds, and its failures, with suppliers and servers that answer with all that they were asked: no secret
gets into a log line, an answer or the reason of a failed row, and nothing personal into a log line or a reason."""

import io
import json
import logging
import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from uuid import uuid4

import pytest

from notify_adapters.email.fake import FakeEmailNetwork
from notify_adapters.email.fake_certificate import FakeCertificate
from notify_core.accounts.model import CallbackType, Permission
from notify_core.letters.policies import Flaw
from notify_core.ports.task_ledger import EntryState
from notify_core.ports.tickets import TicketPriority
from notify_core.templates.model import TemplateType
from notify_core.testing.builders import a_callback, an_sms_sender
from notify_entrypoints import logs
from tests.integration.uploads import an_upload

SECRETS = {
    "encrypts": "encrypting-secret-0001-nobody-can-guess-it",
    "former": "encrypting-secret-0002-nobody-can-guess-it",
    "admin": "administrating-secret-0003-nobody-guesses-it",
    "supplier": "supplier-secret-0004",
    "tickets": "tickets-secret-0005",
    "inbound": "inbound-secret-0006",
    "bearer": "bearer-secret-0007",
    "key": "0f0f0f0f-0008-4008-8008-0f0f0f0f0008",
}
PERSONAL = {
    "name": "Persephone",
    "family": "Hopperson",
    "street": "Elysian",
    "number": "7700900461",
    "sender": "7700900462",
    "in_a_file": "7700900463",
    "address": "hopperson.example",
    "word": "hunter2",
    "sms": "I am ill",
    "file": "Paracetamol",
}
# Work that is tried for ever would never fail by itself.
ALL_TRIED = "update task_ledger set attempt = 100000, due_us = 0 where state = 'due'"


@pytest.fixture
def parrot():
    """A supplier, a ticket system and a service's server; it answers with what it is asked (400 or 500)."""

    class Parrot(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = self.rfile.read(int(self.headers["Content-Length"] or 0))
            answer = json.dumps([asked.decode("utf-8", "replace"), dict(self.headers)], ensure_ascii=False).encode()
            heard.append(answer.decode())
            self.send_response(400 if self.path.startswith("/refuses") else 500)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    heard = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Parrot) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}", heard=heard)
        server.shutdown()


@pytest.fixture
def log():
    """All that this process logs, as it is configured to."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    written = io.StringIO()
    root.handlers[:] = []
    logs.configure("json")
    root.handlers[0].setStream(written)
    yield written
    root.handlers[:] = before
    root.setLevel(level)


@pytest.fixture
def notify(make_notify, parrot):
    return make_notify(
        NOTIFY_SECRET_KEYS=f"{SECRETS['encrypts']},{SECRETS['former']}",
        NOTIFY_ADMIN_SECRETS=SECRETS["admin"],
        NOTIFY_SMS="mmg",
        NOTIFY_SMS_MMG_URL=f"{parrot.url}/sms",
        NOTIFY_SMS_MMG_API_KEY=SECRETS["supplier"],
        NOTIFY_SMS_INBOUND="mmg",
        NOTIFY_SMS_MMG_INBOUND_USERNAME="mmg",
        NOTIFY_SMS_MMG_INBOUND_PASSWORD=SECRETS["inbound"],
        NOTIFY_TICKETS="zendesk",
        NOTIFY_TICKETS_URL=parrot.url,
        NOTIFY_TICKETS_EMAIL="agent@tickets.example",
        NOTIFY_TICKETS_API_KEY=SECRETS["tickets"],
        NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES="true",
    )


class Office:
    """A service that does all there is to do."""

    def __init__(self, notify, parrot, tokens):
        self.notify, self.answers, self.tokens = notify, [], tokens
        self.service = notify.service(
            permissions=frozenset(Permission), contact_link="https://example.gov.uk", rate_limit=10**6
        )
        self.key = notify.key(self.service, secret=SECRETS["key"])
        notify.put(an_sms_sender(service_id=self.service.id, sms_sender="07700900999", inbound=True))
        for kind, path in zip(CallbackType, ("/tells", "/refuses", "/tells", "/refuses"), strict=True):
            notify.put(
                a_callback(
                    service_id=self.service.id, type=kind, url=f"{parrot.url}{path}", bearer_token=SECRETS["bearer"]
                )
            )
        self.text = notify.template(self.service, "((name)): ((word))")
        self.email = notify.email_template(self.service, "((name)): ((word))")
        self.letter = notify.template(
            self.service, "Dear ((name)), ((word))", type=TemplateType.LETTER, subject="To ((name))", postage="first"
        )
        self.given = {"name": "Persephone Hopperson", "word": PERSONAL["word"]}

    def post(self, kind, body, token=None):
        answer = self.notify.request(
            "POST", f"/v2/notifications/{kind}", token or self.notify.token(self.key), body=body
        )
        self.answers.append(answer)
        return answer

    def admin(self, path, body):
        token = self.tokens("notify-admin", SECRETS["admin"])
        answer = self.notify.request("POST", f"/service/{self.service.id}/{path}", token, body)
        self.answers.append(answer)
        return answer

    def texts_and_emails(self):
        text = {"phone_number": "07700 900461", "template_id": str(self.text.id), "personalisation": self.given}
        email = {"email_address": "persephone@hopperson.example", "template_id": str(self.email.id)}
        file = {"file": b64encode(b"name,dose\nPersephone,Paracetamol").decode(), "filename": "Paracetamol.csv"}
        self.notify.email_network.rescript(fail_next=1, refuse_next=1)
        assert self.post("sms", text).status_code == 201
        for value in (self.given, {**self.given, "word": file}, self.given):
            assert self.post("email", email | {"personalisation": value}).status_code == 201
        for wrong in ({"phone_number": "07700 900461 Persephone"}, {"personalisation": {}}, {"Hopperson": 1}):
            assert self.post("sms", text | wrong).status_code == 400
        forged = self.tokens(str(self.service.id), SECRETS["admin"])
        assert self.post("sms", text, forged).status_code == 403

    def letters(self):
        lines = {"address_line_1": "Persephone Hopperson", "address_line_2": "1 Elysian Road"}
        address = {**lines, "address_line_3": "SW1A 1AA"}
        body = {"template_id": str(self.letter.id), "personalisation": {**address, **self.given}}
        assert self.post("letter", body).status_code == 201
        assert self.post("letter", body | {"personalisation": {**lines, **self.given}}).status_code == 400
        printed = ["Persephone Hopperson", "1 Elysian Road", "London", "SW1A 1AA"]
        torn = b"%PDF-1.7\n" + b"Persephone Hopperson, Elysian Road " * 40
        flawed = an_upload(address=printed, flaw=Flaw.OUTSIDE, flawed_pages=(1,))
        for pdf in (an_upload(address=printed), flawed, an_upload(address=["Persephone", "Elysian Road"]), torn):
            content = b64encode(pdf).decode()
            assert self.post("letter", {"reference": "case", "content": content}).status_code in {201, 400}

    def jobs(self):
        rows = "phone number,name,word\n07700900463,Persephone,hunter2\nHopperson,Persephone,hunter2\n07700900463,,\n"
        body = {"template_id": str(self.text.id), "created_by": str(uuid4()), "original_file_name": "Hopperson.csv"}
        for file in (rows, "Persephone\nHopperson", f"phone number,name,word\n{'07700900463,Persephone,hunter2,'}\n"):
            assert self.admin("job", body | {"csv": file}).status_code in {201, 400}

    def received_texts(self):
        text = {"MSISDN": "447700900462", "Number": "447700900999", "Message": "I+am+ill", "ID": "1"}
        for password, at in (
            (SECRETS["inbound"], "2026-01-05+12%3A00%3A00"),
            (SECRETS["inbound"], "Hopperson"),
            ("no", ""),
        ):
            shown = {"Authorization": f"Basic {b64encode(f'mmg:{password}'.encode()).decode()}"}
            body = json.dumps(text | {"DateRecieved": at}).encode()
            self.answers.append(self.notify.request("POST", "/notifications/sms/receive/mmg", body=body, headers=shown))

    def receipts(self):
        network = FakeEmailNetwork(self.notify.email_network, FakeCertificate(self.notify.data_dir), "http://unused")
        for receipt in self.notify.email_network.receipts():
            body = network._write(receipt).body
            assert self.notify.request("POST", "/notifications/email/ses", body=body).status_code == 200
        for body in (b"447700900461 Persephone", b'{"MSISDN": "447700900461", "status": "9", "CID": "Hopperson"}'):
            self.notify.request("POST", "/notifications/sms/mmg", body=body)

    def tickets(self):
        raise_ticket, work = self.notify.container.raise_ticket(), self.notify.container.work()
        with work() as opened:
            raise_ticket(opened, subject="Something is the matter", body="Look", priority=TicketPriority.P1)
            opened.commit()

    def work(self):
        """Everything that is due, several times over; then once more with no try left."""
        for _ in range(3):
            self.notify.drain()
            self.notify.make_due()
        with self.notify.container.engine().begin() as connection:
            connection.exec_driver_sql(ALL_TRIED)
        self.notify.drain()


@pytest.fixture
def office(notify, parrot, tokens):
    return Office(notify, parrot, tokens)


def test_no_secret_and_nothing_personal(notify, office, parrot, log, capfd):
    office.texts_and_emails()
    office.letters()
    office.jobs()
    office.received_texts()
    office.tickets()
    office.work()
    office.receipts()
    office.work()

    failed = [row for row in notify.rows() if row.state is EntryState.FAILED]
    reasons = "\n".join(str(row.reason) for row in failed)
    printed = "\n".join(capfd.readouterr())
    told = f"{log.getvalue()}\n{reasons}\n{printed}"
    refused = "\n".join(answer.text for answer in office.answers if answer.status_code >= 400)

    # That all kinds of work were done and did fail, and that they had something to tell.
    tasks = {json.loads(line).get("task") for line in log.getvalue().splitlines()}
    assert {"deliver_sms", "deliver_email", "get-pdf-for-templated-letter", "sanitise-letter", "process-job"} <= tasks
    assert {"create-ticket", "send-delivery-status", "send-inbound-sms"} <= {row.task for row in failed} | tasks
    assert failed
    assert len({answer.status_code for answer in office.answers}) >= 3
    heard = "\n".join(parrot.heard)
    for known in (SECRETS["supplier"], SECRETS["bearer"], PERSONAL["number"], PERSONAL["name"]):
        assert known in heard

    assert [name for name, secret in SECRETS.items() if secret in told + refused] == []
    assert [name for name, one in PERSONAL.items() if one.lower() in told.lower()] == []
