"""The only maker of HTTP requests: time-outs are mandatory, nothing is retried or followed, and what goes wrong is one
of our two kinds of error. It speaks to urllib3 itself: with requests between, a request costs three times as much."""

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

import certifi
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, PoolManager, Timeout
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
        adapter: Callable[[], HTTPAdapter] | None = None,
    ) -> None:
        self._timeout = Timeout(connect=connect_timeout, read=read_timeout)
        self._read_timeout = read_timeout
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
        target = _target(url)
        try:
            response = self._pool(target).urlopen(
                method,
                target.path,
                body=body,
                headers={**_HEADERS, **headers},
                timeout=self._timeout,
                retries=False,
                redirect=False,
                preload_content=False,
            )
            try:
                names = {name.lower(): value for name, value in response.headers.items()}
                answer = Answer(response.status, self._read(response), names)
            finally:
                # Back to the pool when it was read to its end, and closed otherwise.
                response.close()
        except (HTTPError, OSError) as error:
            raise TransientError(f"no answer: {type(error).__name__}") from error
        except ValueError:
            # Without the cause, which quotes the header.
            raise PermanentError("a header holds what no header can") from None
        return _checked(answer)

    def _read(self, response: BaseHTTPResponse) -> bytes:
        until = time.monotonic() + self._read_timeout
        body = b""
        while len(body) < MAXIMUM_ANSWER:
            chunk = response.read1(_CHUNK, decode_content=True)
            if not chunk:
                return body
            body += chunk
            if time.monotonic() > until:
                raise TransientError("the answer takes too long")
        return body

    def _pool(self, target: "_Target") -> HTTPConnectionPool:
        pools: PoolManager | None = getattr(self._threads, "pools", None)
        if pools is None:
            pools = PoolManager() if self._adapter is None else self._adapter().poolmanager
            pools.connection_pool_kw.update(cert_reqs="CERT_REQUIRED", ca_certs=certifi.where())
            self._threads.pools = pools
        return pools.connection_from_host(target.host, target.port, target.scheme)


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int | None
    path: str


@lru_cache(maxsize=256)
def _target(url: str) -> _Target:
    """:raises PermanentError: that is no address."""
    try:
        parts = parse_url(url)
    except LocationValueError as error:
        raise PermanentError(f"not an address: {type(error).__name__}") from error
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise PermanentError("not an address: it needs http:// or https://, and a host")
    return _Target(parts.scheme, parts.host, parts.port, parts.request_uri)


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
