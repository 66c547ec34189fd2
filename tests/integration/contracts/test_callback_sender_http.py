import socket
import threading
import time
from datetime import timedelta

import pytest

from notify_adapters.callbacks import guard
from notify_adapters.callbacks.guard import is_public
from notify_adapters.callbacks.http import HttpCallbackSender, build
from notify_adapters.options import BadOption
from notify_core.callbacks.model import Problem
from notify_core.callbacks.ports import CallbackFailed, CallbackRefused, CallbackRequest
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


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0177.0.0.1",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1%25eth0]",
        "[fe80::1%eth0]",
        "[::1%25lo]",
        "user:password@127.0.0.1",
        "example.com@127.0.0.1",
        "127.0.0.1:443",
    ],
)
def test_other_ways_to_write_this_machine(host, nobody_is_called):
    with pytest.raises((CallbackRefused, CallbackFailed)):
        HttpCallbackSender(timeout=2).post(request(f"https://{host}/callback"))


@pytest.fixture
def nobody_is_called(monkeypatch):
    """No socket connects anywhere, to whatever a host's name leads."""
    connected = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: connected.append(address))
    yield
    assert connected == []


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


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"])
def test_no_proxy_is_asked(monkeypatch, loopback, variable):
    """It would resolve the name, and connect, where nothing is checked."""
    monkeypatch.setenv(variable, loopback.url)
    with pytest.raises(CallbackRefused):
        HttpCallbackSender(timeout=2).post(request("https://localhost/callback"))
    HttpCallbackSender(timeout=2, allow_private_addresses=True).post(request(loopback.url + "/callback"))
    assert [path for path, _, _ in loopback.arrived] == ["/callback"]


def test_who_serves_a_name_slowly_gets_no_more_time_than_others(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
    start = time.monotonic()
    with pytest.raises(CallbackFailed) as caught:
        HttpCallbackSender(timeout=0.4).post(request("https://slow-name.example/"))
    assert caught.value.problem is Problem.TIME_OUT
    assert time.monotonic() - start < 2
    over.set()


@pytest.mark.parametrize("error", [socket.gaierror("no"), UnicodeError("label too long")])
def test_a_name_that_there_is_not(monkeypatch, error):
    def getaddrinfo(*_, **__):
        raise error

    monkeypatch.setattr(guard.socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(CallbackFailed) as caught:
        HttpCallbackSender(timeout=2).post(request("https://nowhere.example/"))
    assert caught.value.problem is Problem.NO_CONNECTION


def test_a_mistake_while_looking_up_is_not_taken_for_an_answer(monkeypatch):
    def getaddrinfo(*_, **__):
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(guard.socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(RuntimeError):
        HttpCallbackSender(timeout=2).post(request("https://nowhere.example/"))


def test_no_more_is_read_than_anybody_has_to_say(loopback):
    loopback.respond = lambda *_: (200, {}, b"x" * 20_000_000)
    sender = HttpCallbackSender(timeout=5, allow_private_addresses=True)
    assert sender.post(request(loopback.url)) == 200


def test_a_name_that_leads_elsewhere_the_second_time_is_blocked_then(monkeypatch):
    """Each delivery asks anew, and each is checked."""
    answers = iter(["8.8.8.8", "169.254.169.254"])

    def getaddrinfo(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    class Socket(socket.socket):
        def connect(self, address):
            assert address[0] == "8.8.8.8"
            raise ConnectionRefusedError

    monkeypatch.setattr(guard.socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(guard.socket, "socket", Socket)
    sender = HttpCallbackSender(timeout=2)
    with pytest.raises(CallbackFailed):
        sender.post(request("https://rebinding.example/"))
    with pytest.raises(CallbackRefused):
        sender.post(request("https://rebinding.example/"))


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
