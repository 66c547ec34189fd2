"""The only maker of HTTP requests: time-outs are mandatory, nothing is retried or followed, and what goes wrong is one
of our two kinds of error.

Of the library requests it uses the transport, without the sessions above it: what they add (cookies, redirects,
credentials and proxies of the environment, addresses put right) is nothing that we want, and more than half of what a
request costs.
"""

import json
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, LocationValueError
from urllib3.util import parse_url

from notify_core.kernel.errors import PermanentError, TransientError

# Nobody we talk to has more to say than this; the rest of an answer is not read.
MAXIMUM_ANSWER = 256 * 1024
_CHUNK = 16 * 1024
_HEADERS = {"User-Agent": "notify", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class AnsweredNo(PermanentError):
    """The other side answered, and repeating the request would change nothing.

    ``status`` is the HTTP status, ``body`` the (cut) answer, which may hold personal data.
    """

    def __init__(self, message: str, *, status: int, body: bytes) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class AnsweredLater(TransientError):
    """The other side answered that it may work later; ``status`` is the HTTP status."""

    def __init__(self, message: str, *, status: int, retry_after: timedelta | None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer; header names in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        """The body as JSON.

        :raises TransientError: it is none, so something between us and the other side answered.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise TransientError("the answer is not JSON") from None


class Transport(HTTPAdapter):
    """Kept-alive connections, without what we never have: proxies and cookies."""

    def request_url(self, request: PreparedRequest, _proxies: object) -> str:
        return request.path_url

    def build_response(self, req: PreparedRequest, resp: Any) -> Response:
        response = Response()
        response.status_code, response.headers, response.raw = resp.status, CaseInsensitiveDict(resp.headers), resp
        response.request = req
        return response


class HttpClient:
    """Kept-alive connections, each thread its own.

    ``connect_timeout`` and ``read_timeout`` are seconds; an answer's body may take ``read_timeout`` altogether.
    Nothing is taken from the environment, no proxy and no ``.netrc``. ``adapter`` makes the transport of a thread,
    where it must be another than the usual one.
    """

    def __init__(
        self,
        *,
        connect_timeout: float,
        read_timeout: float,
        adapter: Callable[[], HTTPAdapter] = Transport,
    ) -> None:
        self._timeouts = connect_timeout, read_timeout
        self._adapter = adapter
        self._threads = threading.local()

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """:raises TransientError: no answer; :class:`AnsweredLater`: 5xx or 429.
        :raises AnsweredNo: any other answer than 2xx.
        """
        return self._send("GET", url, None, headers or {})

    def post(
        self,
        url: str,
        *,
        body: bytes | Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
    ) -> Answer:
        """Bytes are sent as they are, a mapping as a form.

        :raises TransientError: no answer; :class:`AnsweredLater`: 5xx or 429 (with its Retry-After).
        :raises AnsweredNo: any other answer than 2xx, redirects included.
        """
        all_headers = dict(headers or {})
        if basic_auth is not None:
            all_headers["Authorization"] = f"Basic {b64encode(':'.join(basic_auth).encode()).decode()}"
        if isinstance(body, bytes):
            return self._send("POST", url, body, all_headers)
        return self._send("POST", url, urlencode(body).encode(), {**_FORM, **all_headers})

    def post_json(
        self,
        url: str,
        document: object,
        *,
        headers: Mapping[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
    ) -> Answer:
        """:meth:`post` of a JSON document."""
        all_headers = {"Content-Type": "application/json", **(headers or {})}
        return self.post(url, body=json.dumps(document).encode(), headers=all_headers, basic_auth=basic_auth)

    def _send(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        request = _prepared(method, _address(url), body, headers)
        try:
            response = self._transport().send(request, stream=True, timeout=self._timeouts, verify=True)
            try:
                names = {name.lower(): value for name, value in response.headers.items()}
                answer = Answer(response.status_code, self._read(response), names)
            finally:
                # Back to the pool when it was read to its end, and closed otherwise.
                response.close()
        # The body is read below requests, so that urllib3's own errors come through, too.
        except (RequestException, HTTPError, OSError) as error:
            raise TransientError(f"no answer: {type(error).__name__}") from error
        except ValueError:
            # Without the cause, which quotes the header.
            raise PermanentError("a header holds what no header can") from None
        return _checked(answer)

    def _read(self, response: Response) -> bytes:
        until = time.monotonic() + self._timeouts[1]
        body = b""
        while len(body) < MAXIMUM_ANSWER:
            chunk: bytes = response.raw.read1(_CHUNK, decode_content=True)
            if not chunk:
                return body
            body += chunk
            if time.monotonic() > until:
                raise TransientError("the answer takes too long")
        return body

    def _transport(self) -> HTTPAdapter:
        transport: HTTPAdapter | None = getattr(self._threads, "transport", None)
        if transport is None:
            transport = self._threads.transport = self._adapter()
        return transport


def _prepared(method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> PreparedRequest:
    """What a session would make of it, from parts that are right already."""
    request = PreparedRequest()
    request.method, request.url, request.body = method, url, body
    request.headers = CaseInsensitiveDict({**_HEADERS, **headers})
    if body is not None:
        request.headers["Content-Length"] = str(len(body))
    return request


@lru_cache(maxsize=256)
def _address(url: str) -> str:
    """``url`` with its characters as they go over the line.

    :raises PermanentError: that is no address.
    """
    try:
        parts = parse_url(url)
    except LocationValueError as error:
        raise PermanentError(f"not an address: {type(error).__name__}") from error
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise PermanentError("not an address: it needs http:// or https://, and a host")
    return parts.url


def _checked(answer: Answer) -> Answer:
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise AnsweredLater(f"answered {answer.status}", status=answer.status, retry_after=_retry_after(answer.headers))
    raise AnsweredNo(f"answered {answer.status}", status=answer.status, body=answer.body)


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Retry-After is a number of seconds or a date (RFC 9110, 10.2.3); the date is read against the
    other side's own clock."""
    text = headers.get("retry-after", "").strip()
    # isdigit alone accepts digits of other scripts and numbers of any length.
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:9]), 24 * 60 * 60))
    try:
        wait = _date(text) - _date(headers.get("date", ""))
    except ValueError:
        return None
    return min(max(wait, timedelta()), timedelta(days=1))


def _date(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
