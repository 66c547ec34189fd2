"""The fake networks served in the shape of AWS Lambda's invoke call, so that the adapter ``lambda`` can be
pointed at them with ``AWS_ENDPOINT_URL_LAMBDA``."""

import json
import re
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from notify_adapters.cbc.fake_centre import Answer, FakeCentre
from notify_adapters.cbc.fake_store import FakeNetworkStore, Kind
from notify_adapters.cbc.profiles import Profiles
from notify_core.broadcasts.model import Route
from notify_core.broadcasts.ports import NetworkProfile

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_PATH = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/")
_MAX_BYTES = 6_000_000  # Lambda's own limit for synchronous calls
_SILENCE = 15.0  # seconds, beyond the read time-out of callers that keep the default

_Reply = tuple[str, dict[str, str], object]


class InvokeEndpoint:
    """A WSGI application: ``POST /2015-03-31/functions/{name}/invocations`` for the functions of all profiles.

    With ``access_key_id`` only calls that name this key are served. Signatures are not looked at: who can reach a fake
    may broadcast there, but a deployment that mixes its credentials up should hear of it here first.
    """

    def __init__(
        self,
        store: FakeNetworkStore,
        profiles: Profiles,
        sleep: Callable[[float], None] = time.sleep,
        access_key_id: str | None = None,
    ) -> None:
        self._access_key_id = access_key_id
        self._centre = FakeCentre(store, sleep)
        self._sleep = sleep
        self._routes = {
            function: (profile, route)
            for profile in profiles
            for route, function in zip(Route, profile.functions, strict=True)
        }

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        status, headers, body = self._reply(environ)
        encoded = json.dumps(body).encode()
        start_response(
            status,
            [("Content-Type", "application/json"), ("Content-Length", str(len(encoded))), *headers.items()],
        )
        return [encoded]

    def _reply(self, environ: "WSGIEnvironment") -> _Reply:
        path = _PATH.fullmatch(environ.get("PATH_INFO", ""))
        if path is None or environ["REQUEST_METHOD"] != "POST":
            return _error("404 Not Found", "UnknownOperationException", "no such operation")
        if self._access_key_id is not None and self._access_key_id != _access_key(environ):
            text = "The security token included in the request is invalid."
            return _error("403 Forbidden", "UnrecognizedClientException", text)
        called = self._routes.get(unquote(path[1]))
        if called is None:
            return _error("404 Not Found", "ResourceNotFoundException", f"Function not found: {path[1]}")
        return self._invoked(called, environ)

    def _invoked(self, called: tuple[NetworkProfile, Route], environ: "WSGIEnvironment") -> _Reply:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length > _MAX_BYTES:
            return _error("413 Content Too Large", "RequestTooLargeException", "the payload is too large")
        try:
            payload = json.loads(environ["wsgi.input"].read(length), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            return _error("400 Bad Request", "InvalidRequestContentException", str(error))
        if not isinstance(payload, dict):
            return _error("400 Bad Request", "InvalidRequestContentException", "the payload is not an object")
        return self._translated(self._centre.receive(*called, payload))

    def _translated(self, answer: Answer) -> _Reply:
        said = {"errorMessage": answer.detail}
        match answer.kind:
            case Kind.ACKNOWLEDGES:
                return "200 OK", {}, {"statusCode": 200}
            case Kind.FUNCTION_ERROR:
                return "200 OK", {"X-Amz-Function-Error": "Unhandled"}, said
            case Kind.STATUS:
                return "300 Multiple Choices", {}, said
            case Kind.CLIENT_ERROR:
                return _error("500 Internal Server Error", "ServiceException", answer.detail)
            case Kind.TIME_OUT | Kind.ACKNOWLEDGEMENT_LOST:
                self._sleep(_SILENCE)
                return _error("504 Gateway Timeout", "ServiceException", answer.detail)


def _access_key(environ: "WSGIEnvironment") -> str | None:
    """Whose signature the request carries, as it says itself."""
    named = _CREDENTIAL.match(environ.get("HTTP_AUTHORIZATION", ""))
    return named[1] if named else None


def _no_number(name: str) -> object:
    # Python would take it; JSON has no such thing.
    raise ValueError(f"{name} is no JSON")


def _error(status: str, kind: str, message: str) -> _Reply:
    return status, {"X-Amzn-ErrorType": kind}, {"Type": "Service", "Message": message}
