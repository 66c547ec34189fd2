import json
import shutil
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
import sqlalchemy as sa

from notify_adapters.email.fake import FakeEmailStore
from notify_adapters.sms.fake import FakeSmsStore
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.migrate import upgrade
from notify_adapters.storage.sql.schema import metadata
from notify_core.accounts.model import (
    ApiKey,
    BroadcastChannel,
    BroadcastSettings,
    Callback,
    Permission,
    ReplyTo,
    Service,
    SmsSender,
    User,
)
from notify_core.templates.model import Template, TemplateType
from notify_core.testing.builders import a_service, a_template, a_user, an_api_key
from notify_entrypoints.containers import Container
from notify_entrypoints.http import create_app
from notify_entrypoints.settings import load_settings
from tests.integration.http.serving import serving

ROOT = "http://notify.test"
ADMIN_SECRETS = ("the-newest-admin-secret-of-this-test", "the-former-admin-secret-of-this-test")


@dataclass
class Notify:
    """A real app on a data directory of its own. Background work is done by :meth:`drain`, in the test's thread."""

    container: Container
    app: Any = field(init=False)

    def __post_init__(self):
        self.app = create_app(self.container)
        self.data_dir = Path(self.container.settings().data_dir)
        self.sms_network = FakeSmsStore(self.data_dir)
        self.email_network = FakeEmailStore(self.data_dir)

    # What there is.

    def put(self, *things):
        with self.container.work()() as work:
            stores = {
                Service: work.services.put,
                User: work.users.put,
                ApiKey: work.api_keys.put,
                SmsSender: work.senders.put_sms_sender,
                ReplyTo: work.senders.put_reply_to,
                Callback: work.callbacks.put,
                BroadcastSettings: work.settings.put_broadcast,
                Template: work.templates.put,
            }
            for thing in things:
                stores[type(thing)](thing)
            work.commit()
        return things[0]

    def service(self, **changes):
        return self.put(a_service(**changes))

    def key(self, service, **changes):
        return self.put(an_api_key(service_id=service.id, **changes))

    def template(self, service, content="Hello ((name))", **changes):
        return self.put(a_template(service_id=service.id, content=content, **changes))

    def email_template(self, service, content="Hello ((name))", subject="About ((name))", **changes):
        return self.template(service, content, subject=subject, type=TemplateType.EMAIL, **changes)

    def member(self, service, **changes):
        user = self.put(a_user(**changes))
        with self.container.work()() as work:
            work.users.add_to_service(user.id, service.id)
            work.commit()
        return user

    def broadcasting_service(self, channel=BroadcastChannel.SEVERE, **changes):
        service = self.service(**({"permissions": frozenset({Permission.BROADCAST})} | changes))
        self.put(BroadcastSettings(service.id, channel))
        return service

    # Asking.

    def request(self, method, path, token=None, body=None, **how):
        headers = dict(how.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            how["data"] = body if isinstance(body, bytes) else json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        return self.app.test_client().open(path, method=method, headers=headers, **how)

    def get(self, path, key, **how):
        return self.request("GET", path, token_of(key), **how)

    def post(self, path, body, key, **how):
        return self.request("POST", path, token_of(key), body, **how)

    @staticmethod
    def token(key, **claims):
        return token_of(key, **claims)

    def admin(self, method, path, body=None, **how):
        return self.request(method, path, a_token("notify-admin", ADMIN_SECRETS[0]), body, **how)

    # Background work.

    def drain(self):
        """Do all that is due, and what follows from it; returns how many executions there were."""
        relay, queue, execute = self.container.relay(), self.container.task_queue(), self.container.execute()
        executions = 0
        while relay():
            for message in queue.drain():
                execute(message.entry_id, "test", task=message.task, queue=message.queue)
                executions += 1
        return executions

    def rows(self):
        return self.container.ledger().entries()

    def make_due(self):
        """Let everything that waits for its time be due now."""
        with self.container.engine().begin() as connection:
            connection.exec_driver_sql("update task_ledger set due_us = 0 where state = 'due'")

    def stored(self, answer):
        with self.container.work()(read_only=True) as work:
            return work.notifications.get(UUID(answer.json["id"]))

    def close(self):
        self.sms_network.close()
        self.email_network.close()
        self.container.engine().dispose()


def a_token(issuer, secret, *, algorithm="HS256", **claims):
    """``claims`` over the usual ones; those that are None are left out."""
    given = {"iss": issuer if issuer is None else str(issuer), "iat": int(time.time())} | claims
    given = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(given, secret, algorithm=algorithm)


def token_of(key, **claims):
    return a_token(key.service_id, key.secret, **claims)


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory):
    """Migrated once; every test gets a copy."""
    path = tmp_path_factory.mktemp("migrated") / "notify.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    # The last connection's end brings everything into the one file.
    engine.dispose()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    return path


@contextmanager
def platforms(folder, migrated_database):
    """Makes platforms, each with a directory of its own in ``folder``."""
    with ExitStack() as opened:

        def make(name="notify", **variables):
            data_dir = folder / name
            data_dir.mkdir()
            shutil.copy(migrated_database, data_dir / "notify.db")
            given = {
                "NOTIFY_ENVIRONMENT": "test",
                "NOTIFY_DATA_DIR": str(data_dir),
                "NOTIFY_API_BASE_URL": ROOT,
                "NOTIFY_SECRET_KEYS": "a-key-that-encrypts-what-tests-store",
                "NOTIFY_ADMIN_SECRETS": ",".join(ADMIN_SECRETS),
                **variables,
            }
            notify = Notify(Container(settings=load_settings(given)))
            opened.callback(notify.close)
            return notify

        yield make


@pytest.fixture
def make_notify(tmp_path, migrated_database):
    """Several platforms in one test."""
    with platforms(tmp_path, migrated_database) as make:
        yield make


@pytest.fixture(scope="module")
def live(tmp_path_factory, migrated_database):
    """A platform on a port of this machine, as ``notify serve`` runs it; one for all tests of a module."""
    with platforms(tmp_path_factory.mktemp("live"), migrated_database) as make, serving(make) as notify:
        yield notify


@pytest.fixture(scope="module")
def shared_notify(tmp_path_factory, migrated_database):
    """One platform for all tests of a module, which keep to services of their own."""
    with platforms(tmp_path_factory.mktemp("shared"), migrated_database) as make:
        yield make()


@pytest.fixture
def notify(make_notify):
    return make_notify()


@pytest.fixture
def tokens():
    """How tests make tokens: ``tokens(issuer, secret, **claims)``."""
    return a_token


@pytest.fixture
def admin_secrets():
    return ADMIN_SECRETS


@pytest.fixture
def errors_of():
    """The texts of a v2 error answer, whose shape is checked by the way."""

    def read(answer, status=400, kind=None):
        assert answer.status_code == status, answer.data
        assert set(answer.json) == {"status_code", "errors"}
        assert answer.json["status_code"] == status
        assert all(set(error) == {"error", "message"} for error in answer.json["errors"])
        if kind is not None:
            assert {error["error"] for error in answer.json["errors"]} == {kind}
        return [error["message"] for error in answer.json["errors"]]

    return read


@pytest.fixture
def kept(notify):
    """How many rows each table has."""

    def count():
        with notify.container.engine().connect() as connection:
            return {
                name: connection.scalar(sa.select(sa.func.count()).select_from(table))
                for name, table in metadata.tables.items()
            }

    return count
