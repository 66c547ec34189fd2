from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify_core.kernel.errors import IllegalTransition
from notify_core.kernel.state_diagram import mermaid
from notify_core.kernel.state_machine import StateMachine


class Door(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    BRICKED_UP = "bricked-up"


class Act(StrEnum):
    PUSH = "push: hard"
    PULL = "pull"
    BRICK = "brick up"


DOOR = StateMachine(
    "door",
    Door,
    Act,
    moves={
        (Door.OPEN, Act.PUSH): Door.CLOSED,
        (Door.CLOSED, Act.PULL): Door.OPEN,
        (Door.CLOSED, Act.BRICK): Door.BRICKED_UP,
    },
    ignores=frozenset({(Door.CLOSED, Act.PUSH)}),
)
pairs = st.tuples(st.sampled_from(Door), st.sampled_from(Act))


@given(pairs)
def test_every_pair_moves_is_ignored_or_raises(pair):
    state, event = pair
    if pair in DOOR.moves:
        assert DOOR.after(state, event) is DOOR.moves[pair]
        assert not DOOR.ignores_event(state, event)
    elif pair in DOOR.ignores:
        assert DOOR.after(state, event) is state
        assert DOOR.ignores_event(state, event)
    else:
        with pytest.raises(IllegalTransition, match=f"^door: {event} is not possible in state {state}$"):
            DOOR.after(state, event)


def test_final_states_are_left_by_no_move():
    assert DOOR.final_states == {Door.BRICKED_UP}


def test_a_pair_cannot_both_move_and_be_ignored():
    with pytest.raises(ValueError, match="both move and ignore"):
        StateMachine("door", Door, Act, DOOR.moves, frozenset(DOOR.moves))


def test_the_rows_are_the_whole_table_in_order():
    rows = list(DOOR.rows())
    assert [(state, event) for state, event, _ in rows] == [(state, event) for state in Door for event in Act]
    assert {(state, event): target for state, event, target in rows if target} == {
        **DOOR.moves,
        (Door.CLOSED, Act.PUSH): Door.CLOSED,
    }


def test_the_page_shows_diagram_table_and_ignores():
    assert mermaid(DOOR) == (
        "# States of a door\n\n"
        "```mermaid\n"
        "stateDiagram-v2\n"
        '    state "open" as s0\n'
        '    state "closed" as s1\n'
        '    state "bricked-up" as s2\n'
        "    [*] --> s0\n"
        "    s0 --> s1: push, hard\n"
        "    s1 --> s0: pull\n"
        "    s1 --> s2: brick up\n"
        "    s2 --> [*]\n"
        "```\n\n"
        "## Every pair\n\n"
        "A dash is a pair that raises; *stays* is a declared ignore.\n\n"
        "| event | open | closed | bricked-up |\n"
        "| --- | --- | --- | --- |\n"
        "| push: hard | closed | *stays* | - |\n"
        "| pull | - | open | - |\n"
        "| brick up | - | bricked-up | - |\n\n"
        "## Declared ignores\n\n"
        "- push: hard, in closed\n"
    )


def test_the_page_can_begin_elsewhere_and_have_no_ignores():
    page = mermaid(StateMachine("door", Door, Act, DOOR.moves), begins_in=[Door.CLOSED, Door.OPEN])
    assert "    [*] --> s1\n    [*] --> s0\n" in page
    assert page.endswith("## Declared ignores\n\nNone.\n")
