from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.errors import InvalidValue, NotAllowed, NotFound
from notify_core.notifications.model import Balance, Channel, DeliverySpeed, Share
from notify_core.notifications.policies.balance import (
    after_error,
    after_slowness,
    balance_of,
    drifted,
    weights,
    with_active,
    with_resting,
)
from notify_core.testing.builders import NOON

MINUTE = timedelta(minutes=1)
NAMES = ("firetext", "mmg")


def resting(*names):
    return balance_of(None, Channel.SMS, names or NAMES)


def points(balance):
    return {share.supplier: share.points for share in balance.shares}


def speeds(**slow):
    """Of a hundred messages each."""
    return [DeliverySpeed(name, 100, number) for name, number in slow.items()]


def test_two_suppliers_rest_at_half_each():
    assert weights(resting()) == {"firetext": 50, "mmg": 50}


def test_three_suppliers_have_a_hundred_points_all_the_same():
    assert weights(resting("c", "a", "b")) == {"a": 34, "b": 33, "c": 33}


def test_an_error_moves_ten_points_away():
    assert points(after_error(resting(), "mmg", NOON)) == {"firetext": 60, "mmg": 40}


def test_further_errors_count_once_a_minute():
    once = after_error(resting(), "mmg", NOON)
    assert after_error(once, "mmg", NOON + MINUTE / 2) is once
    assert points(after_error(once, "mmg", NOON + MINUTE)) == {"firetext": 70, "mmg": 30}


def test_points_of_one_go_to_all_others_in_equal_parts():
    once = after_error(resting("a", "b", "c"), "a", NOON)
    assert points(once) == {"a": 24, "b": 38, "c": 38}
    assert points(after_error(once, "c", NOON + MINUTE)) == {"a": 29, "b": 43, "c": 28}


def test_nobody_falls_below_nothing_and_then_nothing_moves():
    balance = with_resting(resting(), {"firetext": 96, "mmg": 4}, NOON - MINUTE)
    once = after_error(balance, "mmg", NOON)
    assert points(once) == {"firetext": 100, "mmg": 0}
    assert after_error(once, "mmg", NOON + MINUTE) is once


def test_an_only_supplier_keeps_all():
    balance = resting("mmg")
    assert after_error(balance, "mmg", NOON) is balance


def test_an_error_of_somebody_unknown_changes_nothing():
    balance = resting()
    assert after_error(balance, "pigeon", NOON) is balance


def test_who_is_not_in_use_gets_no_points():
    balance = with_active(resting(), "firetext", active=False, now=NOON - MINUTE)
    assert after_error(balance, "mmg", NOON) is balance


@pytest.mark.parametrize(("slow", "mmg"), [(29, 50), (30, 40), (100, 40)])
def test_a_supplier_with_a_third_of_slow_messages_loses_ten_points(slow, mmg):
    assert points(after_slowness(resting(), speeds(mmg=slow, firetext=0), NOON))["mmg"] == mmg


def test_slowness_counts_once_in_ten_minutes():
    once = after_slowness(resting(), speeds(mmg=50), NOON)
    assert after_slowness(once, speeds(mmg=50), NOON + 9 * MINUTE) is once
    assert points(after_slowness(once, speeds(mmg=50), NOON + 10 * MINUTE))["mmg"] == 30


def test_slowness_counts_though_another_supplier_fails_all_the_time():
    balance = resting("a", "b", "c")
    for minute in range(10):
        balance = after_error(balance, "a", NOON + minute * MINUTE)
    moved = after_slowness(balance, speeds(b=50, c=0), NOON + 9 * MINUTE)
    assert points(moved)["b"] == points(balance)["b"] - 10
    again = after_error(moved, "a", NOON + 11 * MINUTE)
    assert after_slowness(again, speeds(b=50, c=0), NOON + 18 * MINUTE) is again


def test_what_an_operator_decided_is_given_ten_minutes():
    balance = with_resting(resting(), {"firetext": 20, "mmg": 80}, NOON)
    assert after_slowness(balance, speeds(mmg=50), NOON + 9 * MINUTE) is balance
    assert points(after_slowness(balance, speeds(mmg=50), NOON + 10 * MINUTE)) == {"firetext": 30, "mmg": 70}


def test_a_slow_supplier_without_points_has_none_to_lose():
    balance = with_resting(resting(), {"firetext": 100, "mmg": 0}, NOON)
    assert after_slowness(balance, speeds(mmg=50), NOON + 10 * MINUTE) is balance


def test_where_all_are_slow_nothing_moves():
    balance = resting()
    assert after_slowness(balance, speeds(mmg=30, firetext=90), NOON) is balance


def test_two_slow_ones_of_three_both_lose_to_the_third():
    moved = after_slowness(resting("a", "b", "c"), speeds(a=40, b=40, c=0), NOON)
    assert points(moved) == {"a": 24, "b": 23, "c": 53}


def test_a_supplier_without_messages_is_not_slow():
    balance = resting()
    assert after_slowness(balance, [DeliverySpeed("mmg", 0, 0)], NOON) is balance


