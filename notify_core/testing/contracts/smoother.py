"""How every smoother of polygons behaves."""

import math
from typing import ClassVar

import pytest

from notify_core.broadcasts.model import Polygon
from notify_core.broadcasts.ports import PolygonRefused, PolygonSmoother
from notify_core.testing.builders import SKEGNESS

TRIANGLE: Polygon = ((51.0, -1.0), (51.0, 0.0), (52.0, -0.5), (51.0, -1.0))


def a_circle(points: int, *, latitude: float = 52.0, longitude: float = -1.0, radius: float = 0.5) -> Polygon:
    turns = (2 * math.pi * number / points for number in range(points))
    ring = tuple((latitude + radius * math.sin(turn), longitude + radius * math.cos(turn)) for turn in turns)
    return (*ring, ring[0])


class PolygonSmootherContract:
    """Supply the ``smoother``."""

    # Whether it smooths: without, it only refuses what none may take and returns the rest as it is.
    smooths: ClassVar[bool] = True

    @pytest.fixture
    def smoother(self) -> PolygonSmoother:
        raise NotImplementedError

    def test_what_can_be_smoothed_passes_the_check(self, smoother: PolygonSmoother) -> None:
        smoother.check([])
        smoother.check([SKEGNESS, TRIANGLE, a_circle(50)])

    def test_nothing_in_nothing_out(self, smoother: PolygonSmoother) -> None:
        assert smoother.smooth([]) == ()

    @pytest.mark.parametrize("polygon", [SKEGNESS, TRIANGLE, a_circle(50)], ids=["box", "triangle", "circle"])
    def test_a_polygon_becomes_a_closed_ring_around_it(self, smoother: PolygonSmoother, polygon: Polygon) -> None:
        (ring,) = smoother.smooth([polygon])

        assert ring[0] == ring[-1]
        assert len(ring) >= 4
        # Latitude stays first: the box around it hardly changes.
        for axis in (0, 1):
            assert min(pair[axis] for pair in ring) == pytest.approx(min(pair[axis] for pair in polygon), abs=0.05)
            assert max(pair[axis] for pair in ring) == pytest.approx(max(pair[axis] for pair in polygon), abs=0.05)

    def test_what_it_gives_it_also_takes(self, smoother: PolygonSmoother) -> None:
        assert smoother.smooth(smoother.smooth([SKEGNESS, a_circle(200)]))

    def test_many_points_become_few(self, smoother: PolygonSmoother) -> None:
        (ring,) = smoother.smooth([a_circle(400)])
        assert len(ring) == 401 if not self.smooths else len(ring) < 100

    def test_neighbours_become_one(self, smoother: PolygonSmoother) -> None:
        neighbour = tuple((latitude + 0.0601, longitude) for latitude, longitude in SKEGNESS)
        assert len(smoother.smooth([SKEGNESS, neighbour])) == (1 if self.smooths else 2)

    def test_what_is_far_apart_stays_apart(self, smoother: PolygonSmoother) -> None:
        assert len(smoother.smooth([SKEGNESS, TRIANGLE])) == 2

    def test_a_repeated_point_does_no_harm(self, smoother: PolygonSmoother) -> None:
        assert len(smoother.smooth([(SKEGNESS[0], *SKEGNESS)])) == 1

    @pytest.mark.parametrize(
        ("ring", "reason"),
        [
            (SKEGNESS[:-1], "not closed"),
            (((51, 0), (52, 0), (51, 0)), "fewer than 4 points"),
            ((), "fewer than 4 points"),
            (((51, -1), (52, 0), (51, 0), (52, -1), (51, -1)), "crosses itself"),
            (((51, 0), (52, 0), (51, 0), (51, 0)), "crosses itself"),
            (((51, 0), (51, 0), (51, 0), (51, 0)), "crosses itself"),
            (((0, 0), (2, 0), (2, 2), (1, 0), (0, 2), (0, 0)), "crosses itself"),
            (((90.1, 0), (80, 0), (80, 1), (90.1, 0)), "latitude outside -90 to 90"),
            (((-91, 0), (-80, 0), (-80, 1), (-91, 0)), "latitude outside -90 to 90"),
            (((math.nan, 0), (80, 0), (80, 1), (math.nan, 0)), "latitude outside -90 to 90"),
            (((51, 180.1), (52, 179), (51, 179), (51, 180.1)), "longitude outside -180 to 180"),
            (((51, -math.inf), (52, 179), (51, 179), (51, -math.inf)), "longitude outside -180 to 180"),
        ],
    )
    def test_a_ring_that_is_no_area_is_refused(self, smoother: PolygonSmoother, ring: Polygon, reason: str) -> None:
        with pytest.raises(PolygonRefused, match=f"polygon 2 .*{reason}"):
            smoother.smooth([SKEGNESS, ring])
        with pytest.raises(PolygonRefused, match=f"polygon 2 .*{reason}"):
            smoother.check([SKEGNESS, ring])

    def test_at_most_a_thousand_polygons(self, smoother: PolygonSmoother) -> None:
        assert smoother.smooth([SKEGNESS] * 1_000)
        smoother.check([SKEGNESS] * 1_000)
        for take in (smoother.smooth, smoother.check):
            with pytest.raises(PolygonRefused, match="more than 1,000 polygons"):
                take([SKEGNESS] * 1_001)

    def test_at_most_fifty_thousand_points(self, smoother: PolygonSmoother) -> None:
        for take in (smoother.smooth, smoother.check):
            with pytest.raises(PolygonRefused, match="more than 50,000 points"):
                take([a_circle(25_000), a_circle(24_999)])
