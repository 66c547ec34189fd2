"""What turns strangers' CAP documents and drawn areas into ours."""

from collections.abc import Sequence
from typing import Protocol

from notify_core.broadcasts.model import CapDocument, Polygon
from notify_core.kernel.errors import InvalidValue, PermanentError


class CapUnreadable(PermanentError):
    """The document is not valid CAP 1.2, or asks the parser for what it refuses (entities, a
    document type, too large, too deep, more than 1,000 references)."""


class PolygonRefused(InvalidValue):
    """A polygon is not a closed ring that does not cross itself, lies outside the degrees, or there
    are too many; the message says which."""


class CapReader(Protocol):
    """Reads Common Alerting Protocol 1.2 documents from strangers."""

    def read(self, document: bytes) -> CapDocument:
        """:raises CapUnreadable: as above; elements that CAP requires are there otherwise.
        :raises PolygonRefused: there are too many points; none of them is kept to find that out.
        """
        ...


class PolygonSmoother(Protocol):
    """Turns drawn areas into the few simple polygons that networks take."""

    def smooth(self, polygons: Sequence[Polygon]) -> tuple[Polygon, ...]:
        """Pooled, smoothed and simplified as broadcasts.md section 7 says; pairs stay (lat, lon).

        :raises PolygonRefused: see there.
        """
        ...

    def check(self, polygons: Sequence[Polygon]) -> None:
        """Only whether :meth:`smooth` would take them, which is quick.

        :raises PolygonRefused: see there.
        """
        ...
