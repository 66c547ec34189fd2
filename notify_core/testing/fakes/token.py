"""A token that says what it is told to, and knows the secret it was made with."""

from dataclasses import dataclass
from datetime import datetime

from notify_core.testing.fakes.clock import NOON


@dataclass(frozen=True, slots=True)
class MemoryToken:
    issuer: str | None
    secret: str = "secret"  # noqa: S105 - made up
    algorithm: str | None = "HS256"
    issued_at: datetime | None = NOON

    def is_signed_with(self, secret: str) -> bool:
        return self.secret == secret
