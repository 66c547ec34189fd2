"""A listener on the wire: a server of this machine, reached by another port."""

import socket
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from urllib.parse import urlsplit


class Proxy:
    """Passes everything on. ``listen`` makes a listener for each connection, whose ``asked`` and ``answered`` get the
    bytes as they come, before who they are for. What a listener raises ends the connection, and is in ``failures``."""

    def __init__(self, host, port, listen):
        self.failures = []
        proxy = self

        class Handler(BaseRequestHandler):
            def handle(self):
                with socket.create_connection((host, port)) as server:
                    listener = listen()
                    answers = Thread(target=proxy._pass_on, args=(server, self.request, listener.answered))
                    answers.start()
                    proxy._pass_on(self.request, server, listener.asked)
                    answers.join()

        class Server(ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 100

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.port = self._server.server_address[1]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _pass_on(self, source, target, hear):
        # Killed processes do not say good-bye.
        with suppress(OSError):
            while said := source.recv(65536):
                try:
                    hear(said)
                except Exception as error:  # noqa: BLE001 - told by a test, not by a thread that nobody waits for
                    self.failures.append(error)
                    break
                target.sendall(said)
        for side in (source, target):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


class ProxiedBroker:
    """A broker of this machine under another address, and the ``record`` of what is said there."""

    def __init__(self, url, record, listen):
        self.environ = {}
        server = urlsplit(url)
        self._proxy = Proxy(server.hostname, server.port, listen)
        self.record, self.failures = record, self._proxy.failures
        people, _, _ = server.netloc.rpartition("@")
        self.url = server._replace(netloc=f"{people}@127.0.0.1:{self._proxy.port}".removeprefix("@")).geturl()

    def close(self):
        self._proxy.close()
