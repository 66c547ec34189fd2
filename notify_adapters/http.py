"""The only maker of HTTP sessions: time-outs are mandatory, nothing is retried or followed, and what
goes wrong is one of our two kinds of error."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.exceptions import HTTPError

from notify_core.kernel.errors import PermanentError, TransientError

# Nobody we talk to has more to say than this; the rest of an answer is not read.
MAXIMUM_ANSWER = 256 * 1024
_CHUNK = 16 * 1024


class AnsweredNo(PermanentError):
    """The other side answered, and repeating the request would change nothing.

    ``status`` is the HTTP status, ``body`` the (cut) answer, which may hold personal data.
    """

    def __init__(self, message: str, *, status: int, body: bytes) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


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
    """One kept-alive session per thread.

    ``connect_timeout`` and ``read_timeout`` are seconds; an answer's body may take ``read_timeout``
    altogether. ``trust_env`` takes proxies and ``.netrc`` from the environment. ``adapter`` makes
    the transport of a session, where it must be another than requests' own.
    """

    def __init__(
        self,
        *,
        connect_timeout: float,
        read_timeout: float,
        trust_env: bool = False,
        adapter: Callable[[], BaseAdapter] | None = None,
    ) -> None:
        self._timeouts = (connect_timeout, read_timeout)
        self._trust_env = trust_env
        self._adapter = adapter or (lambda: HTTPAdapter(max_retries=0))
        self._threads = threading.local()

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
        """:raises TransientError: no answer, 5xx or 429. :raises AnsweredNo: any other answer than 2xx."""
        return self._send("GET", url, None, headers or {}, None)

    def post(
        self,
        url: str,
        *,
        body: bytes | Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
    ) -> Answer:
        """Bytes are sent as they are, a mapping as a form.

        :raises TransientError: no answer, 5xx or 429 (with its Retry-After).
        :raises AnsweredNo: any other answer than 2xx, redirects included.
        """
        return self._send("POST", url, body, headers or {}, basic_auth)

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
        return self._send("POST", url, json.dumps(document).encode(), all_headers, basic_auth)

    def _send(
        self,
        method: str,
        url: str,
        body: bytes | Mapping[str, str] | None,
        headers: Mapping[str, str],
        basic_auth: tuple[str, str] | None,
    ) -> Answer:
        try:
            with self._session().request(
                method,
                url,
                data=body,
                headers=dict(headers),
                # Without a callable here, requests takes credentials from the URL or .netrc and
                # replaces our Authorization header by them.
                auth=basic_auth or _as_it_is,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                answer = Answer(
                    response.status_code,
                    self._read(response),
                    {name.lower(): value for name, value in response.headers.items()},
                )
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
            raise PermanentError(f"not an address: {type(error).__name__}") from error
        except requests.exceptions.MissingSchema as error:
            raise PermanentError("not an address: it has no scheme") from error
        except (requests.exceptions.InvalidHeader, UnicodeEncodeError):
            # Without the cause, which quotes the header.
            raise PermanentError("a header holds what no header can") from None
        # The body is read below requests, so that its transport's own errors come through, too.
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            raise TransientError(f"no answer: {type(error).__name__}") from error
        return _checked(answer)

    def _read(self, response: requests.Response) -> bytes:
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

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._threads, "session", None)
        if session is None:
            session = _Session()
            session.trust_env = self._trust_env
            session.headers["User-Agent"] = "notify"
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            session.mount("http://", self._adapter())
            session.mount("https://", self._adapter())
            self._threads.session = session
        return session


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: else requests reads all of a redirect's body, however long, to see where it leads."""


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _checked(answer: Answer) -> Answer:
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TransientError(f"answered {answer.status}", retry_after=_retry_after(answer.headers))
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
