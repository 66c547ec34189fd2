"""Services with servers, and processes that tell them, on each database."""

from contextlib import ExitStack

import pytest

from notify_core.callbacks.tasks import SendDeliveryStatus, callback_key
from notify_core.notifications.states import Status
from notify_core.testing.builders import a_callback, a_notification, a_service
from notify_entrypoints.containers import Container, migrate
from notify_entrypoints.runner import EmbeddedRunner
from notify_entrypoints.settings import load_settings
from tests.integration.callback_server import SECRET, TOKEN, CallbackServer


class ToldService:
    """A service whose server is told of its messages."""

    def __init__(self, container, server):
        self.container, self.server = container, server
        self.service = a_service()
        self.callback = a_callback(service_id=self.service.id, url=server.url, secret=SECRET, bearer_token=TOKEN)
        self.key = callback_key(self.service.id, self.callback.type)
        with container.work()() as work:
            work.services.put(self.service)
            work.callbacks.put(self.callback)
            work.commit()

    def messages(self, number):
        """So many come to their end."""
        ended = [a_notification(service_id=self.service.id, status=Status.DELIVERED) for _ in range(number)]
        with self.container.work()() as work:
            work.notifications.add_many(ended)
            for one in ended:
                work.enqueue(SendDeliveryStatus(one.id, service_id=self.service.id))
            work.commit()

    def rows(self, **which):
        return self.container.ledger().entries(limit_key=self.key, limit=10_000, **which)

    @property
    def circuit(self):
        with self.container.work()(read_only=True) as work:
            return work.circuits.find(self.service.id, self.callback.type)

    @property
    def attempts(self):
        """Oldest first."""
        with self.container.work()(read_only=True) as work:
            return work.callback_attempts.newest(self.service.id, 10_000)[::-1]


class Office:
    """``another`` is the container of another process; ``run`` one that does all there is to do."""

    def __init__(self, folder, opened, **environ):
        self._opened = opened
        self.environ = {
            "NOTIFY_ENVIRONMENT": "test",
            "NOTIFY_DATA_DIR": str(folder),
            "NOTIFY_SECRET_KEYS": "a-key-that-encrypts-what-tests-store",
            "NOTIFY_ADMIN_SECRETS": "an-admin-secret-of-this-test-long-enough",
            "NOTIFY_CALLBACKS_ALLOW_PRIVATE_ADDRESSES": "true",
            "NOTIFY_CALLBACKS_TIMEOUT": "1",
            **environ,
        }
        self.container = self.another()
        migrate(self.container)

    def another(self):
        made = Container(settings=load_settings(self.environ))
        self._opened.callback(made.engine().dispose)
        self._opened.callback(made.wake().close)
        return made

    def run(self, name, **threads):
        made = self.another()
        runner = EmbeddedRunner(
            made.execute(), made.relay(), lambda: 0, made.ledger(), made.task_queue(), made.wake(), name
        )
        runner.start()
        self._opened.callback(runner.stop, 10)
        return made

    def told_service(self):
        server = CallbackServer()
        self._opened.callback(server.close)
        return ToldService(self.container, server)

    def let_leases_run_out(self):
        with self.container.engine().begin() as connection:
            connection.exec_driver_sql("UPDATE task_ledger SET leased_until_us = 0 WHERE state = 'claimed'")


@pytest.fixture(params=["sqlite", "postgresql"])
def office(request, tmp_path):
    with ExitStack() as opened:
        environ = {}
        if request.param == "postgresql":
            server, template = (request.getfixturevalue(f"postgresql_{name}") for name in ("server", "template"))
            environ["NOTIFY_DATABASE_URL"] = opened.enter_context(server.database(template))
        yield Office(tmp_path, opened, **environ)
