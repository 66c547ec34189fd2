"""What the bodies of internal requests hold, as values of the core."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notify_core.broadcasts.model import Polygon
from notify_core.kernel.calendar import parse_datetime


def moment(body: Mapping[str, Any], name: str) -> datetime | None:
    """None where it is absent or null."""
    return None if body.get(name) is None else parse_datetime(body[name])


def polygons(drawn: Any) -> tuple[Polygon, ...]:
    """Lists of pairs of numbers, however large."""
    return tuple(tuple((_degrees(pair[0]), _degrees(pair[1])) for pair in ring) for ring in drawn)


def _degrees(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf
