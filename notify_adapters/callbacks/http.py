"""Telling services by HTTP, at addresses that they gave us and that we do not trust."""

from collections.abc import Mapping
from threading import Timer
from urllib.parse import urlsplit

from notify_adapters.callbacks.guard import AddressBlocked, GuardedAdapter, Line, Lines, is_public
from notify_adapters.http import HttpClient
from notify_adapters.options import BadOption, boolean, known, seconds
from notify_core.callbacks.ports import CallbackRequest, CallbackSender
from notify_core.kernel.errors import PermanentError, TransientError

OPTIONS: Mapping[str, str] = {
    "timeout": "seconds for a whole delivery (5)",
    "allow_private_addresses": "whether private addresses and plain http are allowed (false; never in live)",
    "circuit_failures": "failures in a row after which an address is left alone for a while (10)",
}


class HttpCallbackSender:
    """``timeout``: seconds for the whole of a delivery once the name is resolved, however slowly the
    other side speaks. ``allow_private_addresses`` also allows plain http; for development only."""

    def __init__(self, *, timeout: float = 5, allow_private_addresses: bool = False) -> None:
        self._timeout = timeout
        self._schemes = frozenset({"https", "http"} if allow_private_addresses else {"https"})
        self._lines = Lines()
        allows = _anywhere if allow_private_addresses else is_public
        self._client = HttpClient(
            connect_timeout=timeout,
            read_timeout=timeout,
            adapter=lambda: GuardedAdapter(allows, self._lines),
        )

    def post(self, request: CallbackRequest) -> None:
        self._check(request.url)
        line = self._lines.line = Line()
        timer = Timer(self._timeout, line.cut)
        timer.daemon = True
        timer.start()
        try:
            self._client.post(request.url, body=request.body, headers=request.headers)
            # Half an answer may look like a whole one: headers end where the connection does.
            if line.was_cut:
                raise TransientError("no answer in time")
        finally:
            timer.cancel()
            self._lines.line = None

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:
            raise PermanentError("the callback's address is none") from None
        if parts.scheme not in self._schemes or not parts.hostname:
            raise AddressBlocked("only https addresses are called back")


def _anywhere(address: str) -> bool:  # noqa: ARG001 -- the shape of is_public
    return True


def build(options: Mapping[str, str]) -> CallbackSender:
    """Options ``timeout`` in seconds (5), ``allow_private_addresses`` (false; never in ``live``).

    ``circuit_failures`` belongs to whoever counts failures.
    """
    known(options, *OPTIONS)
    allow = boolean(options, "allow_private_addresses")
    if allow and options.get("environment") == "live":
        raise BadOption("option allow_private_addresses must not be set in the environment live")
    return HttpCallbackSender(timeout=seconds(options, "timeout", 5), allow_private_addresses=allow)
