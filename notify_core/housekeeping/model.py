"""What provisioning hands back."""

from dataclasses import dataclass
from enum import StrEnum


class IssuedKind(StrEnum):
    API_KEY = "api key"
    CALLBACK_SECRET = "callback secret"  # noqa: S105 - a word, not a secret


@dataclass(frozen=True, slots=True)
class Issued:
    """A secret made here: ``text`` is to be shown to its owner once."""

    kind: IssuedKind
    service: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Provisioned:
    """``changes`` say in words what was created or changed, without personal data; nothing when the
    file was already applied."""

    changes: tuple[str, ...]
    issued: tuple[Issued, ...]
