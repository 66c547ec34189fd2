import socket
import threading
import time
from datetime import timedelta

import pytest

from notify_adapters.callbacks import guard
from notify_adapters.callbacks.guard import is_public
from notify_adapters.callbacks.http import HttpCallbackSender, build
from notify_adapters.options import BadOption
from notify_core.callbacks.ports import CallbackRequest
from notify_core.kernel.errors import PermanentError, TransientError
from notify_core.testing.contracts.callback_sender import CallbackSenderContract


class Receiver:
    def __init__(self, server):
        self.server = server

    @property
    def url(self):
        return f"{self.server.url}/callback"

    def answer(self, status, headers=None):
        self.server.answer_with(status, headers=headers)

    def vanish(self):
        self.server.vanish()

    def requests(self):
        return [CallbackRequest(self.server.url + path, body, headers) for path, headers, body in self.server.arrived]


class TestHttp(CallbackSenderContract):
    @pytest.fixture
    def sender(self):
        return build({"allow_private_addresses": "true", "environment": "development", "timeout": "2"})

    @pytest.fixture
    def strict_sender(self):
        return build({"environment": "live"})

    @pytest.fixture
    def receiver(self, loopback):
        return Receiver(loopback)

    def test_credentials_in_the_address_do_not_replace_the_token(self, sender, receiver):
        sender.post(request(receiver.url.replace("//", "//user:password@")))
        assert receiver.requests()[0].headers["authorization"] == "Bearer word"

    def test_connections_are_kept(self, sender, receiver, loopback):
        for _ in range(5):
            sender.post(request(receiver.url))
        assert len(loopback.connections) == 1

    def test_cookies_are_not(self, sender, receiver):
        receiver.answer(200, {"Set-Cookie": "a=b"})
        sender.post(request(receiver.url))
        sender.post(request(receiver.url))
        assert "cookie" not in receiver.requests()[1].headers

    def test_retry_after_may_be_a_date(self, sender, receiver):
        headers = {"Date": "Mon, 05 Jan 2026 12:00:00 GMT", "Retry-After": "Mon, 05 Jan 2026 12:01:30 GMT"}
        receiver.server.respond = lambda *_: (503, headers, b"")
        with pytest.raises(TransientError) as caught:
            sender.post(request(receiver.url))
        assert caught.value.retry_after == timedelta(seconds=90)

    @pytest.mark.parametrize("text", ["soon", "-5", "1.5", ""])
    def test_nonsense_in_retry_after_is_nothing(self, sender, receiver, text):
        receiver.answer(429, {"Retry-After": text})
        with pytest.raises(TransientError) as caught:
            sender.post(request(receiver.url))
        assert caught.value.retry_after is None


def request(url):
    return CallbackRequest(url, b"{}", {"Authorization": "Bearer word", "Content-Type": "application/json"})


def test_live_refuses_to_reach_private_addresses():
    with pytest.raises(BadOption, match="allow_private_addresses"):
        build({"allow_private_addresses": "true", "environment": "live"})


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 -- nothing binds to it
        "10.0.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "100.64.0.1",
        "100.127.255.255",
        "100.100.100.200",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "192.88.99.1",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
        "64:ff9b::169.254.169.254",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
    ],
)
def test_addresses_inside(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "81.2.69.142", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_addresses_outside(address):
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "017700000001", "localhost", "LOCALHOST."])
def test_other_ways_to_write_this_machine(host):
    with pytest.raises((PermanentError, TransientError)):
        HttpCallbackSender(timeout=2).post(request(f"https://{host}/callback"))


def test_what_is_checked_is_what_is_connected_to(loopback, monkeypatch):
    """A name that changes its mind between two questions is asked once."""
    port = int(loopback.url.rpartition(":")[2])
    asked = []

    def getaddrinfo(host, port_, **_):
        asked.append(host)
        address = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port_))]

    connected = []

    class Socket(socket.socket):
        def connect(self, address):
            connected.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(guard.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(guard.socket, "socket", Socket)
    with pytest.raises(TransientError):
        HttpCallbackSender(timeout=2).post(request(f"https://rebinding.example:{port}/"))
    assert connected == [("8.8.8.8", port)]


def test_a_name_that_also_leads_inside_is_blocked(monkeypatch):
    def getaddrinfo(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(guard.socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(PermanentError):
        HttpCallbackSender(timeout=2).post(request("https://both.example/"))


@pytest.fixture(params=[b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n", b""])
def slow_speaker(request):
    """Speaks a byte every 50 ms, so that no single wait is ever long."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def speak():
        connection, _ = listener.accept()
        with connection:
            try:
                connection.sendall(request.param)
                while not stop.wait(0.05):
                    connection.sendall(b"1")
            except OSError:
                return

    thread = threading.Thread(target=speak, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    stop.set()
    thread.join(5)
    listener.close()


def test_who_speaks_slowly_gets_no_more_time_than_others(slow_speaker):
    sender = HttpCallbackSender(timeout=0.4, allow_private_addresses=True)
    start = time.monotonic()
    with pytest.raises(TransientError):
        sender.post(request(slow_speaker))
    assert time.monotonic() - start < 1.5


def test_a_slow_tls_handshake_gets_no_more_time_either(slow_speaker):
    sender = HttpCallbackSender(timeout=0.4, allow_private_addresses=True)
    start = time.monotonic()
    with pytest.raises(TransientError):
        sender.post(request(slow_speaker.replace("http://", "https://")))
    assert time.monotonic() - start < 1.5


def test_after_a_cut_connection_the_next_callback_goes_out(loopback):
    sender = HttpCallbackSender(timeout=0.3, allow_private_addresses=True)
    loopback.latency = 1
    with pytest.raises(TransientError):
        sender.post(request(loopback.url))
    loopback.latency = 0
    sender.post(request(loopback.url))
    assert len(loopback.arrived) == 2
