"""A real mail server in this process."""

import socket
import ssl
import threading
from contextlib import ExitStack, suppress

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from notify_adapters.email.smtp import build
from notify_adapters.options import BadOption
from notify_core.kernel.errors import TransientError
from notify_core.notifications.ports import OutgoingEmail, SupplierRefused
from notify_core.testing.contracts.email_supplier import EmailSupplierContract
from tests.integration.certificates import certificate_of
from tests.integration.mail_reading import parsed, read_back

EMAIL = OutgoingEmail("reference-1", "anna@example.com", "Hello", "Hi", "<p>Hi</p>", '"Service" <s@notify.localhost>')


class SmtpEnd:
    """aiosmtpd's handler: what arrived, over which connections, and what it answers."""

    def __init__(self):
        self.taken = []
        self.peers = set()
        self.answers = {}

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - so aiosmtpd calls it
        self.peers.add(session.peer)
        answer = self.answers.get("MAIL")
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - so aiosmtpd calls it
        answer = self.answers.get("RCPT")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - so aiosmtpd calls it
        if answer := self.answers.get("DATA"):
            return answer
        self.taken.append((envelope.content, envelope.rcpt_tos[0], session.ssl is not None))
        return "250 OK"

    def make_it_fail(self):
        self.answers = {"RCPT": "451 try later"}

    def make_it_refuse(self):
        self.answers = {"RCPT": "550 no such user"}

    def make_it_work(self):
        self.answers = {}

    def emails(self):
        return [read_back(content, recipient) for content, recipient, _ in self.taken]


@pytest.fixture
def other_end():
    return SmtpEnd()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(certificate_of("localhost"))
    return str(file)


@pytest.fixture
def start(other_end):
    """A server with these settings of aiosmtpd; it is stopped at the end."""
    running = []

    def start(at=None, **settings):
        controller = Controller(other_end, hostname="127.0.0.1", port=at or _free_port(), **settings)
        controller.start()
        running.append(controller)
        return controller

    yield start
    for controller in running:
        # A test may have stopped it already.
        with suppress(RuntimeError):
            controller.stop(no_assert=True)


@pytest.fixture
def server(start):
    return start()


@pytest.fixture
def options(server):
    return {"host": "127.0.0.1", "port": str(server.port), "tls": "none", "timeout": "5"}


@pytest.fixture
def made():
    """Makes suppliers whose connections are closed at the end."""
    with ExitStack() as stack:

        def make(options):
            supplier = build(options)
            stack.callback(supplier.close)
            return supplier

        yield make


@pytest.fixture
def supplier(options, made):
    return made(options)


class TestSmtp(EmailSupplierContract):
    remembers_references = False

    @pytest.fixture
    def supplier(self, supplier):
        return supplier

    @pytest.fixture
    def other_end(self, other_end):
        return other_end


def test_the_reference_is_the_messages_id_for_every_try(supplier, other_end):
    assert supplier.send(EMAIL) == supplier.send(EMAIL) == "reference-1@notify.localhost"
    assert {parsed(content)["Message-ID"] for content, _, _ in other_end.taken} == {"<reference-1@notify.localhost>"}
    assert not supplier.sends_receipts


def test_one_connection_is_kept_for_many_emails(supplier, other_end):
    for _ in range(3):
        supplier.send(EMAIL)
    assert len(other_end.taken) == 3
    assert len(other_end.peers) == 1


def test_each_thread_has_a_connection_of_its_own(supplier, other_end):
    supplier.send(EMAIL)
    thread = threading.Thread(target=lambda: supplier.send(EMAIL))
    thread.start()
    thread.join()
    assert len(other_end.peers) == 2


def test_a_connection_that_the_server_closed_is_opened_again(start, other_end, made):
    first = start()
    supplier = made({"host": "127.0.0.1", "port": str(first.port), "tls": "none"})
    supplier.send(EMAIL)
    first.stop()
    start(at=first.port)
    supplier.send(EMAIL)
    assert len(other_end.taken) == 2


def test_a_child_process_talks_over_a_connection_of_its_own(supplier, other_end):
    supplier.send(EMAIL)
    supplier._kept.line._process = -1
    supplier.send(EMAIL)
    assert len(other_end.peers) == 2


@pytest.mark.parametrize(
    ("command", "answer", "kind"),
    [
        ("RCPT", "550 no such user", SupplierRefused),
        ("RCPT", "450 mailbox busy", TransientError),
        ("DATA", "554 this is spam", SupplierRefused),
        ("DATA", "452 no room", TransientError),
        ("MAIL", "550 who are you", TransientError),
        ("MAIL", "421 going down", TransientError),
    ],
)
def test_what_the_server_says_and_what_that_means(supplier, other_end, command, answer, kind):
    other_end.answers = {command: answer}
    with pytest.raises(kind) as caught:
        supplier.send(EMAIL)
    assert answer[:3] in str(caught.value)
    assert "anna" not in str(caught.value)
    other_end.make_it_work()
    supplier.send(EMAIL)


def test_nobody_there(options, made):
    with pytest.raises(TransientError, match="ConnectionRefused"):
        made(options | {"port": "1"}).send(EMAIL)


def test_a_server_that_has_gone(supplier, server):
    supplier.send(EMAIL)
    server.stop()
    with pytest.raises(TransientError):
        supplier.send(EMAIL)


class TestTls:
    @pytest.fixture
    def context(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        return context

    def options(self, server, **more):
        return {"host": "localhost", "port": str(server.port), "timeout": "5", **more}

    def test_it_begins_in_clear_and_goes_on_encrypted(self, start, context, certificate, other_end, made):
        server = start(tls_context=context)
        made(self.options(server, ca_file=certificate)).send(EMAIL)
        assert other_end.taken[0][2]

    def test_a_server_that_cannot_is_given_nothing(self, server, other_end, made):
        with pytest.raises(TransientError):
            made(self.options(server)).send(EMAIL)
        assert not other_end.taken

    def test_a_certificate_that_nobody_knows_is_not_trusted(self, start, context, other_end, made):
        with pytest.raises(TransientError, match="SSLCertVerificationError"):
            made(self.options(start(tls_context=context))).send(EMAIL)
        assert not other_end.taken

    def test_who_sends_shows_a_password(self, start, context, certificate, other_end, made):
        def check(_server, _session, _envelope, _mechanism, shown):
            return AuthResult(success=(shown.login, shown.password) == (b"notify", b"word"))

        server = start(tls_context=context, authenticator=check, auth_required=True)
        options = self.options(server, ca_file=certificate, username="notify")
        made(options | {"password": "word"}).send(EMAIL)
        assert len(other_end.taken) == 1
        with pytest.raises(TransientError):
            made(options | {"password": "wrong"}).send(EMAIL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tls": "sometimes"},
        {"username": "a", "password": "b", "tls": "none"},
        {"username": "a", "tls": "starttls"},
        {"host": ""},
        {"port": "x"},
        {"colour": "red"},
    ],
)
def test_options_are_checked(options, wrong):
    with pytest.raises(BadOption):
        build(options | wrong)


def test_the_ports_that_go_without_saying(options):
    del options["port"]
    assert build(options | {"tls": "starttls"}).server.port == 587
    assert build(options | {"tls": "implicit"}).server.port == 465
    assert "word" not in repr(build(options | {"tls": "implicit", "username": "a", "password": "word"}))


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
