"""The guarded connection still proves whom it talks to: certificate and name, over one kept connection."""

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import (
    BasicConstraints,
    CertificateBuilder,
    DNSName,
    Name,
    NameAttribute,
    SubjectAlternativeName,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

from notify_adapters.callbacks.guard import AddressBlocked, GuardedAdapter, Lines, is_public
from notify_adapters.callbacks.http import HttpCallbackSender
from notify_core.callbacks.model import Problem
from notify_core.callbacks.ports import CallbackFailed, CallbackRequest


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = Name([NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        CertificateBuilder(name, name, key.public_key(), random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(SubjectAlternativeName([DNSName("localhost")]), critical=False)
        .add_extension(BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return str(file)


@pytest.fixture
def server(certificate):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self):
            server.connections.add(self.client_address)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request, client_address):
            """A client that does not trust the server is part of the test."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(("127.0.0.1", 0), Handler)
    server.connections, server.names = set(), []
    context.sni_callback = lambda _, name, __: server.names.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", GuardedAdapter(lambda _: True, Lines()))
        yield session


def url(server, host="localhost"):
    return f"https://{host}:{server.server_address[1]}/"


def test_the_name_is_asked_for_proved_and_the_connection_kept(server, session, certificate):
    for _ in range(3):
        assert session.get(url(server), timeout=5, verify=certificate).status_code == 204
    assert server.names == ["localhost"]
    assert len(server.connections) == 1


def test_another_name_than_the_certificates_is_not_believed(server, session, certificate):
    with pytest.raises(requests.exceptions.SSLError):
        session.get(url(server, "127.0.0.1"), timeout=5, verify=certificate)


def test_an_unknown_issuer_is_not_believed(server, session):
    with pytest.raises(requests.exceptions.SSLError):
        session.get(url(server), timeout=5)


def test_an_address_inside_is_not_even_knocked_at(server, session, certificate):
    session.mount("https://", GuardedAdapter(is_public, Lines()))
    with pytest.raises(AddressBlocked):
        session.get(url(server), timeout=5, verify=certificate)
    assert not server.names


def test_an_operator_is_told_that_it_is_the_certificate(server):
    sender = HttpCallbackSender(timeout=5, allow_private_addresses=True)
    with pytest.raises(CallbackFailed) as caught:
        sender.post(CallbackRequest(url(server), b"{}", {}))
    assert caught.value.problem is Problem.CERTIFICATE
