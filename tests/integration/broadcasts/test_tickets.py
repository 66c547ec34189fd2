"""The ticket that calls people out for a live alert: never in an alert's way, never lost, never twice."""

import json
import os
import socket
import threading
from collections import Counter
from contextlib import closing
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context

import pytest
import sqlalchemy as sa

from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.change_status import StatusChange
from notify_core.kernel.errors import NotAllowed
from notify_core.ports.task_ledger import EntryState
from notify_entrypoints.containers import Container, migrate
from notify_entrypoints.runner import EmbeddedRunner
from notify_entrypoints.runner.runner import THREADS
from notify_entrypoints.settings import load_settings
from tests.integration.broadcasts.agency import NETWORKS, Agency
from tests.integration.waiting import eventually

DIED = 9
# What the approval writes last.
LAST = "INSERT INTO task_ledger"


class Live:
    """A platform in the environment ``live``, with a service, its people and fake networks."""

    def __init__(self, folder, **environ):
        folder.mkdir()
        self.environ = {
            "NOTIFY_ENVIRONMENT": "live",
            "NOTIFY_ALLOW_FAKES": "true",
            "NOTIFY_DATA_DIR": str(folder),
            "NOTIFY_SECRET_KEYS": "a-key-that-encrypts-what-tests-store",
            "NOTIFY_ADMIN_SECRETS": "an-admin-secret-of-this-test-long-enough",
            "NOTIFY_ADMIN_BASE_URL": "https://admin.example",
            "NOTIFY_TICKETS": "zendesk",
            "NOTIFY_TICKETS_EMAIL": "notify@example.com",
            "NOTIFY_TICKETS_API_KEY": "word",
            **environ,
        }
        self.container = Container(settings=load_settings(self.environ))
        migrate(self.container)
        self.agency = Agency(self.container)
        self.runner = None

    def start(self):
        made = self.container
        parts = (made.execute(), made.relay(), made.tick(), made.ledger(), made.task_queue(), made.wake(), "live")
        self.runner = EmbeddedRunner(*parts)
        self.runner.start()

    def work_off(self):
        """All that is due, and what follows from it, in this thread."""
        relay, queue, execute = self.container.relay(), self.container.task_queue(), self.container.execute()
        while relay():
            for message in queue.drain():
                execute(message.entry_id, "live", task=message.task, queue=message.queue)

    def tickets(self):
        with self.container.work()(read_only=True) as work:
            return list(work.tickets.newest())

    def rows(self, task):
        return [row for row in self.container.ledger().entries() if row.task == task]

    def skip_waits(self):
        """What waits for its next try is due."""
        with self.container.engine().begin() as connection:
            connection.execute(sa.text("UPDATE task_ledger SET due_us = 0"))

    def let_leases_run_out(self):
        with self.container.engine().begin() as connection:
            connection.execute(sa.text("UPDATE task_ledger SET due_us = 0, leased_until_us = 0"))

    def close(self):
        if self.runner is not None:
            assert self.runner.stop(60)
        self.container.wake().close()
        self.container.engine().dispose()


@pytest.fixture
def make_live(tmp_path):
    made = []

    def make(**environ):
        made.append(Live(tmp_path / f"live-{len(made)}", **environ))
        return made[-1]

    yield make
    for live in made:
        live.close()


class SilentServer:
    """Takes every connection and never says a word, until it is closed."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._connections = []

    def heard(self):
        """The next caller's request, up to its first line."""
        self._socket.settimeout(60)
        connection, _ = self._socket.accept()
        connection.settimeout(60)
        self._connections.append(connection)
        return connection.recv(65536).decode().splitlines()[0]

    def close(self):
        self._socket.close()
        for connection in self._connections:
            connection.close()


@pytest.fixture
def silent():
    with closing(SilentServer()) as server:
        yield server


class Zendesk:
    """Knows each idempotency key once; answers with ``failures`` first."""

    def __init__(self):
        self.posted, self.failures = [], []
        zendesk = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = zendesk.failures.pop() if zendesk.failures else 201
                if status == 201:
                    zendesk.posted.append((self.headers["Idempotency-Key"], body["ticket"]))
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def zendesk():
    with closing(Zendesk()) as server:
        yield server


def test_a_ticketing_system_that_hangs_delays_no_alert(make_live, silent):
    live = make_live(NOTIFY_TICKETS_URL=silent.url, NOTIFY_TICKETS_TIMEOUT="600")
    live.start()
    # Tickets have the threads of all that is not urgent; all of these are held up.
    threads = THREADS["rest"]
    messages = [live.agency.alert() for _ in range(2 * threads)]

    eventually(lambda: all(live.agency.acknowledged(message) == NETWORKS for message in messages))

    assert [silent.heard() for _ in range(threads)] == ["POST /api/v2/tickets.json HTTP/1.1"] * threads
    tickets = live.rows("create-ticket")
    assert len(tickets) == len(live.tickets()) == 2 * threads
    assert Counter(row.state is EntryState.CLAIMED for row in tickets) == {True: threads, False: threads}
    assert all(ticket.raised_at is None for ticket in live.tickets())
    silent.close()