def test_after_an_hour_of_quiet_points_go_back_ten_at_a_time():
    balance = after_error(after_error(resting(), "mmg", NOON - MINUTE), "mmg", NOON)
    assert drifted(balance, NOON + 59 * MINUTE) is balance
    back = drifted(balance, NOON + 60 * MINUTE)
    assert points(back) == {"firetext": 60, "mmg": 40}
    rested = drifted(back, NOON + 65 * MINUTE)
    assert points(rested) == {"firetext": 50, "mmg": 50}
    assert drifted(rested, NOON + 70 * MINUTE) is rested


def test_an_operators_points_are_those_that_all_goes_back_to():
    balance = with_resting(resting(), {"firetext": 20, "mmg": 80}, NOON)
    moved = after_error(balance, "mmg", NOON + MINUTE)
    assert points(moved) == {"firetext": 30, "mmg": 70}
    assert points(drifted(moved, NOON + 61 * MINUTE)) == {"firetext": 20, "mmg": 80}


@pytest.mark.parametrize(
    "wanted", [{"mmg": 100}, {"mmg": 50, "pigeon": 50}, {"mmg": 60, "firetext": 50}, {"mmg": 110, "firetext": -10}]
)
def test_points_are_for_all_suppliers_and_a_hundred(wanted):
    with pytest.raises(InvalidValue):
        with_resting(resting(), wanted, NOON)


def test_who_is_not_in_use_is_not_chosen():
    balance = with_active(resting(), "mmg", active=False, now=NOON)
    assert weights(balance) == {"firetext": 50}
    assert weights(with_active(balance, "mmg", active=True, now=NOON)) == {"firetext": 50, "mmg": 50}


def test_what_is_so_already_is_no_change():
    balance = resting()
    assert with_active(balance, "mmg", active=True, now=NOON) is balance


def test_somebody_stays_in_use():
    balance = with_active(resting(), "mmg", active=False, now=NOON)
    with pytest.raises(NotAllowed, match="only"):
        with_active(balance, "firetext", active=False, now=NOON)
    with pytest.raises(NotFound, match="firetext, mmg"):
        with_active(balance, "pigeon", active=False, now=NOON)


def test_who_alone_is_in_use_gets_all_even_without_points():
    balance = with_resting(resting(), {"firetext": 0, "mmg": 100}, NOON)
    assert weights(with_active(balance, "mmg", active=False, now=NOON)) == {"firetext": 1}


def test_other_suppliers_begin_in_equal_parts_and_who_was_out_of_use_stays_so():
    kept = with_active(after_error(resting(), "mmg", NOON), "mmg", active=False, now=NOON)
    assert balance_of(kept, Channel.SMS, NAMES) is kept
    more = balance_of(kept, Channel.SMS, ("mmg", "firetext", "pigeon"))
    assert points(more) == {"firetext": 34, "mmg": 33, "pigeon": 33}
    assert weights(more) == {"firetext": 34, "pigeon": 33}
    # Of those that are left somebody has to send.
    assert weights(balance_of(kept, Channel.SMS, ["mmg"])) == {"mmg": 100}


SUPPLIERS = st.lists(st.sampled_from("abcde"), min_size=1, unique=True)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("error"), st.sampled_from("abcde")),
        st.tuples(st.just("slow"), st.dictionaries(st.sampled_from("abcde"), st.integers(0, 100))),
        st.tuples(st.just("drift"), st.none()),
        st.tuples(st.just("use"), st.tuples(st.sampled_from("abcde"), st.booleans())),
    )
)


@given(SUPPLIERS, EVENTS, st.integers(1, 90))
def test_whatever_happens_there_are_a_hundred_points_and_somebody_to_choose(names, events, minutes):
    balance, now = resting(*names), NOON
    for kind, what in events:
        now += timedelta(minutes=minutes)
        before = balance
        match kind:
            case "error":
                balance = after_error(balance, what, now)
            case "slow":
                balance = after_slowness(balance, speeds(**what), now)
            case "drift":
                balance = drifted(balance, now)
                assert distance(balance) <= distance(before)
            case "use" if what[0] in names:
                try:
                    balance = with_active(balance, what[0], active=what[1], now=now)
                except NotAllowed:
                    assert not what[1]
        assert sum(points(balance).values()) == 100
        assert all(0 <= share.points <= 100 for share in balance.shares)
        assert [share.resting for share in balance.shares] == [share.resting for share in before.shares]
        assert weights(balance)
        assert any(weights(balance).values())


@given(SUPPLIERS, st.data())
def test_quiet_brings_everybody_back_to_rest(names, data):
    parts = data.draw(st.lists(st.integers(0, 100), min_size=len(names) - 1, max_size=len(names) - 1).map(sorted))
    edges = [0, *parts, 100]
    shares = tuple(
        Share(share.supplier, end - begin, share.resting)
        for share, begin, end in zip(resting(*names).shares, edges, edges[1:], strict=False)
    )
    balance, now = Balance(Channel.SMS, shares, NOON), NOON + 60 * MINUTE
    for _ in range(10):
        balance = drifted(balance, now)
    assert points(balance) == points(resting(*names))


def distance(balance):
    return sum(abs(share.points - share.resting) for share in balance.shares)
