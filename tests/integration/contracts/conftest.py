"""A real HTTP server on this machine, which answers as told; emptied buckets and closed folders."""

import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID


class LoopbackServer:
    """Answers as told, and remembers what arrived: (path, headers in lower case, body)."""

    def __init__(self):
        self.arrived = []
        self.answer_with(200)
        self.latency = 0.0
        self.connections = set()
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def handle_one(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                loopback.connections.add(self.client_address)
                headers = {name.lower(): value for name, value in self.headers.items()}
                loopback.arrived.append((self.path, headers, body))
                time.sleep(loopback.latency)
                status, answer_headers, answer = loopback.respond(self.path, headers, body)
                self.send_response_only(status)
                for name, value in {"Content-Length": str(len(answer)), **answer_headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                if status != 204:
                    self.wfile.write(answer)

            do_GET = do_HEAD = do_POST = handle_one  # noqa: N815 -- http.server's names

            def log_message(self, *arguments):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                """A client that gave up is part of the test."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer_with(self, status, body=b"{}", headers=None):
        self.respond = lambda *_: (status, headers or {}, body if status != 204 else b"")

    def vanish(self):
        self.close()
        self.url = "http://127.0.0.1:1"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server.server_close = self._server.shutdown = lambda: None


@pytest.fixture
def loopback():
    server = LoopbackServer()
    yield server
    server.close()


@pytest.fixture
def remove_buckets():
    """Removes every bucket of moto's S3, with what is in it."""

    def remove():
        s3 = get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]
        for name, bucket in list(s3.buckets.items()):
            for key in list(bucket.keys):
                s3.delete_object(name, key)
            s3.delete_bucket(name)

    return remove


@pytest.fixture
def close_to_us():
    """Closes a folder to this process until the test is over."""
    closed = []

    def close(folder):
        closed.append((folder, folder.stat().st_mode & 0o777))
        folder.chmod(0)
        # Nothing is closed to root: it works as nobody for a while.
        if os.geteuid() == 0:
            os.seteuid(65534)

    yield close
    os.seteuid(os.getuid())
    for folder, mode in closed:
        folder.chmod(mode)
