"""Areas that people draw."""

from collections.abc import Sequence

from notify_core.broadcasts.model import Polygon
from notify_core.broadcasts.ports import PolygonRefused, PolygonSmoother


def fault_in(polygons: Sequence[Polygon] | None, smoother: PolygonSmoother) -> PolygonRefused | None:
    """Why these polygons can be no area, to be raised in its turn; None: they can.

    Asked outside of a transaction: many points take a while.
    """
    try:
        smoother.check(polygons or ())
    except PolygonRefused as refused:
        return refused
    return None
