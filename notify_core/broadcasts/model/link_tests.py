"""Whether the ways to the networks are open."""

from dataclasses import dataclass
from datetime import datetime

from notify_core.broadcasts.model.events import AttemptOutcome, Route
from notify_core.kernel.ids import LinkTestId


@dataclass(frozen=True, slots=True)
class LinkTest:
    """A test message on one route, and how it ended. Both routes of a network are tested with one ``id``,
    which is the CAP identifier. ``seconds``: how long the call took."""

    id: LinkTestId
    provider: str
    route: Route
    at: datetime
    outcome: AttemptOutcome
    seconds: float
    message_number: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class LinkState:
    """The latest test of one route of a network, and how many of its recent ones ended which way."""

    latest: LinkTest
    acknowledged: int
    failed: int