def test_one_that_is_down_is_told_later_and_once(make_live, zendesk):
    zendesk.failures = [503, 500, 429]
    live = make_live(NOTIFY_TICKETS_URL=zendesk.url)
    message = live.agency.alert()

    live.work_off()
    assert live.agency.acknowledged(message) == NETWORKS
    for told in range(1, 4):
        (row,) = live.rows("create-ticket")
        assert row.attempt == told
        live.skip_waits()
        live.work_off()
    assert live.rows("create-ticket") == []

    ((key, ticket),) = zendesk.posted
    (kept,) = live.tickets()
    assert key == str(kept.id)
    assert kept.raised_at is not None
    assert (ticket["subject"], ticket["priority"], ticket["tags"]) == (
        "Live broadcast sent",
        "urgent",
        ["govuk_notify_emergency"],
    )
    assert (
        f"https://admin.example/services/{live.agency.service.id}/current-alerts/{message.id}"
        in ticket["comment"]["body"]
    )


# Processes that die.


def approve_and_die(environ, service_id, user_id, message_id, when):
    """In a process of its own: the approval, with a death at its commit."""
    container = Container(settings=load_settings(environ))
    if when == "before":
        written = []
        sa.event.listen(container.engine(), "after_cursor_execute", lambda *given: written.append(given[2]))
        sa.event.listen(container.engine(), "commit", lambda _: os._exit(DIED if LAST in written[-1] else 1))
    else:
        container.work().on_enqueued = lambda: os._exit(DIED)
    container.change_broadcast_status()(
        StatusChange(service_id, message_id, MessageStatus.BROADCASTING, user_id),
    )


class DiesWhenTold:
    """Brings a ticket where it belongs, and takes its process with it."""

    def __init__(self, tickets):
        self._tickets = tickets

    def create(self, ticket):
        self._tickets.create(ticket)
        os._exit(DIED)


def raise_ticket_and_die(environ, entry_id):
    """In a process of its own: the task ``create-ticket``, with a death before its result is recorded."""
    container = Container(settings=load_settings(environ))
    container.tickets.override(DiesWhenTold(container.tickets()))
    container.execute()(entry_id, "dies", task="create-ticket", queue="notify-internal-tasks")


def process_died(target, *arguments):
    process = get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join(120)
    return process.exitcode == DIED


@pytest.fixture(params=["sqlite", "postgresql"])
def live(request, make_live, zendesk):
    if request.param == "sqlite":
        yield make_live(NOTIFY_TICKETS_URL=zendesk.url)
        return
    with request.getfixturevalue("postgresql_server").database() as url:
        made = make_live(NOTIFY_TICKETS_URL=zendesk.url, NOTIFY_DATABASE_URL=url)
        yield made
        made.container.wake().close()
        made.container.engine().dispose()


def written(live, message):
    """What an approval leaves behind."""
    with live.container.work()(read_only=True) as work:
        return {
            "status": work.broadcast_messages.get(message.id).status.value,
            "events": [event.type.value for event in work.broadcast_events.of_message(message.id)],
            "tickets": [ticket.subject for ticket in work.tickets.newest()],
            "tasks": sorted(row.task for row in live.container.ledger().entries()),
            "audited": [entry.what for entry in work.audit.about(str(message.id))][2:],
        }


def test_a_process_that_dies_before_the_commit_has_approved_nothing(live, zendesk):
    message = live.agency.pending()

    assert process_died(
        approve_and_die, live.environ, live.agency.service.id, live.agency.approver.id, message.id, "before"
    )

    assert written(live, message) == {
        "status": "pending-approval",
        "events": [],
        "tickets": [],
        "tasks": [],
        "audited": [],
    }
    live.agency.approve(message)
    live.work_off()
    assert len(zendesk.posted) == 1


def test_a_process_that_dies_right_after_the_commit_has_approved_and_called_people_once(live, zendesk):
    message = live.agency.pending()

    assert process_died(
        approve_and_die, live.environ, live.agency.service.id, live.agency.approver.id, message.id, "after"
    )

    assert written(live, message) == {
        "status": "broadcasting",
        "events": ["alert"],
        "tickets": ["Live broadcast sent"],
        "tasks": ["create-ticket", "send-broadcast-event"],
        "audited": ["broadcast message moved from pending-approval to broadcasting"],
    }
    with pytest.raises(NotAllowed):
        live.agency.approve(message)
    live.work_off()
    assert live.agency.acknowledged(message) == NETWORKS
    assert len(zendesk.posted) == 1


def test_a_worker_that_dies_after_the_ticket_was_taken_raises_no_second_one(live, zendesk):
    live.agency.alert()
    (row,) = live.rows("create-ticket")
    live.container.relay()()
    live.container.task_queue().drain()

    assert process_died(raise_ticket_and_die, live.environ, row.id)
    assert [ticket.raised_at for ticket in live.tickets()] == [None]
    live.let_leases_run_out()
    live.work_off()

    assert live.rows("create-ticket") == []
    (kept,) = live.tickets()
    assert isinstance(kept.raised_at, datetime)
    # Twice told, with the key by which Zendesk answers a repeat with the first ticket.
    assert [key for key, _ in zendesk.posted] == [str(kept.id)] * 2
