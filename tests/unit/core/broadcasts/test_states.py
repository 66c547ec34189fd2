from itertools import product

import pytest

from notify_core.broadcasts.states import (
    EDITABLE,
    EVENT_ASKED_FOR,
    MESSAGE,
    PROVIDER_MESSAGE,
    REVISION,
    REVISION_EVENT_ASKED_FOR,
    MessageStatus,
    RevisionEvent,
    RevisionStatus,
)
from notify_core.kernel.errors import IllegalTransition

# broadcasts.md, section 2, word for word; what the system does by itself is not asked for.
MOVES = {
    "draft": {"pending-approval"},
    "pending-approval": {"rejected", "draft", "broadcasting"},
    "rejected": {"draft", "pending-approval"},
    "broadcasting": {"completed", "cancelled"},
    "completed": set(),
    "cancelled": set(),
    "technical-failure": set(),
}


def test_the_table_is_that_of_the_specification():
    moves = {status.value: set() for status in MessageStatus}
    for state, _, target in MESSAGE.rows():
        if target is not None:
            moves[state.value].add(target.value)

    assert moves == MOVES


@pytest.mark.parametrize(("old", "new"), list(product(MessageStatus, MessageStatus)))
def test_what_people_may_ask_for(old, new):
    asked = new in MOVES[old] and new is not MessageStatus.COMPLETED

    try:
        answer = MESSAGE.after(old, EVENT_ASKED_FOR[new]) is new
    except (KeyError, IllegalTransition):
        answer = False

    assert answer is asked


def test_editable_before_it_is_out():
    assert {"draft", "pending-approval", "rejected"} == EDITABLE


@pytest.mark.parametrize("event", RevisionEvent)
def test_a_revision_is_decided_once(event):
    decided = REVISION.after(RevisionStatus.PENDING_APPROVAL, event)

    assert decided in {"approved", "rejected", "lapsed"}
    for again in RevisionEvent:
        with pytest.raises(IllegalTransition):
            REVISION.after(decided, again)


def test_people_approve_and_reject_revisions_that_lapse_by_themselves():
    outcomes = {
        asked.value: REVISION.after(RevisionStatus.PENDING_APPROVAL, event).value
        for asked, event in REVISION_EVENT_ASKED_FOR.items()
    }

    assert outcomes == {"approved": "approved", "rejected": "rejected"}
    assert REVISION.after(RevisionStatus.PENDING_APPROVAL, RevisionEvent.MESSAGE_ENDED) == "lapsed"


def test_nothing_leaves_an_end():
    assert {"completed", "cancelled", "technical-failure"} == MESSAGE.final_states
    assert {"returned-ack", "returned-error", "technical-failure"} == PROVIDER_MESSAGE.final_states
    assert {"approved", "rejected", "lapsed"} == REVISION.final_states
