"""Which drawn rings can be an area at all. Source: broadcasts.md, section 7 no. 4 and 7.

Whether a ring crosses itself is a question of geometry, and so the smoother's to answer.
"""

from collections.abc import Sequence
from typing import Final

from notify_core.broadcasts.model import Polygon

MAX_POLYGONS: Final = 1_000
MAX_POINTS: Final = 50_000
TOO_MANY_POINTS: Final = f"the polygons have more than {MAX_POINTS:,} points"
# More points than this are simplified later, by a task: whoever posts them should not wait for it.
LARGE: Final = 10_000
# A triangle, and its first point again.
FEWEST_POINTS: Final = 4
MAX_LATITUDE: Final = 90
MAX_LONGITUDE: Final = 180


def fault_of(polygons: Sequence[Polygon]) -> str | None:
    """Why these polygons cannot be taken, naming the first that is wrong by its place from 1; None: they can."""
    if len(polygons) > MAX_POLYGONS:
        return f"there are more than {MAX_POLYGONS:,} polygons"
    if _points(polygons) > MAX_POINTS:
        return TOO_MANY_POINTS
    for number, ring in enumerate(polygons, 1):
        if fault := _fault_of_ring(ring):
            return f"polygon {number} {fault}"
    return None


def are_large(polygons: Sequence[Polygon]) -> bool:
    """Whether simplifying these takes longer than a request should."""
    return _points(polygons) > LARGE


def _points(polygons: Sequence[Polygon]) -> int:
    return sum(map(len, polygons))


def _fault_of_ring(ring: Polygon) -> str | None:
    # Written so that what is not a number is outside, too.
    if not all(abs(latitude) <= MAX_LATITUDE for latitude, _ in ring):
        return f"has a latitude outside -{MAX_LATITUDE} to {MAX_LATITUDE}"
    if not all(abs(longitude) <= MAX_LONGITUDE for _, longitude in ring):
        return f"has a longitude outside -{MAX_LONGITUDE} to {MAX_LONGITUDE}"
    if len(ring) < FEWEST_POINTS:
        return f"has fewer than {FEWEST_POINTS} points"
    if ring[0] != ring[-1]:
        return "is not closed: its first and last points differ"
    return None
