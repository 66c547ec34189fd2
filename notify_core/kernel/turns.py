"""Taking turns: whose waiting row is next, so that nobody's flood delays another's single row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

R = TypeVar("R")


class Room:
    """How many more rows with each limit key may get under way."""

    def __init__(self, per_key: int, under_way: Mapping[str, int]) -> None:
        self._per_key = per_key
        self._under_way = dict(under_way)

    def left(self, key: str | None) -> int | None:
        """How many more; ``None``: as many as you like."""
        return None if key is None else max(0, self._per_key - self._under_way.get(key, 0))

    def take(self, key: str | None) -> None:
        if key is not None:
            self._under_way[key] = self._under_way.get(key, 0) + 1


@dataclass(slots=True)
class Lane(Generic[R]):
    """Rows that wait in one line: those of one fair key and one limit key, with the time since when
    each waits, oldest first. ``since`` is the first one's; ``rows`` is not begun before it is needed.
    """

    fair: str | None
    limit: str | None
    since: int
    rows: Iterator[tuple[int, R]]
    _head: tuple[int, R] | None = field(default=None, init=False)

    def head(self) -> tuple[int, R] | None:
        """The first row, which stays where it is."""
        if self._head is None:
            self._head = next(self.rows, None)
        return self._head

    def leave(self) -> None:
        """The first row leaves the line."""
        self._head = None


# Whoever has no more rows than these under way in a queue is held up by nobody's flood: a part of the queue is kept
# for them, and among so many rows of others theirs may overtake.
FEW = 4
_CROWD = 16


def take_turns(
    lanes: Iterable[Lane[R]], capacity: int, under_way: Mapping[str | None, int], room: Room, *, spare: int = 0
) -> Iterator[R]:
    """Up to ``capacity`` rows, from the fair key with the fewest rows under way (``under_way``, and those
    just taken) first, oldest first within a key; ``room`` is used up on the way. The last ``spare`` places are
    for keys with fewer than :data:`FEW` rows under way."""
    by_fair: dict[str | None, list[tuple[int, int, Lane[R]]]] = {}
    for number, lane in enumerate(lanes):
        by_fair.setdefault(lane.fair, []).append((lane.since, number, lane))
    for waiting in by_fair.values():
        heapify(waiting)
    # Equal keys are told apart by the waiting time, then by the number of the lane, which is unique.
    turns = [(under_way.get(fair, 0), *waiting[0][:2], waiting) for fair, waiting in by_fair.items()]
    heapify(turns)
    while turns and capacity > 0:
        turn, _, _, waiting = heappop(turns)
        if turn >= FEW and capacity <= spare:
            return
        since, number, lane = heappop(waiting)
        head = None if room.left(lane.limit) == 0 else lane.head()
        if head is not None:
            if head[0] <= since:
                room.take(lane.limit)
                capacity -= 1
                turn += 1
                yield head[1]
                lane.leave()
            # Behind a row that left nobody has looked yet, as looking costs; its time is a guess until
            # the lane comes first, and then put right.
            heappush(waiting, (max(since, head[0]), number, lane))
        if waiting:
            heappush(turns, (turn, *waiting[0][:2], waiting))


def who_may_overtake(under_way: Mapping[str | None, int]) -> frozenset[str]:
    """The fair keys with few rows in a queue in which many rows of others are under way."""
    total = sum(under_way.values())
    return frozenset(
        fair for fair, rows in under_way.items() if fair is not None and rows <= FEW and total - rows >= _CROWD
    )
