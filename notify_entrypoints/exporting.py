"""Metrics that are fetched instead of told: served by the API, and by other processes on a port of their own."""

import hmac
import logging
from dataclasses import dataclass, field
from errno import EADDRINUSE
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, ClassVar, Protocol, runtime_checkable

from notify_entrypoints.loops import start_loop

logger = logging.getLogger(__name__)

PATH = "/metrics"

# Another process of this data directory serves the same figures at this address; when it ends, one of the others does.
SECONDS_BETWEEN_TRIES = 10.0
# Between two looks at whether to end.
_LOOK = 0.5
# A scraper that says nothing is not waited for.
_PATIENCE = 10.0


@runtime_checkable
class Fetched(Protocol):
    """What a metrics adapter has that is fetched from. ``address`` is where processes that are no API serve it,
    None: nowhere."""

    token: str
    address: tuple[str, int] | None

    def exposition(self) -> tuple[bytes, str]:
        """What a scraper reads, and its content type.

        :raises OSError: the figures cannot be read.
        """
        ...


def is_token(shown: str, token: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(shown.encode(), token.encode())


@dataclass
class Exporter:
    """Serves :data:`PATH` in a thread as long as it is not stopped; nothing, where metrics are told or no address is
    given. Of several processes with one address the first serves it, and the others wait for its end."""

    metrics: object
    pause: float = SECONDS_BETWEEN_TRIES
    _end: Event = field(default_factory=Event, init=False, repr=False)
    _thread: Thread | None = field(default=None, init=False, repr=False)

    def start(self) -> None:
        if not isinstance(self.metrics, Fetched) or self.metrics.address is None:
            return
        self._thread = start_loop("notify-exporter", partial(self._step, self.metrics, self.metrics.address), self._end)

    def stop(self) -> None:
        self._end.set()
        if self._thread is not None:
            self._thread.join(2 * _LOOK)

    def _step(self, metrics: Fetched, address: tuple[str, int]) -> None:
        try:
            server = _Server(address, partial(_Handler, metrics))
        except OSError as error:
            if error.errno != EADDRINUSE:
                logger.warning("the metrics cannot be served at %s:%d: %s", *address, error.strerror)
            self._end.wait(self.pause)
            return
        with server:
            logger.info("the metrics are served at http://%s:%d%s", *address, PATH)
            while not self._end.is_set():
                server.handle_request()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    timeout = _LOOK


class _Handler(BaseHTTPRequestHandler):
    timeout: ClassVar[float] = _PATIENCE

    def __init__(self, metrics: Fetched, *arguments: Any) -> None:
        self._metrics = metrics
        super().__init__(*arguments)

    def do_GET(self) -> None:
        scheme, _, shown = self.headers.get("Authorization", "").partition(" ")
        if self.path.partition("?")[0] != PATH:
            self._answer(HTTPStatus.NOT_FOUND)
        elif scheme.lower() != "bearer" or not is_token(shown.strip(), self._metrics.token):
            self._answer(HTTPStatus.UNAUTHORIZED)
        else:
            self._answer(HTTPStatus.OK, *self._metrics.exposition())

    def _answer(self, status: HTTPStatus, body: bytes = b"", content_type: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """A line for each scrape would tell nobody anything."""
