"""A server that is down or hangs: what waits for it loses nothing, and nobody else waits."""

import time
from datetime import timedelta
from itertools import pairwise

import pytest
from dependency_injector import providers

from notify_core.callbacks.policies import CallbackRules
from notify_core.callbacks.states import CircuitState
from notify_core.ports.task_ledger import EntryState
from tests.integration.waiting import eventually

SECOND = timedelta(seconds=1)


@pytest.fixture
def hasty(office):
    """Whose circuits open after five failures, and probe every second."""
    another = office.another

    def made():
        container = another()
        container.callback_rules.override(providers.Object(CallbackRules(5, SECOND)))
        return container

    office.another = made
    return office


def test_what_waits_for_a_server_that_is_down_goes_out_when_it_is_back(hasty):
    library = hasty.told_service()
    library.server.status = 503
    library.messages(40)
    for name in ("first", "second"):
        hasty.run(name)
    # Nine at most had begun when the circuit opened: no more than four of a limit key are under way. Then a probe
    # a second.
    eventually(lambda: len(library.attempts) >= 13)
    assert library.circuit.state is not CircuitState.CLOSED
    probes = [attempt.at for attempt in library.attempts[9:]]
    assert all(later - earlier > SECOND * 0.8 for earlier, later in pairwise(probes))
    untried = [row for row in library.rows() if row.attempt == 0]
    assert len(untried) >= 40 - 9, "a probe uses no retry up"
    assert library.rows(state=EntryState.FAILED) == []

    library.server.status = 204
    eventually(lambda: len(library.server.told) >= len(untried))
    assert library.circuit.is_sound
    assert library.container.ledger().lag() < timedelta(minutes=1)


def test_a_server_that_hangs_keeps_nobody_elses_news_waiting(office):
    library, museum = office.told_service(), office.told_service()
    library.server.go_on.clear()
    office.run("only")
    library.messages(200)
    eventually(lambda: library.server.ids)
    for _ in range(3):
        begun = time.monotonic()
        before = len(museum.server.told)
        museum.messages(1)
        eventually(lambda before=before: len(museum.server.told) > before)
        # All threads may hang, each for the second that a delivery has; a busy machine adds to that.
        assert time.monotonic() - begun < 15
    eventually(lambda: library.circuit.state is not CircuitState.CLOSED)
    assert len(library.attempts) < 20
