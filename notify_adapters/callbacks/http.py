"""Telling services by HTTP, at addresses that they gave us and that we do not trust."""

from collections.abc import Mapping
from threading import Timer
from urllib.parse import urlsplit

from requests.exceptions import SSLError, Timeout
from urllib3.exceptions import ReadTimeoutError

from notify_adapters.callbacks.guard import GuardedAdapter, Line, Lines, is_public
from notify_adapters.http import AnsweredLater, AnsweredNo, HttpClient
from notify_adapters.options import BadOption, boolean, integer, known, seconds
from notify_core.callbacks.model import Problem
from notify_core.callbacks.ports import CallbackFailed, CallbackRefused, CallbackRequest, CallbackSender
from notify_core.kernel.errors import PermanentError, TransientError

OPTIONS: Mapping[str, str] = {
    "timeout": "seconds for a whole delivery (5)",
    "allow_private_addresses": "whether private addresses and plain http are allowed (false; never in live)",
    "circuit_failures": "failures in a row after which an address is left alone for a while (10)",
}


class HttpCallbackSender:
    """``timeout``: seconds for the whole of a delivery, from looking the name up to the end of the answer, however
    slowly the other side speaks. ``allow_private_addresses`` also allows plain http; for development only."""

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

    def post(self, request: CallbackRequest) -> int:
        self._check(request.url)
        line = self._lines.line = Line(self._timeout)
        timer = Timer(self._timeout, line.cut)
        timer.daemon = True
        timer.start()
        try:
            answer = self._client.post(request.url, body=request.body, headers=request.headers)
        except AnsweredLater as error:
            raise CallbackFailed(str(error), status=error.status, retry_after=error.retry_after) from error
        except TransientError as error:
            raise CallbackFailed(str(error), problem=_problem(error, line)) from error
        except AnsweredNo as error:
            raise CallbackRefused(str(error), status=error.status) from error
        except PermanentError as error:
            raise CallbackRefused(str(error), problem=Problem.ADDRESS) from error
        finally:
            timer.cancel()
            self._lines.line = None
        # Half an answer may look like a whole one: headers end where the connection does.
        if line.was_cut:
            raise CallbackFailed("no answer in time", problem=Problem.TIME_OUT)
        return answer.status

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
        except ValueError:
            raise CallbackRefused("the callback's address is none", problem=Problem.ADDRESS) from None
        if parts.scheme not in self._schemes or not parts.hostname:
            raise CallbackRefused("only https addresses are called back", problem=Problem.ADDRESS)


def _problem(error: TransientError, line: Line) -> Problem:
    cause = error.__cause__
    # The second is of a body that is read below requests.
    if line.was_cut or isinstance(cause, Timeout | ReadTimeoutError | TimeoutError):
        return Problem.TIME_OUT
    return Problem.CERTIFICATE if isinstance(cause, SSLError) else Problem.NO_CONNECTION


def _anywhere(address: str) -> bool:  # noqa: ARG001 -- the shape of is_public
    return True


def build(options: Mapping[str, str]) -> CallbackSender:
    """Options ``timeout`` in seconds (5), ``allow_private_addresses`` (false; never in ``live``).

    ``circuit_failures`` belongs to whoever counts failures, and is only looked at.
    """
    known(options, *OPTIONS)
    integer(options, "circuit_failures", 10, minimum=1)
    allow = boolean(options, "allow_private_addresses")
    if allow and options.get("environment") == "live":
        raise BadOption("option allow_private_addresses must not be set in the environment live")
    return HttpCallbackSender(timeout=seconds(options, "timeout", 5), allow_private_addresses=allow)
