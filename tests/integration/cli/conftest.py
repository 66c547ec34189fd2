"""The real command, in processes of its own, on a machine where nothing has been set up."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
import requests

from notify_adapters.sms.fake import FakeSmsStore
from tests.integration.ports import free_port
from tests.integration.waiting import eventually as wait_for

NOTIFY = str(Path(sys.executable).with_name("notify"))
SECRETS = {
    "NOTIFY_SECRET_KEYS": "a key of this test that nobody can guess",
    "NOTIFY_ADMIN_SECRETS": "an admin's secret of forty characters",
}


class Machine:
    def __init__(self, folder):
        self.folder = folder
        self.data_dir = folder / "data"
        self.port = free_port()
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("NOTIFY_")},
            **SECRETS,
            "NOTIFY_DATA_DIR": str(self.data_dir),
            "NOTIFY_PORT": str(self.port),
            "COLUMNS": "100",
        }

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def notify(self, *arguments, **environ):
        """One command, to its end."""
        given = {name: value for name, value in {**self.environ, **environ}.items() if value is not None}
        command = [NOTIFY, *map(str, arguments)]
        return subprocess.run(
            command, env=given, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )

    def done(self, *arguments, **environ):
        """What a command printed that must succeed, without a word on standard error."""
        ran = self.notify(*arguments, **environ)
        assert (ran.returncode, ran.stderr) == (0, "")
        return ran.stdout

    def document(self, *arguments, **environ):
        """The one JSON document that a command printed."""
        return json.loads(self.done(*arguments, "--json", **environ))

    def refused(self, *arguments, **environ):
        """The one line that a command printed on standard error before it ended with status 1."""
        ran = self.notify(*arguments, **environ)
        assert (ran.returncode, ran.stdout) == (1, ""), ran.stderr
        (line,) = ran.stderr.splitlines()
        assert line.startswith("notify: ")
        return line.removeprefix("notify: ")

    def provision(self, document, *arguments):
        file = self.folder / "services.json"
        file.write_text(json.dumps(document))
        return self.document("provision", file, *arguments)

    def start(self, *arguments, **environ):
        """``notify serve``, when it answers."""
        return Serving(self, arguments, {**self.environ, **environ})

    @contextmanager
    def serving(self, *arguments, **environ):
        served = self.start(*arguments, **environ)
        try:
            yield served
        finally:
            served.kill()

    def ledger(self):
        return self.document("tasks", "list")

    def unfinished(self):
        """How many rows the ledger has, asked without starting a process."""
        with closing(sqlite3.connect(self.data_dir / "notify.db", timeout=30)) as database:
            return database.execute("select count(*) from task_ledger").fetchone()[0]


class Serving:
    def __init__(self, machine, arguments, environ):
        self._log = machine.folder / f"serve-{uuid4()}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [NOTIFY, "serve", *arguments], env=environ, cwd=machine.folder, stdout=log, stderr=log
            )
        self._url = machine.url
        wait_for(self._answers, otherwise=self.log)

    @property
    def pid(self):
        return self._process.pid

    def log(self):
        return self._log.read_text()

    def signal(self, number):
        self._process.send_signal(number)

    def wait(self, timeout=20):
        return self._process.wait(timeout)

    def kill(self):
        """SIGKILL: no farewell, nothing tidied up."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def _answers(self):
        assert self._process.poll() is None, self.log()
        try:
            return requests.get(f"{self._url}/_status", timeout=2).ok
        except requests.ConnectionError:
            return False


class Account:
    """A service on a machine, with one key and one template."""

    def __init__(self, machine, **service):
        self.machine = machine
        self.id, self.secret, self.template = str(uuid4()), str(uuid4()), str(uuid4())
        self.document = {
            "id": self.id,
            "name": "City Library",
            "restricted": False,
            "permissions": ["sms"],
            "api_keys": [{"name": "test", "secret": self.secret, "key_type": "normal"}],
            "templates": [{"id": self.template, "name": "Ready", "type": "sms", "content": "Book ((number)) is ready"}],
            **service,
        }
        machine.provision({"services": [self.document]})

    def headers(self):
        token = jwt.encode({"iss": self.id, "iat": int(time.time())}, self.secret, algorithm="HS256")
        return {"Authorization": f"Bearer {token}"}

    def send(self, number):
        """The notification's id; raises what requests raises when nobody answers."""
        body = {
            "phone_number": "07700 900 123",
            "template_id": self.template,
            "personalisation": {"number": number},
            "reference": f"book-{number}",
        }
        answer = requests.post(
            f"{self.machine.url}/v2/notifications/sms", json=body, headers=self.headers(), timeout=10
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def status(self, notification_id):
        url = f"{self.machine.url}/v2/notifications/{notification_id}"
        return requests.get(url, headers=self.headers(), timeout=10).json()["status"]


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture(scope="session")
def newest_database(tmp_path_factory):
    """As ``notify migrate`` makes it, once for all tests."""
    folder = tmp_path_factory.mktemp("newest")
    Machine(folder).done("migrate")
    return folder / "data" / "notify.db"


@pytest.fixture
def migrated(machine, newest_database):
    machine.data_dir.mkdir()
    shutil.copy(newest_database, machine.data_dir)
    return machine


@pytest.fixture
def eventually():
    return wait_for


@pytest.fixture
def make_account(machine):
    return lambda **service: Account(machine, **service)


@pytest.fixture
def account(migrated):
    return Account(migrated)


@pytest.fixture
def fake_sms(machine):
    store = FakeSmsStore(machine.data_dir)
    yield store
    store.close()
