import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from notify_adapters.geometry.growing import in_pieces
from notify_adapters.geometry.shapely_smoother import build
from notify_core.testing.builders import SKEGNESS
from notify_core.testing.contracts.smoother import PolygonSmootherContract, a_circle


def a_saw(teeth):
    """A ring with as many points, half a degree long, whose teeth are a hundredth high."""
    edge = [(53.2 + number % 2 / 100, number / teeth / 2) for number in range(teeth)]
    return (*edge, (53.0, edge[-1][1]), (53.0, 0.0), edge[0])


class TestShapelySmoother(PolygonSmootherContract):
    @pytest.fixture
    def smoother(self):
        return build({})

    def test_holes_are_filled(self, smoother):
        # Four walls around a yard.
        walls = [
            ((51.0, -1.0), (51.1, -1.0), (51.1, 1.0), (51.0, 1.0), (51.0, -1.0)),
            ((52.9, -1.0), (53.0, -1.0), (53.0, 1.0), (52.9, 1.0), (52.9, -1.0)),
            ((51.0, -1.0), (53.0, -1.0), (53.0, -0.9), (51.0, -0.9), (51.0, -1.0)),
            ((51.0, 0.9), (53.0, 0.9), (53.0, 1.0), (51.0, 1.0), (51.0, 0.9)),
        ]
        (ring,) = smoother.smooth(walls)
        assert shapely.Polygon(ring).area == pytest.approx(4, rel=0.02)

    def test_a_box_step_by_step(self, smoother):
        """The rule of broadcasts.md, section 7, worked out by hand in shapely's own words."""
        box = shapely.Polygon(SKEGNESS)
        outward = 1_500 / 111_320 / 3 + box.length / 360
        inward = outward - box.length / 1_620 / 2
        smoothed = box.buffer(outward, quad_segs=4).buffer(-inward, quad_segs=1, join_style="bevel")
        expected = smoothed.simplify(smoothed.length / 1_620)

        (ring,) = smoother.smooth([SKEGNESS])
        assert ring == tuple(expected.exterior.coords)

    def test_an_outline_that_turns_to_and_fro_is_smoothed_like_another(self, smoother):
        """Without more ado, two thousand teeth of a saw take half a minute and 700 MB, and five times as many all
        the memory there is."""
        (ring,) = smoother.smooth([a_saw(10_000)])
        assert 4 <= len(ring) < 50
        # It is smoothed to the box around it; so long an outline has wide tolerances.
        assert shapely.Polygon(ring).area == pytest.approx(0.5 * 0.21, rel=0.5)

    def test_an_outline_grown_in_pieces_is_the_same(self):
        for polygon in map(shapely.Polygon, (a_saw(200), a_circle(300), a_saw(60), SKEGNESS)):
            for distance in (0.003, 0.03, 0.3):
                grown = polygon.buffer(distance, quad_segs=4, join_style="round")
                assert in_pieces([polygon], distance).hausdorff_distance(grown) < distance / 50

    def test_the_tolerances_follow_from_all_polygons_together(self, smoother):
        alone = smoother.smooth([a_circle(400)])
        in_company = smoother.smooth([a_circle(400), a_circle(400, latitude=55)])
        assert len(in_company) == 2
        assert max(map(len, in_company)) < len(alone[0])

    @given(st.integers(3, 60), st.floats(-80, 80), st.floats(-170, 170), st.floats(0.01, 3))
    def test_the_area_is_covered_and_hardly_more(self, points, latitude, longitude, radius):
        drawn = a_circle(points, latitude=latitude, longitude=longitude, radius=radius)
        rings = build({}).smooth([drawn])
        covered = shapely.union_all([shapely.Polygon(ring) for ring in rings])
        # Smoothing rounds no corner inwards by more than the tolerances.
        slack = shapely.Polygon(drawn).length / 400 + 0.001
        assert covered.buffer(slack).covers(shapely.Polygon(drawn))
        assert shapely.Polygon(drawn).buffer(slack).covers(covered)
