"""Servers that play those outside, and can be given troubles."""

import json
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from chaos.records import Records, Taken
from chaos.trouble import Trouble, of_this_request, wait_of

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"})


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """``taken`` is what was taken with it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    taken: Taken | None = None


def json_answer(document: object, taken: Taken | None = None, status: int = 200) -> Answer:
    return Answer(status, json.dumps(document).encode(), {"Content-Type": "application/json"}, taken)


class Player:
    """Somebody who is reached by HTTP; ``answer`` takes what comes. ``trouble`` may be changed at any time."""

    def __init__(
        self,
        name: str,
        records: Records,
        answer: Callable[[Request], Answer],
        wait: Callable[[Trouble], float] = wait_of,
    ) -> None:
        self.name = name
        self.trouble = Trouble.NONE
        self._records, self._answer, self._wait = records, answer, wait

    def start(self) -> "Player":
        self._server = _Server(("127.0.0.1", 0), self._handler())
        Thread(target=self._server.serve_forever, name=self.name, daemon=True).start()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def respond(self, request: Request, trouble: Trouble) -> Answer | None:
        """None: the connection ends without an answer."""
        if not trouble.takes:
            return Answer(503) if trouble is Trouble.ERRORS else None
        answer = self._answer(request)
        time.sleep(self._wait(trouble))
        if answer.taken is not None:
            self._records.said(answer.taken, in_time=trouble.answers)
        return None if trouble is Trouble.CUT else answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        player = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _serve(self) -> None:
                # The body is read in any case: ended earlier, the caller could not know that it may repeat itself.
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self.command, self.path, dict(self.headers.items()), body)
                answer = player.respond(request, of_this_request(player.trouble))
                if answer is None:
                    self._hang_up()
                else:
                    self._send(answer)

            def _send(self, answer: Answer) -> None:
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in _HOP_BY_HOP:
                        self.send_header(name, value)
                length = answer.headers.get("Content-Length", "0") if self.command == "HEAD" else len(answer.body)
                self.send_header("Content-Length", str(length))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

            def _hang_up(self) -> None:
                """A reset, not a polite end."""
                self.close_connection = True
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()

            def log_message(self, *_arguments: object) -> None:
                """The report tells what matters."""

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815 - so http.server calls them

        return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Callers die in the middle of a request: that is what they are here for."""
