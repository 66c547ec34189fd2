import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from notify_entrypoints.maps import svg_map, terminal_map

YORK = (
    (53.9632, -1.0921),
    (53.9641, -1.0803),
    (53.9587, -1.0722),
    (53.9521, -1.0748),
    (53.9470, -1.0819),
    (53.9489, -1.0899),
    (53.9552, -1.0935),
    (53.9632, -1.0921),
)
FULFORD = ((53.9418, -1.0843), (53.9424, -1.0744), (53.9331, -1.0731), (53.9312, -1.0829), (53.9418, -1.0843))
SVG = "{http://www.w3.org/2000/svg}"


def size(drawn):
    """Columns and rows, without the line below."""
    *rows, _ = drawn.splitlines()
    return max(map(len, rows)), len(rows)


def test_the_areas_of_a_flood_warning_in_a_terminal():
    assert (
        terminal_map([YORK, FULFORD], width=40, height=10)
        == """\
⢰⠒⠊⠉⠉⠢⡀
⡜⠀⠀⠀⠀⠀⠈⢢
⡇⠀⠀⠀⠀⠀⠀⡇
⠱⡀⠀⠀⠀⠀⡰⠁
⠀⠱⢄⡀⢀⠎
⠀⠀⠀⠈⠁
⠀⠀⠀⡤⠤⠤⢤
⠀⠀⠀⡇⠀⠀⢸
⠀⠀⠀⢱⠀⠀⠀⡇
⠀⠀⠀⢸⡠⠤⠔⠃
53.964° N 1.093° W to 53.931° N 1.072° W  ├─────────┤ 2 km"""
    )


def test_a_shape_is_as_wide_as_on_the_ground():
    # At 60 degrees a degree of longitude is half as long as one of latitude; characters are twice as high as wide.
    square = [(60, 0), (60, 2), (61, 2), (61, 0)]
    columns, rows = size(terminal_map([square], 60, 16))
    assert columns == pytest.approx(2 * rows, abs=1)


@pytest.mark.parametrize(
    ("box", "fills"),
    [([(51, 0), (51, 9), (51.5, 9), (51.5, 0)], "width"), ([(50, 0), (50, 0.2), (58, 0.2), (58, 0)], "height")],
)
def test_the_picture_is_as_large_as_it_may_be_and_no_larger(box, fills):
    columns, rows = size(terminal_map([box], 50, 12))
    assert (columns == 50) is (fills == "width")
    assert (rows == 12) is (fills == "height")


@pytest.mark.parametrize("nothing", [[], [[]], [[(math.nan, 0), (91, 0), (0, 181), (math.inf, -math.inf), (1e308, 0)]]])
def test_where_there_is_nothing_to_draw_nothing_is_drawn(nothing):
    assert terminal_map(nothing) == ""
    assert svg_map(nothing) == ""


def test_a_single_place_is_a_dot_in_the_middle():
    drawn = terminal_map([[(51.5, -0.1)]], width=20, height=5)
    dots = "".join(drawn.splitlines()[:-1]).replace("\u2800", "")
    assert len(dots) == 1
    assert drawn.splitlines()[-1].endswith("50 m")
    assert 'd="M160.0 100.0L160.0 100.0Z"' in svg_map([[(51.5, -0.1)]])


def test_the_areas_of_a_flood_warning_as_svg():
    picture = etree.fromstring(svg_map([YORK, FULFORD]))

    assert picture.get("aria-label") == "2 areas, 53.964° N 1.093° W to 53.931° N 1.072° W"
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert {"53.94° N", "53.96° N", "1.08° W", "1 km"} <= set(texts)
    (areas,) = [path.get("d") for path in picture.iter(f"{SVG}path") if path.get("fill-rule")]
    assert areas.count("M") == areas.count("Z") == 2


def test_points_that_cannot_be_told_apart_are_drawn_once():
    circle = [(50 + math.cos(i / 8000) / 10, math.sin(i / 8000) / 10) for i in range(50_000)]
    assert len(svg_map([circle])) < 30_000
    assert size(terminal_map([circle], 60, 16))[1] == 16


@given(st.lists(st.lists(st.tuples(st.floats(), st.floats()), max_size=6), max_size=4), st.integers(1, 80))
def test_whatever_the_numbers_are_there_is_a_picture_or_none(polygons, width):
    drawn = terminal_map(polygons, width, 8)
    if drawn:
        columns, rows = size(drawn)
        assert columns <= width
        assert rows <= 8
        etree.fromstring(svg_map(polygons))
    else:
        assert svg_map(polygons) == ""


def test_coordinates_of_both_halves_of_the_earth():
    assert "0.5° S 0.5° W to 1.5° S 0.5° E" in terminal_map([[(-0.5, -0.5), (-1.5, 0.5)]])
