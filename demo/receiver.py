"""A service's own receiver of callbacks, as small as it can be while checking what it gets."""

import base64
import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_bytes, token_hex
from threading import Thread
from typing import Any


class Subscriber:
    """Knows whether it is told something by whom it should be."""

    def __init__(self) -> None:
        self.token = token_hex(16)
        self.secret = "whsec_" + base64.b64encode(token_bytes(24)).decode()
        self.refused: list[str] = []

    def take(self, headers: Any, body: bytes) -> dict[str, Any] | None:
        """What is told; None, and noted, where token or signature are wrong."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        if headers["Authorization"] != f"Bearer {self.token}" or headers["webhook-signature"] != expected:
            self.refused.append(headers["webhook-id"])
            return None
        told: dict[str, Any] = json.loads(body)
        return told


class Receiver(Subscriber):
    """Keeps every delivery status whose token and signature are right, by notification id."""

    def __init__(self) -> None:
        super().__init__()
        self.received: dict[str, dict[str, Any]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/delivery-status"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told = receiver.take(self.headers, body)
                if told is not None:
                    receiver.received[told["id"]] = told
                self.send_response(403 if told is None else 204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """The account tells what matters."""

        return Handler
