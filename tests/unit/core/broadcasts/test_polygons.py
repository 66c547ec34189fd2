import math

import pytest

from notify_core.broadcasts.policies.polygons import LARGE, MAX_POINTS, are_large, fault_of
from notify_core.broadcasts.ports import PolygonRefused
from notify_core.testing.builders import SKEGNESS

OPEN = SKEGNESS[:-1]


def test_closed_rings_within_the_degrees_can_be_areas():
    corners = ((-90.0, -180.0), (90.0, -180.0), (90.0, 180.0), (-90.0, -180.0))
    assert fault_of([SKEGNESS, corners]) is None
    assert fault_of([]) is None


@pytest.mark.parametrize(
    ("ring", "fault"),
    [
        (OPEN, "polygon 2 is not closed: its first and last points differ"),
        (SKEGNESS[:3], "polygon 2 has fewer than 4 points"),
        ((), "polygon 2 has fewer than 4 points"),
        (((90.1, 0), (80, 0), (80, 1), (90.1, 0)), "polygon 2 has a latitude outside -90 to 90"),
        (((math.nan, 0), (80, 0), (80, 1), (math.nan, 0)), "polygon 2 has a latitude outside -90 to 90"),
        (((51, -math.inf), (52, 0), (51, 0), (51, -math.inf)), "polygon 2 has a longitude outside -180 to 180"),
    ],
)
def test_the_first_ring_that_can_be_no_area_is_named(ring, fault):
    assert fault_of([SKEGNESS, ring, OPEN]) == fault


def test_there_are_not_too_many():
    assert fault_of([SKEGNESS] * 1_000) is None
    assert fault_of([SKEGNESS] * 1_001) == "there are more than 1,000 polygons"
    assert fault_of([SKEGNESS[:1] * MAX_POINTS]) is None
    assert fault_of([SKEGNESS[:1] * (MAX_POINTS + 1)]) == "the polygons have more than 50,000 points"


def test_what_is_large_is_counted_over_all_of_them():
    half = SKEGNESS[:1] * (LARGE // 2)
    assert not are_large([half, half])
    assert are_large([half, half, SKEGNESS])


BOW_TIE = ((53, 0), (54, 0), (53, 1), (54, 1), (53, 0))
REFUSED = pytest.mark.parametrize(
    ("ring", "fault"), [(OPEN, "polygon 1 is not closed"), (BOW_TIE, "polygon 1 crosses itself")]
)


@REFUSED
def test_a_message_is_not_written_with_them(world, ring, fault):
    with pytest.raises(PolygonRefused, match=rf"^{fault}"):
        world.draft(simple_polygons=(ring,))
    assert world.database.table("broadcast_messages") == {}


@REFUSED
def test_a_message_is_not_edited_to_have_them(world, ring, fault):
    message = world.draft()

    with pytest.raises(PolygonRefused, match=rf"^{fault}"):
        world.edited(message, areas=("Skegness",), simple_polygons=(ring,))
    assert world.message(message) == message


@REFUSED
def test_a_revision_is_not_proposed_with_them(world, ring, fault):
    message = world.live()

    with pytest.raises(PolygonRefused, match=rf"^{fault}"):
        world.proposed(message, areas=("Skegness",), simple_polygons=(ring,))
    assert world.message(message) == message
