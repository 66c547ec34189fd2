"""Connections that reach public addresses only, and that can be cut from outside."""

import socket
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Lock, Thread, local
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from notify_adapters.http import Transport
from notify_core.kernel.errors import PermanentError

# Public by their number, but answered inside clouds and by protocol helpers: 192.0.0.0/24 (RFC 6890; Oracle's
# metadata), Azure's wire server, 6to4 relays.
_NEVER = tuple(ip_network(text) for text in ("192.0.0.0/24", "168.63.129.16/32", "192.88.99.0/24"))
# How IPv6-only networks write IPv4 addresses (RFC 6052).
_NAT64 = ip_network("64:ff9b::/96")


class AddressBlocked(PermanentError):
    """The name leads to an address that is not public."""


class Line:
    """What one thread's request is talking over, for ``seconds`` at most; :meth:`cut` ends it from another thread."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._lock = Lock()
        self._socket: socket.socket | None = None
        self._over = False

    def left(self) -> float:
        """How many seconds are left."""
        return max(self._end - time.monotonic(), 0.001)

    @property
    def was_cut(self) -> bool:
        return self._over

    def use(self, sock: socket.socket | None) -> None:
        with self._lock:
            self._socket = sock
            if self._over:
                self._shut()

    def cut(self) -> None:
        with self._lock:
            self._over = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was quicker


class Lines(local):
    """The line of each thread's request under way."""

    line: Line | None = None


class _Guarded:
    """Mixed into urllib3's connections. ``allows`` decides about each address, as text."""

    allows: Callable[[str], bool]
    lines: Lines
    # A second handle on the connection: TLS takes the first one away while it still shakes hands.
    _handle: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        line = self.lines.line
        wait = float(self.timeout or 0) if line is None else line.left()  # type: ignore[attr-defined]  # the other half
        sock = _connect(self, self.allows, wait)  # type: ignore[arg-type]  # a mixin is half a connection
        self._handle = sock.dup()
        self._use()
        return sock

    def request(self, *arguments: Any, **named: Any) -> None:
        self._use()
        super().request(*arguments, **named)  # type: ignore[misc]  # the other half has it

    def close(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None
        super().close()  # type: ignore[misc]  # the other half has it

    def _use(self) -> None:
        if self.lines.line is not None:
            self.lines.line.use(self._handle)


class GuardedAdapter(Transport):
    """The transport of a session whose connections only reach what ``allows`` says."""

    def __init__(self, allows: Callable[[str], bool], lines: Lines) -> None:
        class Plain(_Guarded, HTTPConnection):
            pass

        class Tls(_Guarded, HTTPSConnection):
            pass

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = Tls

        for kind in (Plain, Tls):
            kind.allows = staticmethod(allows)
            kind.lines = lines
        self._pools = {"http": PlainPool, "https": TlsPool}
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = self._pools


def is_public(text: str) -> bool:
    """Whether this address may be reached. An IPv6 address that stands for an IPv4 one counts as that."""
    # A scope (fe80::1%eth0) is only ever written behind addresses of the local link.
    address = ip_address(text.partition("%")[0])
    inner = _inside(address)
    if inner is not None:
        return is_public(str(inner))
    return (
        address.is_global
        and not (address.is_private or address.is_reserved or address.is_multicast or address.is_link_local)
        and not getattr(address, "is_site_local", False)
        and not any(address in network for network in _NEVER)
    )


def _inside(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _connect(connection: HTTPConnection, allows: Callable[[str], bool], wait: float) -> socket.socket:
    """As urllib3 does it, but to a checked address: what is checked is what is connected to. ``wait`` is for all."""
    until = time.monotonic() + wait
    found = _addresses(connection, wait)
    # All are checked before any is tried: a name that leads inside even once is a trap.
    if not all(allows(str(address[0])) for *_, address in found):
        raise AddressBlocked("the address is not public")
    problem: OSError | None = None
    for family, kind, protocol, _, address in found:
        sock = socket.socket(family, kind, protocol)
        try:
            for option in connection.socket_options or ():
                sock.setsockopt(*option)
            sock.settimeout(max(until - time.monotonic(), 0.001))
            sock.connect(address)
        except OSError as error:
            sock.close()
            problem = error
        else:
            sock.settimeout(wait)
            return sock
    if isinstance(problem, TimeoutError):
        raise ConnectTimeoutError(connection, "connecting took too long") from problem
    raise NewConnectionError(connection, "nobody is there") from problem


def _addresses(connection: HTTPConnection, wait: float) -> list[Any]:
    """Looked up in a thread of its own, which is left behind if it takes too long: the system's resolver knows no
    time-out of ours, and whoever serves a name may be slow on purpose."""
    answer: SimpleQueue[list[Any] | Exception] = SimpleQueue()

    def look_up() -> None:
        try:
            answer.put(list(socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)))
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the thread that waits
            answer.put(error)

    Thread(target=look_up, name="notify-look-up", daemon=True).start()
    try:
        found = answer.get(timeout=wait)
    except Empty:
        raise ConnectTimeoutError(connection, "looking the name up took too long") from None
    if isinstance(found, OSError | UnicodeError):
        raise NewConnectionError(connection, "the name is not known") from found
    if isinstance(found, Exception):
        raise found
    return found
