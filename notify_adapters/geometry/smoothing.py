"""Smoothing and simplifying (broadcasts.md, section 7, step 7), in degrees, with latitude as x and longitude as y."""

from collections.abc import Iterable, Sequence

import shapely

from notify_adapters.geometry.growing import grown
from notify_core.broadcasts.model import Polygon
from notify_core.broadcasts.policies.polygons import fault_of
from notify_core.broadcasts.ports import PolygonRefused

_METRES_IN_A_DEGREE = 111_320
# How far a phone outside of the area may still hear its mast.
_BLEED = 1_500 / _METRES_IN_A_DEGREE
_PERIMETER_TO_BUFFER = 360
_PERIMETER_TO_TOLERANCE = 1_620


def smoothed(polygons: Sequence[Polygon]) -> tuple[Polygon, ...]:
    """:raises PolygonRefused: they are no areas."""
    grown_and_shrunk = _smoothed(checked(polygons))
    tolerance = _tolerance(grown_and_shrunk)
    return tuple(_simplified(polygon, tolerance) for polygon in grown_and_shrunk)


def checked(polygons: Sequence[Polygon]) -> list[shapely.Polygon]:
    """:raises PolygonRefused: they are no areas."""
    if fault := fault_of(polygons):
        raise PolygonRefused(fault)
    areas = [shapely.Polygon(ring) for ring in polygons]
    for number, polygon in enumerate(areas, 1):
        if not polygon.is_valid:
            raise PolygonRefused(f"polygon {number} crosses itself")
    return areas


def _smoothed(polygons: list[shapely.Polygon]) -> list[shapely.Polygon]:
    perimeter = _perimeter(polygons)
    outward = _BLEED / 3 + perimeter / _PERIMETER_TO_BUFFER
    inward = outward - perimeter / _PERIMETER_TO_TOLERANCE / 2
    shrunk = shapely.buffer(grown(polygons, outward), -inward, quad_segs=1, join_style="bevel")
    parts = shapely.get_parts(shrunk)
    return [shapely.Polygon(part.exterior) for part in parts if not part.is_empty]


def _perimeter(polygons: Iterable[shapely.Polygon]) -> float:
    return sum(polygon.length for polygon in polygons)


def _tolerance(polygons: Iterable[shapely.Polygon]) -> float:
    return _perimeter(polygons) / _PERIMETER_TO_TOLERANCE


def _simplified(polygon: shapely.Polygon, tolerance: float) -> Polygon:
    ring = shapely.get_exterior_ring(polygon.simplify(tolerance))
    return tuple((latitude, longitude) for latitude, longitude in shapely.get_coordinates(ring).tolist())
