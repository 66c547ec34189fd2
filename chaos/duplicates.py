"""What somebody outside got twice, and why: that may be only where the platform could not record that it was taken."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chaos.faults import RESTARTED, Fault
from chaos.outside import FIRETEXT, MAIL, MMG, SUBSCRIBER, ZENDESK
from chaos.platform import workers_of
from chaos.records import Taken
from notify_core.kernel import queues as q

# Seconds around an answer in which its record may have been under way: before it, since who calls may be dead when
# what it said is read; after it, since a crowd of records waits for one processor.
BEFORE, AFTER = 1.0, 5.0

_DELIVERING = workers_of(q.SEND_SMS, q.SEND_EMAIL, q.PRIORITY, q.RETRY)
# Who carries what each of them gets.
_CARRIERS = {
    MMG: _DELIVERING,
    FIRETEXT: _DELIVERING,
    MAIL: _DELIVERING,
    SUBSCRIBER: workers_of(q.SERVICE_CALLBACKS, q.SERVICE_CALLBACKS_RETRY),
    ZENDESK: workers_of(q.INTERNAL),
}
# A text that the other supplier gets as well is got twice.
_SAME: Mapping[str, str] = {FIRETEXT: MMG}


@dataclass(frozen=True)
class Duplicate:
    """``first`` was followed by ``second``; ``cause`` is why, where anybody knows."""

    first: Taken
    second: Taken
    cause: str | None


def duplicates(taken: Sequence[Taken], faults: Sequence[Fault]) -> list[Duplicate]:
    """In the order in which they happened."""
    earlier: dict[tuple[str, str], Taken] = {}
    found = []
    for one in taken:
        if one.player not in _CARRIERS:
            continue
        key = _SAME.get(one.player, one.player), one.key
        if (first := earlier.get(key)) is not None:
            found.append(Duplicate(first, one, _cause(first, faults)))
        earlier[key] = one
    return found


def unexplained(taken: Sequence[Taken], faults: Sequence[Fault]) -> Iterator[str]:
    for one in duplicates(taken, faults):
        if one.cause is None:
            after = one.second.at - one.first.at
            yield f"{one.second.player} got {one.second.key} again after {after:.1f} s, and nothing explains it"


def by_cause(found: Sequence[Duplicate]) -> Mapping[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for one in found:
        counts[f"{one.second.player}: {one.cause or 'nothing explains it'}"] += 1
    return counts


def _cause(first: Taken, faults: Sequence[Fault]) -> str | None:
    if not first.answered:
        return "the answer was lost or late"
    begin, end = first.at - BEFORE, max(first.at, first.until) + AFTER
    for fault in faults:
        if fault.began <= end and fault.ended >= begin:
            if fault.is_death and fault.target in _CARRIERS[first.player]:
                return f"{fault.target} died before it recorded the answer"
            if fault.kind == RESTARTED and fault.target == "postgresql":
                return "PostgreSQL was away when the answer was to be recorded"
    return None
