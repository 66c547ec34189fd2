"""JSON Web Tokens as the core looks at them: taken apart first, proven by one secret after another.

By the standard library: every request brings a token, and only HS256 is ever believed. Nothing is read more
generously than a library for all of RFC 7515 would.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from notify_core.accounts.policies import ALGORITHM, unreadable_token


@dataclass(frozen=True, slots=True)
class JwtToken:
    """Satisfies :class:`notify_core.accounts.ports.UnverifiedToken`. What a token claims besides (exp, nbf, aud, sub)
    is nobody's business here."""

    algorithm: str
    issuer: str | None
    issued_at: datetime | None
    _signed: bytes = field(repr=False)
    _signature: bytes = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "JwtToken":
        """:raises AuthFailed: the text is no token."""
        try:
            signed, _, signature = text.encode().rpartition(b".")
            header, payload = signed.split(b".")
            algorithm, claims = _algorithm(header), _object(payload)
            issuer = claims.get("iss")
            return cls(
                algorithm=algorithm,
                # One that is no text is as wrong as a text that is no UUID, but it was given.
                issuer=None if issuer is None else str(issuer),
                issued_at=_moment(claims.get("iat")),
                _signed=signed,
                _signature=_decoded(signature),
            )
        except (ValueError, RecursionError):
            raise unreadable_token() from None

    def is_signed_with(self, secret: str) -> bool:
        """Compared in constant time. A token that says to be signed otherwise never is."""
        if self.algorithm != ALGORITHM or not secret:
            return False
        return hmac.compare_digest(hmac.digest(secret.encode(), self._signed, "sha256"), self._signature)


def _object(segment: bytes) -> dict[str, Any]:
    """:raises ValueError: it is no JSON object in base64url."""
    value = json.loads(_decoded(segment))
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - as for everything else that is wrong with it
    return value


def _decoded(segment: bytes) -> bytes:
    """:raises ValueError: it is not base64url as RFC 7515 has it: without padding, and nothing else in it."""
    decoded = urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
    # The library skips what does not belong to the alphabet, and ignores bits too many.
    if urlsafe_b64encode(decoded).rstrip(b"=") != segment:
        raise ValueError("not base64url")
    return decoded


@lru_cache(maxsize=64)
def _algorithm(segment: bytes) -> str:
    """What a header says that a token is signed by. All tokens that one library makes have the same header.

    :raises ValueError: the header asks for something that must not be ignored, or its key id is no text.
    """
    header = _object(segment)
    if "crit" in header or header.get("b64", True) is False or not isinstance(header.get("kid", ""), str):
        raise ValueError("a header that is not understood")
    return str(header.get("alg"))


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
