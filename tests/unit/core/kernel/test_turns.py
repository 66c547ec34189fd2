from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.turns import Lane, Room, take_turns, who_may_overtake


def lanes(*rows):
    """Rows are (fair key, limit key, since when it waits); those with the same keys wait in one line."""
    lines = {}
    for fair, limit, since in rows:
        lines.setdefault((fair, limit), []).append((since, (fair, limit, since)))
    return [
        Lane(fair, limit, min(line)[0], iter(sorted(line, key=lambda waiting: waiting[0])))
        for (fair, limit), line in lines.items()
    ]


def turns(rows, capacity=100, under_way=None, *, per_key=100, limits=None, spare=0):
    return list(take_turns(lanes(*rows), capacity, under_way or {}, Room(per_key, limits or {}), spare=spare))


def test_one_row_of_somebody_does_not_wait_for_the_flood_of_another():
    flood = [("flood", None, since) for since in range(50)]
    taken = turns([*flood, ("quiet", None, 99)], capacity=3)
    assert taken == [("flood", None, 0), ("quiet", None, 99), ("flood", None, 1)]


def test_who_has_least_under_way_is_next():
    rows = [("a", None, 1), ("b", None, 2), ("b", None, 3)]
    assert [fair for fair, _, _ in turns(rows, under_way={"a": 2})] == ["b", "b", "a"]


def test_among_equals_who_has_waited_longest_is_next():
    assert [since for _, _, since in turns([("a", None, 3), ("b", None, 1), (None, None, 2)])] == [1, 2, 3]


def test_a_full_limit_key_stops_its_own_rows_only():
    rows = [("a", "dead", 1), ("a", "dead", 2), ("a", "dead", 3), ("a", "alive", 4), ("a", None, 5)]
    assert turns(rows, per_key=2, limits={"dead": 1}) == [rows[0], rows[3], rows[4]]
    assert turns(rows, per_key=2, limits={"dead": 7}) == [rows[3], rows[4]]


def test_nothing_is_taken_without_capacity_or_rows():
    assert turns([("a", None, 1)], capacity=0) == []
    assert turns([]) == []


def test_a_line_that_turns_out_to_be_empty_is_passed_over():
    empty = Lane("a", None, 0, iter([]))
    assert list(take_turns([empty, *lanes(("a", None, 1))], 5, {}, Room(1, {}))) == [("a", None, 1)]


def test_a_line_is_read_no_further_than_needed():
    def endless():
        yield 1, "first"
        raise AssertionError

    assert list(take_turns([Lane("a", None, 1, endless())], 1, {}, Room(1, {}))) == ["first"]


keys = st.sampled_from([None, "a", "b", "c"])
waiting = st.lists(st.tuples(keys, keys, st.integers(0, 20)), max_size=30)


@given(waiting, st.integers(0, 20), st.dictionaries(keys, st.integers(0, 5)), st.integers(0, 5))
def test_whatever_waits(rows, capacity, under_way, per_key):
    taken = turns(rows, capacity, under_way, per_key=per_key)
    assert not Counter(taken) - Counter(rows)
    assert len(taken) <= capacity
    by_limit = Counter(limit for _, limit, _ in taken if limit is not None)
    assert all(number <= per_key for number in by_limit.values())
    if len(taken) < capacity:  # what is left had no room
        left = Counter(rows) - Counter(taken)
        assert all(limit is not None and by_limit[limit] == per_key for _, limit, _ in left)
    for fair, limit, _ in taken:
        line = [since for f, key, since in taken if (f, key) == (fair, limit)]
        assert line == sorted(line)


def test_the_last_places_are_kept_for_those_with_few_rows():
    flood = [("flood", None, since) for since in range(50)]
    assert len(turns(flood, capacity=20, spare=5)) == 15
    assert len(turns(flood, capacity=5, spare=5)) == 4, "who has few may have the last places"
    assert turns([*flood, ("few", None, 99)], capacity=5, spare=5, under_way={"flood": 20}) == [("few", None, 99)]


def test_who_has_few_rows_among_many_of_others_may_overtake():
    assert who_may_overtake({"flood": 100, "few": 4, "some": 5, None: 1}) == {"few"}
    assert who_may_overtake({"flood": 15, "few": 4}) == frozenset()
    assert who_may_overtake({}) == frozenset()
