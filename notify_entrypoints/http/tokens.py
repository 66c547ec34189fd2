"""JSON Web Tokens as the core looks at them: taken apart first, proven by one secret after another."""

from dataclasses import dataclass
from datetime import UTC, datetime

import jwt

from notify_core.accounts.policies import ALGORITHM, unreadable_token

# Looks at signatures only. What a token claims besides (exp, nbf, aud, sub) is nobody's business here.
_SIGNATURES = jwt.PyJWS()


@dataclass(frozen=True, slots=True)
class JwtToken:
    """Satisfies :class:`notify_core.accounts.ports.UnverifiedToken`."""

    text: str
    algorithm: str
    issuer: str | None
    issued_at: datetime | None

    @classmethod
    def parse(cls, text: str) -> "JwtToken":
        """:raises AuthFailed: the text is no token."""
        try:
            parsed = jwt.decode_complete(text, options={"verify_signature": False})
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise unreadable_token() from None
        issuer = parsed["payload"].get("iss")
        return cls(
            text=text,
            algorithm=str(parsed["header"].get("alg")),
            # One that is no text is as wrong as a text that is no UUID, but it was given.
            issuer=None if issuer is None else str(issuer),
            issued_at=_moment(parsed["payload"].get("iat")),
        )

    def is_signed_with(self, secret: str) -> bool:
        """Compared in constant time by the library."""
        try:
            _SIGNATURES.decode(self.text, secret, algorithms=[ALGORITHM])
        except jwt.PyJWTError:
            return False
        return True


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
