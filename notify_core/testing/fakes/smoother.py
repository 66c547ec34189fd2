"""Smoothing of polygons, in memory: the same checks, and the polygons as they are."""

from collections.abc import Sequence
from itertools import pairwise

from notify_core.broadcasts.model import Polygon
from notify_core.broadcasts.policies.polygons import fault_of
from notify_core.broadcasts.ports import PolygonRefused

_Point = tuple[float, float]


class MemorySmoother:
    """Refuses what no smoother may take; otherwise returns the polygons without repeated points.

    Its test for rings that cross themselves compares every pair of edges: for small polygons only.
    """

    def smooth(self, polygons: Sequence[Polygon]) -> tuple[Polygon, ...]:
        self.check(polygons)
        return tuple(_thinned(polygon) for polygon in polygons)

    def check(self, polygons: Sequence[Polygon]) -> None:
        if fault := fault_of(polygons):
            raise PolygonRefused(fault)
        for number, polygon in enumerate(polygons, 1):
            if _crosses_itself(_thinned(polygon)):
                raise PolygonRefused(f"polygon {number} crosses itself")


def _thinned(ring: Polygon) -> Polygon:
    return ring[:1] + tuple(there for here, there in pairwise(ring) if there != here)


def _crosses_itself(ring: Polygon) -> bool:
    edges = list(pairwise(ring))
    if len(edges) < 3:
        return True  # it runs back on itself and encloses nothing
    for i, (a, b) in enumerate(edges):
        for j in range(i + 1, len(edges)):
            c, d = edges[j]
            neighbours = j == i + 1 or (i == 0 and j == len(edges) - 1)
            if _doubles_back(a, b, c, d) if neighbours else _meet(a, b, c, d):
                return True
    return False


def _turn(a: _Point, b: _Point, c: _Point) -> int:
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def _within(a: _Point, b: _Point, point: _Point) -> bool:
    return min(a[0], b[0]) <= point[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])


def _meet(a: _Point, b: _Point, c: _Point, d: _Point) -> bool:
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    touching = zip(turns, ((a, b, c), (a, b, d), (c, d, a), (c, d, b)), strict=True)
    return any(turn == 0 and _within(*points) for turn, points in touching)


def _doubles_back(a: _Point, b: _Point, c: _Point, d: _Point) -> bool:
    """Two edges that share a point, and more than that."""
    shared, one, other = (b, a, d) if b == c else (a, b, c)
    along = (one[0] - shared[0]) * (other[0] - shared[0]) + (one[1] - shared[1]) * (other[1] - shared[1])
    return _turn(one, shared, other) == 0 and along > 0
