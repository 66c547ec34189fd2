from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.turns import Lane, Room, take_turns

KEYS = st.sampled_from(["a", "b", "c"])
LANES = st.dictionaries(
    st.tuples(KEYS, st.sampled_from([None, "x", "y"])),
    st.lists(st.integers(0, 20), min_size=1, max_size=8).map(sorted),
)


@given(LANES, st.integers(0, 20), st.dictionaries(KEYS, st.integers(0, 5)), st.integers(0, 5))
def test_turns_are_fair_limited_and_leave_nothing_out(lanes, capacity, under_way, per_key):
    rows = {key: [(since, (key, number)) for number, since in enumerate(waiting)] for key, waiting in lanes.items()}
    offered = [Lane(fair, limit, found[0][0], iter(found)) for (fair, limit), found in rows.items()]
    chosen = list(take_turns(offered, capacity, under_way, Room(per_key, {})))

    assert len(chosen) == len(set(chosen)) <= capacity
    for key, found in rows.items():
        mine = [number for chosen_key, number in chosen if chosen_key == key]
        assert mine == list(range(len(mine)))
        room_left = key[1] is None or sum(1 for (_, limit), _ in chosen if limit == key[1]) < per_key
        # A row is left behind only for want of capacity or of room.
        assert len(chosen) == capacity or not room_left or len(mine) == len(found)
        if len(mine) < len(found) and room_left:
            # Nobody went further ahead while this key's row was waiting.
            own = under_way.get(key[0], 0) + sum(1 for (fair, _), _ in chosen if fair == key[0])
            for other in {fair for (fair, _), _ in chosen} - {key[0]}:
                ahead = under_way.get(other, 0) + sum(1 for (fair, _), _ in chosen if fair == other)
                assert ahead <= own + 1
