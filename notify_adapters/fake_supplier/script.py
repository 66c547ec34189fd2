"""What a fake supplier does with the messages to come."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from notify_core.notifications.model import Outcome

NO_RECEIPT = "none"
REFUSED = "refused"
COMPLAINT = "complaint"
_WORDS = frozenset({*Outcome, NO_RECEIPT, REFUSED, COMPLAINT})


class Fate(StrEnum):
    TAKEN = "taken"
    FAILS = "fails"
    ANSWER_LOST = "taken, but the answer gets lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Script:
    """``fail_next``: so many sends are not taken. ``lose_next``: so many are taken, but the sender
    never learns it. ``refuse_next``: so many are refused for good. ``latency``: seconds each send
    takes. ``receipts`` false: there are none. ``receipt_delay``: seconds from message to receipt;
    None: as the fake was built.

    ``outcomes``: by the end of the recipient, the outcomes of its receipts in their order, with
    commas between (``pending,delivered``); ``none`` is no receipt, ``refused`` a refusal to take
    the message.

    :raises ValueError: an outcome is not known.
    """

    fail_next: int = 0
    lose_next: int = 0
    refuse_next: int = 0
    latency: float = 0.0
    receipts: bool = True
    receipt_delay: float | None = None
    outcomes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words = {word for outcome in self.outcomes.values() for word in outcome.split(",")}
        if unknown := sorted(words - _WORDS):
            raise ValueError(f"unknown outcome {', '.join(unknown)}; known ones: {', '.join(sorted(_WORDS))}")

    def outcomes_for(self, recipient: str) -> tuple[str, ...]:
        """The longest ending that fits decides; ``delivered`` where none does."""
        fitting = [ending for ending in self.outcomes if recipient.endswith(ending)]
        return tuple((self.outcomes[max(fitting, key=len)] if fitting else "delivered").split(","))

    def next_fate(self, recipient: str) -> tuple[Fate, "Script"]:
        """What becomes of the next message, and the script after it."""
        if self.fail_next:
            return Fate.FAILS, replace(self, fail_next=self.fail_next - 1)
        if self.refuse_next:
            return Fate.REFUSED, replace(self, refuse_next=self.refuse_next - 1)
        if REFUSED in self.outcomes_for(recipient):
            return Fate.REFUSED, self
        if self.lose_next:
            return Fate.ANSWER_LOST, replace(self, lose_next=self.lose_next - 1)
        return Fate.TAKEN, self

    def fields(self) -> dict[str, Any]:
        """The script as JSON values."""
        return asdict(self)
