"""Who is let in, and what an account may contain: each refusal with its reason."""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from notify_core.accounts.model import DataRetention
from notify_core.kernel.calendar import london_date, london_midnight
from notify_core.kernel.errors import InvalidValue, NotAllowed, NotifyError
from notify_core.kernel.texts import is_storable
from notify_core.recipients.model import EmailAddress, PhoneNumber

CLOCK_TOLERANCE: Final = timedelta(seconds=30)
ALGORITHM: Final = "HS256"
SHORTEST_BEARER_TOKEN: Final = 10
# 3GPP TS 23.040: eleven characters, or a number of up to fifteen digits.
LONGEST_SMS_SENDER: Final = 15
# What a service may send only so many of a day.
LIMITED: Final = ("sms", "email", "letter", "international_sms")
LONGEST_IDEMPOTENCY_KEY: Final = 255
ANSWERS_KEPT: Final = timedelta(hours=24)
USUAL_RETENTION: Final = 7


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
    addresses), one inside some network, or too short a bearer token. Where a name leads shows when it is called."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise InvalidValue("a callback needs an https address") from None
    schemes = {"https", "http"} if allow_private_addresses else {"https"}
    if parts.scheme not in schemes or not parts.hostname:
        raise InvalidValue("a callback needs an https address")
    if not allow_private_addresses and _is_private(parts.hostname):
        raise InvalidValue("a callback needs a public address")
    if len(bearer_token) < SHORTEST_BEARER_TOKEN:
        raise InvalidValue(f"a bearer token has at least {SHORTEST_BEARER_TOKEN} characters")


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_webhook_secret(secret: str) -> None:
    """:raises InvalidValue: not as Standard Webhooks writes them."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not secret.startswith("whsec_") or not key:
        raise InvalidValue("must be whsec_ and a key in base64")


def check_sms_sender(sender: str) -> None:
    """:raises InvalidValue: longer than what a phone shows."""
    if len(sender) > LONGEST_SMS_SENDER:
        raise InvalidValue(f"must not be longer than {LONGEST_SMS_SENDER} characters")


def guest_of(recipient: str) -> str:
    """An email address or mobile number in the form that recipients are compared in.

    :raises InvalidValue: it is neither.
    :raises NotAllowed: it is a number that this installation cannot tell.
    """
    return str(EmailAddress.parse(recipient) if "@" in recipient else PhoneNumber.parse(recipient))


def daily_limits(limit: int | Mapping[str, int]) -> Mapping[str, int]:
    """A limit for every channel, or those of some."""
    return dict.fromkeys(LIMITED, limit) if isinstance(limit, int) else dict(limit)


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


def kept_since(retentions: Iterable[DataRetention], kind: str, now: datetime) -> datetime:
    """Messages of this kind (``sms``, ``email``, ``letter``) from before this moment are deleted; whole days in London
    count, a week where the service says nothing. Received texts are kept as long as sent ones."""
    days = next((one.days for one in retentions if one.type == kind), USUAL_RETENTION)
    return london_midnight(london_date(now) - timedelta(days=days))
