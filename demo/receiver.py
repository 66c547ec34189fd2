"""A service's own receiver of callbacks, as small as it can be while checking what it gets."""

import base64
import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_bytes, token_hex
from threading import Thread
from typing import Any


class Receiver:
    """Keeps every delivery status whose token and signature are right, by notification id."""

    def __init__(self) -> None:
        self.token = token_hex(16)
        self.secret = "whsec_" + base64.b64encode(token_bytes(24)).decode()
        self.received: dict[str, dict[str, Any]] = {}
        self.refused: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/delivery-status"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, headers: Any, body: bytes) -> bool:
        """Keep a callback if it is from whom it should be."""
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        if headers["Authorization"] != f"Bearer {self.token}" or headers["webhook-signature"] != expected:
            self.refused.append(headers["webhook-id"])
            return False
        told = json.loads(body)
        self.received[told["id"]] = told
        return True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(204 if receiver.take(self.headers, body) else 403)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """The account tells what matters."""

        return Handler
