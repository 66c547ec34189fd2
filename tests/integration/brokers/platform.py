"""The documented deployment, whole: the API, every group of workers, beat, and the fakes beyond it."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import requests
from notifications_python_client.authentication import create_jwt_token
from notifications_python_client.errors import HTTPError

from demo.services import Cast
from notify_adapters.cbc.fake_store import FakeNetworkStore
from notify_core.letters.tasks.answers import LookForAnswers
from notify_core.letters.tasks.printing import CollateLetters
from tests.integration.callback_server import SECRET, TOKEN
from tests.integration.deployment import Deployment
from tests.integration.ports import free_port

PAGE = (Path(__file__).parents[3] / "docs" / "operations.md").read_text(encoding="utf-8")
GROUPS = {name: queues.split(",") for name, queues in re.findall(r"^worker (\w+) +\d+ +(\S+)$", PAGE, re.MULTILINE)}
# Of one machine that does all: enough to see that a worker takes no more messages than it has processes.
PROCESSES = {name: 2 if name == "broadcasts" else 1 for name in GROUPS}
READERS = tuple(f"+447700900{number}" for number in range(200, 210))
ADDRESS = ("Zoë Llŷr", "1 Stryd Fawr", "Caerdydd", "CF10 1AA")


class Platform(Deployment):
    """On PostgreSQL and a ``broker`` that is listened to. The council's ``receiver`` is told of its messages."""

    def __init__(self, folder, broker, database_url, receiver):
        self.broker, self.record, self.receiver = broker, broker.record, receiver
        self._api, self._fakes = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self._api}"
        super().__init__(
            folder,
            broker.url,
            **broker.environ,
            NOTIFY_ENVIRONMENT="preview",
            NOTIFY_DATABASE_URL=database_url,
            NOTIFY_API_BASE_URL=self.url,
            NOTIFY_SMS_FAKE_RECEIPT_DELAY="0.2",
            NOTIFY_EMAIL_RECEIPT_DELAY="0.2",
            NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES="true",
            # The receiver holds its answers as long as a test looks.
            NOTIFY_CALLBACKS_TIMEOUT="60",
            NOTIFY_CBC="lambda",
            NOTIFY_CBC_ACCESS_KEY_ID="made-up",
            NOTIFY_CBC_SECRET_ACCESS_KEY="made-up",
            AWS_ENDPOINT_URL_LAMBDA=f"http://127.0.0.1:{self._fakes}",
        )
        self.networks = FakeNetworkStore(self.data_dir)
        self.sms_network.rescript(receipts=True)
        self.cast = Cast()
        self.client = self.cast.client(self.url)
        self.workers = {}

    def start(self):
        """All at once, on a database that knows the council and the agency."""
        self.container.provision()(self.cast.document(self.receiver.url, TOKEN, SECRET))
        bound = ("--workers", "1", "--threads", "4", "--bind", f"127.0.0.1:{self._api}")
        self._start("api", "gunicorn", *bound, "notify_entrypoints.http:create_app()")
        self._start("fakes", "notify", "fakes", "--port", str(self._fakes))
        for name, queues in GROUPS.items():
            self.workers[name] = self.start_worker(*queues, concurrency=PROCESSES[name], name=name)
        self.beat()
        self.wait_for(lambda: all(" ready." in worker.text for worker in self.workers.values()), 240)
        for url in (f"{self.url}/_status", f"http://127.0.0.1:{self._fakes}/fake-network"):
            self.wait_for(lambda url=url: _answers(url), 240)

    def stop(self):
        """By signals, as a supervisor does; everything ends by itself."""
        for program in self.programs:
            if program.running():
                program.terminate()
        for program in self.programs:
            assert program.ended() == 0, program.text[-3000:]

    def queue(self, name):
        """What a queue is called in the broker."""
        return self.prefix + name

    def claimed_by(self, task):
        """The processes that have such a task in hand."""
        return [
            int(row.worker.rpartition(":")[2]) for row in self.rows() if row.task == task and row.state == "claimed"
        ]

    def let_waiting_work_be_due(self):
        self.sql("update task_ledger set due_us = 0 where state = 'due'")

    # What people and programs ask for.

    def status(self, sent):
        return self.client.get_notification_by_id(sent["id"])["status"]

    def wait_until(self, status, sent):
        self.wait_for(lambda: self.status(sent) == status, 90)

    def told_of(self, sent):
        """What the council was told of a message."""
        return [told for told in self.receiver.told if told["id"] == sent["id"]]

    def send_text(self, number="07700 900 123"):
        return self.client.send_sms_notification(
            phone_number=number,
            template_id=self.cast.sms_template,
            personalisation={"name": "Zoë", "title": "Middlemarch", "library": "Acomb", "until": "5 May"},
        )

    def send_email(self):
        return self.client.send_email_notification(
            email_address="reader@example.com",
            template_id=self.cast.email_template,
            personalisation={"name": "Zoë", "titles": ["Middlemarch", "Silas Marner"]},
        )

    def send_letter(self):
        address = {f"address_line_{number}": line for number, line in enumerate(ADDRESS, start=1)}
        return self.client.send_letter_notification(
            template_id=self.cast.letter_template, personalisation={"name": "Zoë", "card": "20260105", **address}
        )

    def pdf(self, letter):
        """None: it is not made yet."""
        with suppress(HTTPError):
            return self.client.get_pdf_for_letter(letter["id"]).read()
        return None

    def print_letters(self):
        """The evening's run, now."""
        self.enqueue(CollateLetters(deadline=datetime.now(UTC).isoformat()))

    def read_answers_of_printer(self):
        self.enqueue(LookForAnswers())

    def submit_job(self):
        """A text for each of the readers."""
        lines = ["phone number,name,title,library,until", *(f"{reader},Zoë,Emma,Acomb,5 May" for reader in READERS)]
        body = {
            "template_id": self.cast.sms_template,
            "created_by": self.cast.author,
            "original_file_name": "readers.csv",
            "csv": "\n".join(lines),
        }
        return self.ask("POST", f"/service/{self.cast.council}/job", body)

    def alert(self, content="The river is rising. Leave now."):
        """One that a second person has approved; its events are at its address."""
        ring = [[53.94, -1.09], [53.94, -1.07], [53.95, -1.07], [53.95, -1.09], [53.94, -1.09]]
        root = f"/service/{self.cast.agency}/broadcast-message"
        written = {"reference": "flood", "content": content, "areas": ["York"], "simple_polygons": [ring]}
        message = self.ask("POST", root, {"service_id": self.cast.agency, "created_by": self.cast.author, **written})
        address = f"{root}/{message['id']}"
        for status, person in (("pending-approval", self.cast.author), ("broadcasting", self.cast.approver)):
            self.ask("POST", f"{address}/status", {"created_by": person, "status": status})
        return address

    def copies(self, alert):
        """What became of an alert at each network."""
        events = self.ask("GET", f"{alert}/events")["events"]
        return {copy["provider"]: copy for event in events for copy in event["provider_messages"]}

    def ask(self, method, path, body=None):
        """As an admin application does."""
        token = create_jwt_token(self.environ["NOTIFY_ADMIN_SECRETS"], "notify-admin")
        answer = requests.request(
            method, self.url + path, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=30
        )
        assert answer.ok, answer.text
        return answer.json()

    def close(self):
        self.networks.close()
        self.container.wake().close()
        super().close()


def _answers(url):
    with suppress(requests.ConnectionError):
        return requests.get(url, timeout=5).status_code < 500
    return False
