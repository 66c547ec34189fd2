"""What becomes of alerts after their approval: some are corrected, some cancelled, some both; some people wait until
every phone has the alert, and some, having seen their mistake, don't."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks.drained import HasParts, acknowledged
from notify_core.broadcasts.model import EventType
from notify_core.kernel.ids import BroadcastMessageId

ALERT, UPDATE, CANCEL = EventType.ALERT, EventType.UPDATE, EventType.CANCEL
CORRECTED = "The river is falling. Stay away from the bridges."


class People(Protocol):
    """Those who act; a message is whatever they know it by."""

    def approve(self, message: Any) -> object: ...
    def update(self, message: Any, content: str) -> object: ...
    def cancel(self, message: Any) -> object: ...


@dataclass
class Tale:
    """``events`` are approved in turn, ``done`` of them so far; ``patient``: each when all have acknowledged the one
    before."""

    message: Any
    id: BroadcastMessageId
    events: Sequence[EventType]
    patient: bool = True
    done: int = field(default=0, init=False)

    @property
    def over(self) -> bool:
        return self.done == len(self.events)

    def go_on(self, people: People) -> None:
        """The next event is approved."""
        event = self.events[self.done]
        if event is ALERT:
            people.approve(self.message)
        elif event is UPDATE:
            people.update(self.message, CORRECTED)
        else:
            people.cancel(self.message)
        self.done += 1


# One after the other, over and over.
_KINDS: Sequence[tuple[Sequence[EventType], bool]] = (
    ((ALERT, UPDATE), True),
    ((ALERT,), True),
    ((ALERT, UPDATE, CANCEL), True),
    ((ALERT, CANCEL), False),
    ((ALERT,), True),
    ((ALERT, CANCEL), True),
    ((ALERT,), True),
    ((ALERT, UPDATE, CANCEL), False),
)


def tale(number: int, message: Any, message_id: BroadcastMessageId) -> Tale:
    events, patient = _KINDS[number % len(_KINDS)]
    return Tale(message, message_id, events, patient)


def go_on(tales: Sequence[Tale], people: People, container: HasParts) -> bool:
    """Everybody acts whose turn it is, once; whether all tales are over."""
    waiting = [one.id for one in tales if one.patient and one.done > 0 and not one.over]
    heard = acknowledged(container, waiting) if waiting else {}
    for one in tales:
        while not one.over and (not one.patient or one.done == heard.get(one.id, 0)):
            one.go_on(people)
    return all(one.over for one in tales)
