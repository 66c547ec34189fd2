"""ClamAV's daemon over TCP, by its command INSTREAM (see clamd(8)).

The connection is not encrypted and files go over it as they are: the daemon belongs on this machine or a private
network. Its ``StreamMaxLength`` must be at least as large as the largest file (2 MB for files by email, 7.5 MB
for letters).
"""

import socket
import struct
import time
from collections.abc import Mapping
from datetime import timedelta

from notify_adapters.options import integer, known, required, seconds
from notify_core.kernel.errors import TransientError
from notify_core.ports.virus_scanner import VirusScanner

OPTIONS: Mapping[str, str] = {
    "host": "where clamd listens",
    "port": "its port (3310)",
    "connect_timeout": "seconds until a connection must stand (3)",
    "timeout": "seconds that a scan may take (30)",
}

_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096
_AGAIN_AFTER = timedelta(seconds=30)
_BEFORE, _FOUND, _CLEAN = "stream: ", " FOUND", "stream: OK"


class ClamdScanner:
    def __init__(self, host: str, port: int, *, connect_timeout: float = 3, timeout: float = 30) -> None:
        self._address = host, port
        self._connect_timeout = connect_timeout
        self._timeout = timeout

    def scan(self, content: bytes) -> str | None:
        try:
            with socket.create_connection(self._address, self._connect_timeout) as connection:
                answer = self._ask(connection, content)
        except OSError as error:
            raise _away(str(error) or type(error).__name__) from error
        if answer == _CLEAN:
            return None
        if answer.startswith(_BEFORE) and answer.endswith(_FOUND):
            return answer.removeprefix(_BEFORE).removesuffix(_FOUND)
        # Too large for it, out of memory, about to end: whatever it is, nothing was scanned.
        raise _away(f"it answered {answer[:100]!r}")

    def _ask(self, connection: socket.socket, content: bytes) -> str:
        deadline = time.monotonic() + self._timeout
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            _hurry(connection, deadline)
            try:
                connection.sendall(struct.pack("!L", len(piece)) + piece)
            except (BrokenPipeError, ConnectionResetError):
                # It has had enough, and perhaps has said why.
                return _answer(connection, deadline)
        connection.sendall(struct.pack("!L", 0))
        return _answer(connection, deadline)


def _answer(connection: socket.socket, deadline: float) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        _hurry(connection, deadline)
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _hurry(connection: socket.socket, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("it takes too long")
    connection.settimeout(left)


def _away(why: str) -> TransientError:
    return TransientError(f"the virus scanner is not there: {why}", retry_after=_AGAIN_AFTER)


def build(options: Mapping[str, str]) -> VirusScanner:
    known(options, *OPTIONS)
    return ClamdScanner(
        required(options, "host"),
        integer(options, "port", 3310, minimum=1),
        connect_timeout=seconds(options, "connect_timeout", 3),
        timeout=seconds(options, "timeout", 30),
    )
