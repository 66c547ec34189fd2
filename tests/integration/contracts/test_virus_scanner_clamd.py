import socket
import threading
from contextlib import contextmanager

import pytest

from notify_adapters.options import BadOption
from notify_adapters.virus_scanner.clamd import build
from notify_core.kernel.errors import TransientError
from notify_core.testing.contracts.virus_scanner import VirusScannerContract
from notify_core.testing.fakes.virus_scanner import EICAR


class TestClamdScanner(VirusScannerContract):
    @pytest.fixture
    def scanner(self, clamd_port):
        return build({"host": "127.0.0.1", "port": str(clamd_port)})

    def make_it_fail(self, scanner):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            scanner._address = closed.getsockname()

    def test_what_it_finds_it_finds_at_the_end_of_a_large_file_too(self, scanner):
        assert scanner.scan(b"\0" * 2_000_000 + EICAR).startswith("Eicar-Test-Signature")

    def test_a_file_that_is_too_large_for_it_is_not_clean(self, scanner):
        with pytest.raises(TransientError, match="the virus scanner is not there"):
            scanner.scan(b"a" * 6_000_000)


@contextmanager
def a_daemon(answer):
    """One that takes everything and says ``answer``; None: nothing, ever."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection:
                if answer is None:
                    over.wait(60)
                    return
                taken = b""
                while not taken.endswith(b"\0\0\0\0"):
                    taken += connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield str(listening.getsockname()[1])
        finally:
            over.set()
            thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: Can't allocate memory ERROR\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: OK is what I would say",
        b"x" * 10_000,
        b"\xff\xfe\0",
    ],
)
def test_whatever_else_it_says_nothing_was_scanned(answer):
    with a_daemon(answer) as port, pytest.raises(TransientError) as away:
        build({"host": "127.0.0.1", "port": port}).scan(b"clean")
    assert away.value.retry_after


def test_an_answer_without_end_mark_is_one():
    with a_daemon(b"stream: OK") as port:
        assert build({"host": "127.0.0.1", "port": port}).scan(b"clean") is None


def test_one_that_says_nothing_is_given_up():
    with a_daemon(None) as port, pytest.raises(TransientError, match="the virus scanner is not there"):
        build({"host": "127.0.0.1", "port": port, "timeout": "0.2"}).scan(b"clean")


def test_one_that_takes_nothing_is_given_up():
    with a_daemon(None) as port, pytest.raises(TransientError, match="the virus scanner is not there"):
        build({"host": "127.0.0.1", "port": port, "timeout": "0.2"}).scan(b"a" * 50_000_000)


def test_a_name_that_is_none():
    with pytest.raises(TransientError):
        build({"host": "clamd.invalid", "connect_timeout": "1"}).scan(b"clean")


def test_options_are_checked():
    with pytest.raises(BadOption, match="host"):
        build({})
    with pytest.raises(BadOption, match="known ones: connect_timeout, host, port, timeout"):
        build({"host": "localhost", "socket": "/run/clamd"})
    with pytest.raises(BadOption, match="port"):
        build({"host": "localhost", "port": "ssh"})
