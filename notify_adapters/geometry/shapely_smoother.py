"""Polygons smoothed and simplified by shapely."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from notify_adapters.options import known
from notify_core.broadcasts.model import Polygon
from notify_core.broadcasts.ports import PolygonSmoother

# Sixteen megabytes of every process, of which few ever see a polygon: it is loaded for the first one. Who lacks it
# should hear of it before.
if find_spec("shapely") is None:
    raise ModuleNotFoundError("there is no library shapely", name="shapely")

OPTIONS: Mapping[str, str] = {}


class ShapelySmoother:
    def smooth(self, polygons: Sequence[Polygon]) -> tuple[Polygon, ...]:
        from notify_adapters.geometry.smoothing import smoothed

        return smoothed(polygons)

    def check(self, polygons: Sequence[Polygon]) -> None:
        from notify_adapters.geometry.smoothing import checked

        checked(polygons)


def build(options: Mapping[str, str]) -> PolygonSmoother:
    known(options, *OPTIONS)
    return ShapelySmoother()
