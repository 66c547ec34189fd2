import json
import os
import threading
from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import delete, make_url, update

from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.leases import SqlLeases
from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.migrate import upgrade
from notify_adapters.storage.sql.schema import metadata
from notify_adapters.storage.sql.schema_ledger import held_keys, leases, task_ledger
from notify_adapters.storage.sql.types import span
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.testing.fakes.secrets import MemorySecrets
from tests.integration.clamav import running_clamd


class SqlStorageUnderTest:
    def __init__(self, engine):
        self.engine = engine
        self.ledger = SqlTaskLedger(engine)
        self.leases = SqlLeases(engine)

    def work(self, *, react=None, on_enqueued=None):
        given = {"react": react, "on_enqueued": on_enqueued}
        return SqlStorage(self.engine, MemorySecrets(), **{name: it for name, it in given.items() if it is not None})

    def pass_time(self, by):
        # The server's clock cannot be moved; everything that is compared with it can.
        ledger_times = ("created_us", "due_us", "leased_until_us")
        with self.engine.begin() as connection:
            connection.execute(
                update(task_ledger).values({name: task_ledger.c[name] - span(by) for name in ledger_times})
            )
            for table in (held_keys, leases):
                connection.execute(update(table).values(until_us=table.c.until_us - span(by)))

    def rewrite_arguments(self, arguments):
        with self.engine.begin() as connection:
            connection.execute(update(task_ledger).values(arguments=json.dumps(arguments)))


@pytest.fixture
def sqlite_engine(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'notify.db'}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_storage(sqlite_engine):
    return SqlStorageUnderTest(sqlite_engine)


def outside_server(variable):
    """The address of a server that only some machines have; in CI a missing one fails."""
    if address := os.environ.get(variable):
        return address
    if os.environ.get("CI"):
        pytest.fail(f"CI must set {variable}")
    pytest.skip(f"set {variable} to run this test")


@pytest.fixture(scope="session")
def redis_url():
    """A database of a Redis server. Tests that run side by side share it: each has a prefix of its own."""
    return outside_server("NOTIFY_TEST_REDIS_URL")


@pytest.fixture(scope="session")
def rabbitmq_url():
    return outside_server("NOTIFY_TEST_RABBITMQ_URL")


class PostgresqlServer:
    """Makes databases for tests, and removes them."""

    def __init__(self, url):
        self._url = make_url(url)

    def execute(self, statement, *values):
        # The driver of ``make_engine``; where it is missing, only these tests are.
        psycopg = pytest.importorskip("psycopg")
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement, values or None)

    @contextmanager
    def database(self, template="template1"):
        """The address of a new database."""
        name = f"notify_test_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._url.set(database=name).render_as_string(hide_password=False)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_server():
    return PostgresqlServer(outside_server("NOTIFY_TEST_POSTGRESQL_URL"))


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server):
    """The name of a migrated database."""
    with postgresql_server.database() as url:
        engine = make_engine(url)
        upgrade(engine)
        # A template may have no visitors when it is copied.
        engine.dispose()
        yield make_url(url).database


@pytest.fixture(scope="module")
def postgresql_url(postgresql_server, postgresql_template):
    """A migrated database of this module's own."""
    with postgresql_server.database(postgresql_template) as url:
        yield url


@pytest.fixture(scope="module")
def _postgresql_engine(postgresql_url):
    engine = make_engine(postgresql_url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(_postgresql_engine):
    """A migrated database with nothing in it."""
    yield _postgresql_engine
    with _postgresql_engine.begin() as connection:
        for table in metadata.tables.values():
            connection.execute(delete(table))


@pytest.fixture
def postgresql_storage(postgresql_engine):
    return SqlStorageUnderTest(postgresql_engine)


@pytest.fixture(scope="session")
def clamd_port(tmp_path_factory):
    """A real virus scanner that knows the EICAR test file."""
    with running_clamd(tmp_path_factory.mktemp("clamd")) as port:
        yield port


class MotoServer:
    """Amazon's services over HTTP. ``requests`` are (method, path), oldest first; while it is ``down``
    every one of them is answered with 503. ``around`` makes another WSGI application of moto's."""

    def __init__(self, around=lambda application: application):
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
        from werkzeug.serving import WSGIRequestHandler, make_server

        self.begin()
        application = around(DomainDispatcherApplication(create_backend_app))

        def serve(environ, start_response):
            self.requests.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
            if self.down:
                start_response("503 Service Unavailable", [])
                return [b""]
            return application(environ, start_response)

        class Quiet(WSGIRequestHandler):
            disable_nagle_algorithm = True

            def log(self, *arguments):
                pass

        self._server = make_server("127.0.0.1", 0, serve, threaded=True, request_handler=Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.port}"

    def begin(self):
        self.requests = []
        self.down = False

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture(scope="session")
def running_moto():
    server = MotoServer()
    yield server
    server.close()


@pytest.fixture
def moto_server(running_moto):
    from moto.backends import get_backend

    running_moto.begin()
    yield running_moto
    # Its backends are this process's.
    for service in ("s3", "lambda", "sqs"):
        get_backend(service).reset()
