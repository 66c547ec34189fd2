"""Who is let in, and what an account may contain: each refusal with its reason."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from notify_core.kernel.errors import InvalidValue, NotAllowed, NotifyError
from notify_core.kernel.texts import is_storable

CLOCK_TOLERANCE: Final = timedelta(seconds=30)
ALGORITHM: Final = "HS256"
SHORTEST_BEARER_TOKEN: Final = 10
LONGEST_IDEMPOTENCY_KEY: Final = 255
ANSWERS_KEPT: Final = timedelta(hours=24)


class AuthFailed(NotifyError):
    """Nobody we know, or not proven; ``status`` is the HTTP status of the published API: 401 where
    no usable token was shown, 403 where one was and is not good."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


UNREADABLE: Final = (
    "Invalid token: make sure your API token matches the example at "
    "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header"
)


def bearer_token(header: str | None) -> str:
    """The token in an ``Authorization`` header.

    :raises AuthFailed: there is no header, or it has another scheme.
    """
    if not header:
        raise AuthFailed(401, "Unauthorized: authentication token must be provided")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise AuthFailed(401, "Unauthorized: authentication bearer scheme must be used")
    return token.strip()


def unreadable_token() -> AuthFailed:
    """What to raise for a token that cannot be taken apart."""
    return AuthFailed(403, UNREADABLE)


def is_recent(issued_at: datetime | None, now: datetime) -> bool:
    """Whether a token is from about now; a clock that is ahead is as wrong as one that is behind."""
    return issued_at is not None and abs(now - issued_at) <= CLOCK_TOLERANCE


def check_callback(url: str, bearer_token: str, *, allow_private_addresses: bool = False) -> None:
    """:raises InvalidValue: not an https address (or http where the deployer allowed private
    addresses), or too short a bearer token."""
    parts = urlsplit(url)
    schemes = {"https", "http"} if allow_private_addresses else {"https"}
    if parts.scheme not in schemes or not parts.hostname:
        raise InvalidValue("a callback needs an https address")
    if len(bearer_token) < SHORTEST_BEARER_TOKEN:
        raise InvalidValue(f"a bearer token has at least {SHORTEST_BEARER_TOKEN} characters")


def api_key_text(name: str, service_id: object, secret: str) -> str:
    """The key as its owner is shown it, once: what the published clients take apart from the end."""
    return f"{name}-{service_id}-{secret}"


class KeyReused(NotAllowed):
    """A name was given to two requests that are not the same (HTTP 422)."""


def check_idempotency_key(key: str) -> None:
    """:raises InvalidValue: empty, too long, or with characters that cannot be kept."""
    if not key:
        raise InvalidValue("Idempotency-Key must not be empty")
    if len(key) > LONGEST_IDEMPOTENCY_KEY:
        raise InvalidValue(f"Idempotency-Key is longer than {LONGEST_IDEMPOTENCY_KEY} characters")
    if not is_storable(key):
        raise InvalidValue("Idempotency-Key contains characters that cannot be kept")


def is_worth_keeping(status: int) -> bool:
    """Whether a request with a name gets this answer again. One that says "later" (409, 429 and all from 500 on)
    is no answer: the request is to be tried again."""
    return status < 500 and status not in {409, 429}  # noqa: PLR2004 - as HTTP numbers them
