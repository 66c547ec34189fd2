"""What endpoints of received texts have in common: who may bring one, and when it was written."""

import hmac
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from notify_adapters.options import comma_list
from notify_core.inbound.ports import InboundForbidden, InboundRequest, InboundUnauthenticated
from notify_core.kernel.calendar import LONDON


@dataclass(frozen=True)
class BasicAuth:
    """Any of the user names with any of the passwords, so that each can be changed without a gap. Without a password
    nobody is let in."""

    usernames: tuple[str, ...]
    passwords: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, options: Mapping[str, str], *usual: str) -> "BasicAuth":
        """Options ``inbound_username`` (``usual``) and ``inbound_password``, lists."""
        return cls(comma_list(options, "inbound_username", usual), comma_list(options, "inbound_password"))

    def check(self, request: InboundRequest) -> None:
        """:raises InboundUnauthenticated: nothing is shown.
        :raises InboundForbidden: what is shown is wrong.
        """
        if not (header := request.headers.get("authorization")):
            raise InboundUnauthenticated("Unauthorized: a user name and a password must be provided")
        scheme, _, shown = header.partition(" ")
        username, password = _decoded(shown) if scheme.lower() == "basic" else (b"", b"")
        # All of them are compared, so that the time does not tell which one fits.
        known = sum(hmac.compare_digest(username, one.encode()) for one in self.usernames)
        proven = sum(hmac.compare_digest(password, one.encode()) for one in self.passwords)
        if not (known and proven):
            raise InboundForbidden("Forbidden: wrong user name or password")


def written_at(text: str) -> datetime | None:
    """``2017-05-21 11:56:11`` on London clocks; None where it is something else."""
    with suppress(ValueError):
        written = datetime.fromisoformat(text.strip())
        return (written if written.tzinfo else written.replace(tzinfo=LONDON)).astimezone(UTC)
    return None


def _decoded(shown: str) -> tuple[bytes, bytes]:
    try:
        username, _, password = b64decode(shown.strip(), validate=True).partition(b":")
    except ValueError:
        return b"", b""
    return username, password
