"""Growing drawn areas, however intricate their outlines are.

shapely grows a polygon by drawing a line around it and clearing that of its crossings. Where an outline turns to and
fro within the distance, every stretch of that line crosses every other: a saw of 2,000 teeth took half a minute and
700 MB, and one of 10,000, which is a document of 150 KB, more memory than there was. Such outlines are grown in short
pieces, which are united: in seconds, and the same but for how the ends of pieces are rounded.
"""

from collections.abc import Sequence
from typing import Any

import shapely

# As many crossings take about half a second.
_MOST_CROSSINGS = 500_000
# Of how many points of an outline the neighbours are counted.
_SAMPLE = 50
# Longer pieces meet themselves, shorter ones are more to unite.
_SEGMENTS = 4


def grown(polygons: Sequence[shapely.Polygon], distance: float) -> shapely.Geometry:
    """All that lies within ``distance`` of the polygons; corners are rounded by 4 segments a quarter."""
    if sum(_crossings(polygon, distance) for polygon in polygons) <= _MOST_CROSSINGS:
        return shapely.union_all(_buffered(polygons, distance))
    return in_pieces(polygons, distance)


def in_pieces(polygons: Sequence[shapely.Polygon], distance: float) -> shapely.Geometry:
    """The same, within a fiftieth of the distance, in time that grows with the number of points only."""
    pieces = [piece for polygon in polygons for piece in _pieces(polygon)]
    return shapely.union_all([*polygons, *_buffered(pieces, distance)])


def _buffered(geometries: Sequence[shapely.Geometry], distance: float) -> Any:
    return shapely.buffer(geometries, distance, quad_segs=4, join_style="round")


def _pieces(polygon: shapely.Polygon) -> list[shapely.LineString]:
    points = shapely.get_coordinates(polygon.exterior)
    return [shapely.LineString(points[at : at + _SEGMENTS + 1]) for at in range(0, len(points) - 1, _SEGMENTS)]


def _crossings(polygon: shapely.Polygon, distance: float) -> float:
    """About how often the line at this distance crosses itself: how much the outline turns, times how much it turns
    in the neighbourhood of each turn. A smooth outline turns once in all, however many points it has."""
    points = shapely.get_coordinates(polygon.exterior)
    place = points[:, 0] + 1j * points[:, 1]
    step = place[1:] - place[:-1]
    moves = step != 0
    place, direction = place[1:][moves], step[moves] / abs(step[moves])
    place, turn = place[:-1], abs(direction[1:] - direction[:-1])
    every = max(1, len(place) // _SAMPLE)
    near = sum(
        one_turn * turn[abs(place - one_place) <= 2 * distance].sum()
        for one_place, one_turn in zip(place[::every], turn[::every], strict=True)
    )
    return float(near * every)
