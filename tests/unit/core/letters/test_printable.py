import pytest

from notify_core.letters.policies.printable import A4, ADDRESS_WINDOW, PRINTABLE, Area


def test_the_window_is_where_it_may_be_printed():
    assert A4.holds(PRINTABLE)
    assert PRINTABLE.holds(ADDRESS_WINDOW)


def test_an_area_knows_its_size():
    assert (Area(1, 2, 4, 8).width, Area(1, 2, 4, 8).height) == (3, 6)


@pytest.mark.parametrize(
    ("other", "held", "met"),
    [
        (Area(10, 10, 20, 20), True, True),
        (Area(12, 12, 18, 18), True, True),
        (Area(9, 12, 18, 18), False, True),
        (Area(12, 9, 18, 18), False, True),
        (Area(12, 12, 21, 18), False, True),
        (Area(12, 12, 18, 21), False, True),
        (Area(0, 12, 10, 18), False, False),
        (Area(20, 12, 30, 18), False, False),
        (Area(12, 0, 18, 10), False, False),
        (Area(12, 20, 18, 30), False, False),
    ],
)
def test_what_lies_within_and_what_across(other, held, met):
    area = Area(10, 10, 20, 20)
    assert (area.holds(other), area.meets(other)) == (held, met)
    assert other.meets(area) is met
