"""A supplier of texts with MMG's interface that takes everything: as little work as a server over HTTP can be, since
it runs on the processors that are being measured.

Run as ``python -m benchmarks.http_supplier PORT``. ``GET /`` answers how many texts it took, how many of them for
a second time, and over how many connections; ``GET /at/REFERENCE`` when (seconds since 1970) it took one, or null.
"""

import json
import re
import socket
import sys
import time
from threading import Thread

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_REFERENCE = re.compile(rb'"cid": *"([^"]+)"')
_ASKED = re.compile(rb"\AGET /at/(\S+)")
_TAKEN = b'HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{"Reference":"accepted"}'


class Supplier:
    """A thread waits at each connection, which costs less than being told of it."""

    def __init__(self) -> None:
        self._taken_at: dict[bytes, float] = {}
        self._repeats = 0
        self._connections = 0

    def serve(self, port: int) -> None:
        with socket.create_server(("127.0.0.1", port)) as server:
            while True:
                connection, _ = server.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        """Requests come one after the other."""
        waiting, has_sent = b"", False
        with connection:
            while data := connection.recv(65536):
                waiting += data
                end = waiting.find(b"\r\n\r\n")
                length = _LENGTH.search(waiting, 0, end) if end >= 0 else None
                if end < 0 or len(waiting) < end + 4 + (int(length[1]) if length else 0):
                    continue
                asked, reference, waiting = _ASKED.match(waiting), _REFERENCE.search(waiting), b""
                if reference is None:
                    connection.sendall(_json({"at": self._taken_at.get(asked[1])} if asked else self._figures()))
                    continue
                self._connections += not has_sent
                has_sent = True
                self._repeats += reference[1] in self._taken_at
                self._taken_at.setdefault(reference[1], time.time())
                connection.sendall(_TAKEN)

    def _figures(self) -> dict[str, int]:
        return {"taken": len(self._taken_at), "repeats": self._repeats, "connections": self._connections}


def _json(document: object) -> bytes:
    body = json.dumps(document).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


if __name__ == "__main__":
    Supplier().serve(int(sys.argv[1]))
