"""What provisioning hands back, and what is counted."""

from dataclasses import dataclass
from datetime import date
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


@dataclass(frozen=True, slots=True)
class ProcessingTime:
    """How fast texts and emails sent through the API on a London ``day`` were handed over: of ``total``,
    ``within_ten_seconds``."""

    day: date
    total: int
    within_ten_seconds: int


@dataclass(frozen=True, slots=True)
class TextsSent:
    """A service's texts of some time: how many ended, or are under way, how many of them failed for good, and how
    many went to numbers that are set aside for drama."""

    total: int
    failed_for_good: int
    to_tv_numbers: int
