"""A backup that is made while messages are accepted, as docs/operations.md says, is whole, and its work can go on."""

import json
import sqlite3
import subprocess
from contextlib import closing
from threading import Event, Thread
from time import monotonic

import pytest
from sqlalchemy import make_url, select

from notify_adapters.secrets.aes_gcm import AesGcmSecrets
from notify_adapters.storage.sql.compatibility import Fit
from notify_adapters.storage.sql.engine import make_engine
from notify_adapters.storage.sql.migrate import fit, upgrade
from notify_adapters.storage.sql.schema_ledger import task_ledger
from notify_adapters.storage.sql.schema_notifications import notifications
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.notifications.tasks import DeliverSms
from notify_core.testing.builders import a_notification
from tests.integration.waiting import eventually

KEY = "a key that is kept apart from the backup"


def storage_at(url, opened):
    engine = make_engine(url)
    opened.append(engine)
    return SqlStorage(engine, AesGcmSecrets([KEY]))


@pytest.fixture
def opened():
    engines = []
    yield engines
    for engine in engines:
        engine.dispose()


class Traffic:
    """Accepts texts, one after the other, until it is told to end."""

    def __init__(self, storage):
        self.accepted, self._storage, self._end = [], storage, Event()
        self._thread = Thread(target=self._run)
        self._thread.start()

    def close(self):
        self._end.set()
        self._thread.join()

    def _run(self):
        give_up_at = monotonic() + 120
        while not self._end.is_set() and monotonic() < give_up_at:
            text = a_notification(recipient="+447700900123")
            with self._storage() as work:
                work.notifications.add_many([text])
                work.enqueue(DeliverSms(text.id))
                work.commit()
            self.accepted.append(text.id)


@pytest.fixture
def sqlite(tmp_path):
    """Where the database is, and how it is copied."""
    url = f"sqlite:///{tmp_path}/notify.db"
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()

    def copy():
        # What ``.backup`` of the program sqlite3 does.
        with (
            closing(sqlite3.connect(tmp_path / "notify.db")) as source,
            closing(sqlite3.connect(tmp_path / "copy.db")) as target,
        ):
            source.backup(target)
        return f"sqlite:///{tmp_path}/copy.db"

    return url, copy


@pytest.fixture
def postgresql(postgresql_server, postgresql_template, tmp_path):
    """Where the database is, and how it is dumped and restored."""
    with (
        postgresql_server.database(postgresql_template) as url,
        postgresql_server.database("template0") as restored,
    ):
        dump = tmp_path / "notify.dump"

        def copy():
            _run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={_for_programs(url)}")
            _run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={_for_programs(restored)}", str(dump))
            return restored

        yield url, copy


def _for_programs(url):
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(*command):
    subprocess.run(command, check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_it_has_all_that_was_accepted_before_and_the_work_for_it(request, database, opened):
    url, copy = request.getfixturevalue(database)
    with closing(Traffic(storage_at(url, opened))) as traffic:
        eventually(lambda: len(traffic.accepted) > 20)
        before = set(traffic.accepted)
        restored = storage_at(copy(), opened)
        eventually(lambda: len(traffic.accepted) > len(before))

    assert fit(restored.engine) is Fit.FITS
    with restored.engine.connect() as connection:
        messages = set(connection.scalars(select(notifications.c.id)))
        tasks = {json.loads(one)["notification_id"] for one in connection.scalars(select(task_ledger.c.arguments))}
    assert before <= messages
    # As of one moment: no message without its work, no work without its message.
    assert tasks == {str(one) for one in messages}
    with restored(read_only=True) as work:
        assert {one.recipient for one in work.notifications.those(sorted(before))} == {"+447700900123"}
    # And on it goes.
    with restored() as work:
        work.enqueue(DeliverSms(a_notification().id))
        work.commit()
