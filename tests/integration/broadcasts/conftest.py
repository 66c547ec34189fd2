"""The whole platform in processes of its own: ``notify serve`` on SQLite, and Celery on PostgreSQL and Redis."""

import os

import pytest
import requests

from notify_adapters.cbc.fake_store import FakeNetworkStore
from notify_entrypoints.containers import Container, migrate
from notify_entrypoints.settings import load_settings
from tests.integration.broadcasts.agency import Agency
from tests.integration.celery_app.conftest import broker_url, make_deployment, statsd  # noqa: F401 - fixtures
from tests.integration.cli.conftest import NOTIFY, Machine, free_port
from tests.integration.deployment import Program
from tests.integration.waiting import eventually


class Embedded(Machine):
    """A machine on which ``notify serve`` does the work, killed and started again as a test likes. Its ``agency``
    acts from the test's own process, on the same database."""

    def __init__(self, folder):
        super().__init__(folder)
        self.data_dir.mkdir()
        self.container = Container(settings=load_settings(self.environ))
        migrate(self.container)
        self.agency = Agency(self.container)
        self.networks = FakeNetworkStore(self.data_dir)

    def close(self):
        self.networks.close()
        self.container.wake().close()
        self.container.engine().dispose()


@pytest.fixture
def embedded(tmp_path):
    machine = Embedded(tmp_path)
    yield machine
    machine.close()


@pytest.fixture
def on_celery(make_deployment, postgresql_server, postgresql_template):  # noqa: F811
    """A deployment on PostgreSQL, with an ``agency`` and its ``networks``. A message that is lost comes again soon."""
    opened = []

    def make(**environ):
        database = postgresql_server.database(postgresql_template)
        settings = {"NOTIFY_DATABASE_URL": database.__enter__(), "NOTIFY_TASK_LEASE": "3s", **environ}
        made = make_deployment(**settings)
        opened.append((database, made))
        made.agency, made.networks = Agency(made.container), FakeNetworkStore(made.data_dir)
        return made

    yield make
    for database, made in opened:
        for program in made.programs:
            program.kill()
        made.networks.close()
        made.container.wake().close()
        made.container.engine().dispose()
        database.__exit__(None, None, None)


@pytest.fixture
def networks_apart(tmp_path):
    """Networks behind HTTP, which live on when who called them is dead: starts them for a platform with these settings;
    what the platform needs to call them."""
    started = []

    def answers(port):
        try:
            return requests.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 404
        except requests.ConnectionError:
            return False

    def start(environ):
        port = free_port()
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("NOTIFY_")}
        command = (NOTIFY, "fakes", "--port", str(port))
        program = Program(tmp_path / "fakes.log", *command, environ={**surroundings, **environ}, cwd=tmp_path)
        started.append(program)
        eventually(lambda: answers(port), otherwise=lambda: program.text)
        return {
            "NOTIFY_CBC": "lambda",
            "NOTIFY_CBC_ACCESS_KEY_ID": "test",
            "NOTIFY_CBC_SECRET_ACCESS_KEY": "test",
            # Nobody is to turn to the second route before being killed.
            "NOTIFY_CBC_READ_TIMEOUT": "20",
            "AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{port}",
        }

    yield start
    for program in started:
        program.kill()
