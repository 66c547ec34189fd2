"""Email addresses."""

import re
from dataclasses import dataclass
from typing import Self

from notify_core.kernel.errors import InvalidValue
from notify_core.recipients.model.invisible import without_invisible

NOT_VALID = "Not a valid email address"

# RFC 5321 4.5.3.1, RFC 1035 2.3.4.
_LONGEST, _LONGEST_LOCAL, _LONGEST_HOST = 320, 64, 253
# Characters with those that nobody sees: what is written is stored too.
_LONGEST_SPELLING = 1000
# RFC 5322 dot-atom: what needs quotes is refused, as no supplier takes it.
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"(?:xn--)?[a-z0-9]+(?:-{1,2}[a-z0-9]+)*")
_TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address in lower case, its domain in ASCII (IDNA). Made by :meth:`parse`."""

    address: str

    def __str__(self) -> str:
        return self.address

    @classmethod
    def parse(cls, text: str) -> Self:
        """An address as people write it, also with a domain in another script.

        :raises InvalidValue: it is no address to which mail can be sent.
        """
        if len(text) > _LONGEST_SPELLING:
            raise InvalidValue(NOT_VALID)
        local, at, host = without_invisible(text).lower().rpartition("@")
        # Lengths first: encoding a very long host is slow.
        if not at or len(local) > _LONGEST_LOCAL or len(local) + len(host) >= _LONGEST:
            raise InvalidValue(NOT_VALID)
        domain = _in_ascii(host)
        if not _LOCAL.fullmatch(local) or not _is_domain(domain):
            raise InvalidValue(NOT_VALID)
        return cls(f"{local}@{domain}")


def _in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise InvalidValue(NOT_VALID) from None


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return (
        len(domain) <= _LONGEST_HOST
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and _TOP_LEVEL.fullmatch(labels[-1]) is not None
    )
