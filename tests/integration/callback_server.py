"""A service's own server, which believes nothing that the public library of Standard Webhooks does not."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOKEN = "bearer-of-the-service"


class CallbackServer:
    """Answers with ``status``, after ``go_on`` is set. ``told`` are the bodies it believed, ``ids`` the ``webhook-id``
    of every request, in their order."""

    def __init__(self):
        self.status = 204
        self.go_on = threading.Event()
        self.go_on.set()
        self.told, self.ids = [], []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                headers = {name.lower(): value for name, value in self.headers.items()}
                assert headers["authorization"] == f"Bearer {TOKEN}"
                told = Webhook(SECRET).verify(body, headers)
                server.ids.append(headers["webhook-id"])
                server.go_on.wait(60)
                if server.status < 300:
                    server.told.append(told)
                self.send_response(server.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments):
                """Nobody reads it."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                """A client that gave up is part of the test."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/callbacks"

    def close(self):
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
