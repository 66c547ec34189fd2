"""Metrics by StatsD over UDP."""

import re
import time
import weakref
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from ipaddress import ip_address
from threading import Lock, Thread
from typing import Any

from statsd import StatsClient  # type: ignore[import-untyped]  # statsd ships no types

from notify_adapters.metrics.old_names import old_name
from notify_adapters.options import boolean, integer, known, required
from notify_core.ports.metrics import Metrics

OPTIONS: Mapping[str, str] = {
    "host": "where the StatsD server listens",
    "port": "its UDP port (8125)",
    "prefix": "instead of {environment}.notifications.{app_name}",
    "old_names": "whether the names of before are sent too (true)",
}

# What would end a name or a packet, and what StatsClient cannot encode.
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_./-]")
_NEXT_TRY = 30.0
_RESOLVED_FOR = 300.0
_WAITING = 1000


class StatsdMetrics:
    """The host's name is resolved by a thread of its own, and again every five minutes; until it is known
    the latest 1,000 figures wait, and nobody who measures ever does.

    ``old_names``: also tell of successful tasks by the names that older dashboards know.
    """

    def __init__(
        self,
        host: str,
        port: int,
        prefix: str,
        *,
        old_names: bool = True,
        connect: Callable[[str, int, str], Any] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect = partial(connect or _connected, host, port, prefix)
        self._monotonic = monotonic
        self._old_names = old_names
        self._lock = Lock()
        self._client: Any = None
        self._resolve_at = 0.0
        self._resolver: Thread | None = None
        self._waiting: deque[tuple[str, str, float]] = deque(maxlen=_WAITING)
        if _is_number(host):
            self._resolve()
            self._resolve_at = float("inf")

    def count(self, name: str, by: int = 1) -> None:
        self._tell("incr", name, by)

    def timing(self, name: str, seconds: float) -> None:
        self._tell("timing", name, seconds * 1000)
        if self._old_names and (old := old_name(name)):
            self._tell("incr", old, 1)
            self._tell("timing", old, seconds * 1000)

    def gauge(self, name: str, value: float) -> None:
        self._tell("gauge", name, value)

    def close(self) -> None:
        """Close the socket; a figure told later opens another."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None
            self._resolve_at = 0.0

    def _tell(self, kind: str, name: str, value: float) -> None:
        name = _NOT_IN_NAMES.sub("_", name)
        if self._monotonic() >= self._resolve_at:
            self._start_resolving()
        client = self._client
        if client is not None:
            getattr(client, kind)(name, value)
            return
        with self._lock:
            if self._client is None:
                self._waiting.append((kind, name, value))
                return
            getattr(self._client, kind)(name, value)

    def _start_resolving(self) -> None:
        with self._lock:
            # A thread that was alive before a fork is not alive in the child.
            if self._resolver is not None and self._resolver.is_alive():
                return
            self._resolve_at = self._monotonic() + _NEXT_TRY
            self._resolver = Thread(target=self._resolve, name="statsd-resolver", daemon=True)
            resolver = self._resolver
        try:
            resolver.start()
        except RuntimeError:
            # The interpreter is shutting down, or there are too many threads: figures are not worth failing for.
            return

    def _resolve(self) -> None:
        try:
            client = self._connect()
        except OSError:
            return
        with self._lock:
            # The old client is left to the garbage collector: another thread may just be using it.
            self._client = client
            self._resolve_at = self._monotonic() + _RESOLVED_FOR
            # Many in one packet: a burst of packets would overflow the receiver.
            with client.pipeline() as together:
                while self._waiting:
                    kind, name, value = self._waiting.popleft()
                    getattr(together, kind)(name, value)


def _connected(host: str, port: int, prefix: str) -> Any:
    try:
        client = StatsClient(host, port, prefix=prefix or None)
    except OSError:
        client = StatsClient(host, port, prefix=prefix or None, ipv6=True)
    sock = client._sock  # noqa: SLF001 -- StatsClient offers no settings; pinned by a test
    # A full send buffer must drop the figure, not hold up whoever measures.
    sock.settimeout(0)
    weakref.finalize(client, sock.close)
    return client


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def build(options: Mapping[str, str]) -> Metrics:
    """Options ``host``, ``port`` (8125), ``old_names`` (true), and ``prefix`` instead of the usual
    ``{environment}.notifications.{app_name}``."""
    known(options, *OPTIONS)
    usual = f"{options.get('environment', 'development')}.notifications.{options.get('app_name', 'api')}"
    prefix = options.get("prefix", usual).strip().rstrip(".")
    return StatsdMetrics(
        required(options, "host"),
        integer(options, "port", 8125, minimum=1),
        prefix,
        old_names=boolean(options, "old_names", default=True),
    )
