"""An address where nobody answers is left alone, and nothing that waits for it loses a retry."""

from datetime import timedelta
from itertools import pairwise

import pytest

from notify_core.callbacks.model import Circuit
from notify_core.callbacks.policies import CallbackRules
from notify_core.callbacks.states import CircuitState
from notify_core.callbacks.use_cases.breaking import Breaker
from notify_core.kernel.errors import IllegalTransition
from notify_core.testing.builders import NOON

from .conftest import MINUTE


def flood(service, number=20):
    """So many messages, none of which is delivered until the circuit opens."""
    for _ in range(number):
        service.message()
    service.run()


@pytest.fixture
def down(library):
    """Nobody has answered for ten deliveries of thirty."""
    library.answers(None)
    flood(library, 30)
    assert library.circuit.state is CircuitState.OPEN
    return library


def test_ten_failures_in_a_row_open_it(down):
    assert down.circuit.failures == 10
    assert len(down.attempts) == 10
    attempts = sorted(row.attempt for row in down.rows())
    assert attempts == [0] * 20 + [1] * 10


def test_an_answer_begins_the_count_anew(library):
    for _ in range(3):
        library.answers(503)
        flood(library, 9)
        library.answers(404)
        flood(library, 1)
    assert library.circuit.is_sound
    library.answers(503)
    flood(library, 9)
    library.answers(200)
    flood(library, 1)
    assert library.circuit.is_sound


def test_a_deployment_decides_after_how_many(notify, library):
    notify.callback_rules = CallbackRules(circuit_failures=2)
    library.answers(None)
    flood(library)
    assert len(library.attempts) == 2


def test_while_it_is_open_one_probe_goes_out_a_minute_and_no_retry_is_used_up(down):
    before = {row.id: row.attempt for row in down.rows()}
    down.run(10 * MINUTE)
    assert len(down.attempts) == 20
    times = [attempt.at for attempt in down.attempts[10:]]
    assert {later - earlier for earlier, later in pairwise(times)} == {MINUTE}
    assert {row.id: row.attempt for row in down.rows()} == before
    assert down.failed == []


def test_the_probes_are_not_always_the_same_delivery(down):
    down.run(10 * MINUTE)
    assert len({attempt.delivery_id for attempt in down.attempts[10:]}) > 1


def test_what_waits_outlives_days_without_a_server(down):
    down.run(timedelta(days=2))
    assert len(down.rows()) == 30
    assert down.failed == []
    down.answers(200)
    down.run(10 * MINUTE)
    assert down.rows() == []


def test_a_probe_that_is_answered_closes_it_and_lets_all_go(down):
    down.answers(200)
    down.run(MINUTE)
    assert down.circuit.is_sound
    # All that had not been tried before, at once; the others when their retries are due.
    assert len(down.requests) >= 16
    down.run(5 * MINUTE)
    assert len(down.requests) == 30
    assert down.rows() == []


def test_a_refusal_closes_it_too_for_somebody_is_there(down):
    down.answers(400)
    down.run(MINUTE)
    assert down.circuit.is_sound


def test_an_address_that_must_not_be_called_keeps_it_open(notify, make_service):
    notify.callback_rules = CallbackRules(circuit_failures=3)
    service = make_service(url="https://10.0.0.1/callbacks")
    flood(service, 6)
    assert service.circuit.state is CircuitState.OPEN
    assert len(service.failed) == 3
    service.run(MINUTE)
    assert service.circuit.state is CircuitState.OPEN
    assert len(service.failed) == 4


def test_other_services_are_not_kept_waiting(notify, down, make_service):
    other = make_service(url="https://museum.example.gov.uk/callbacks")
    other.message()
    notify.run_until_idle()
    assert len(other.requests) == 1


def test_other_types_of_the_same_service_are_not_kept_waiting(notify, down):
    assert down.circuit.state is CircuitState.OPEN
    with notify.work(read_only=True) as work:
        assert [work.circuits.find(down.id, kind) is None for kind in ("complaint", "inbound_sms")] == [True, True]


def test_a_probe_whose_process_died_is_followed_by_another(notify, down):
    """The one that died is recorded as begun, and never ends."""
    with notify.work() as work:
        circuit = work.circuits.take(down.id, down.callback.type)
        work.circuits.put(circuit.probing(until=notify.clock.now() + MINUTE))
        work.commit()
    down.answers(200)
    down.run(MINUTE / 2)
    assert down.requests == []
    down.run(MINUTE)
    assert down.circuit.is_sound


def test_a_hold_that_nobody_set_is_set_by_the_next_who_comes(notify, down):
    """Whoever opened the circuit died before it could hold the key."""
    notify.ledger.release(f"callback:{down.id}:{down.callback.type}")
    before = len(down.attempts)
    executions = down.run(MINUTE / 2)
    assert executions <= 4 * 2
    assert len(down.attempts) == before


def test_who_finds_the_circuit_closed_when_it_asks_for_the_probe_is_delivered(notify, down):
    """It saw it open a moment ago."""
    with notify.work() as work:
        work.circuits.put(work.circuits.take(down.id, down.callback.type).answered())
        work.commit()
    breaker = Breaker(notify.work, notify.clock, notify.ledger, notify.callback_rules)
    assert not breaker.begin_probe(down.callback)


class TestTheModel:
    circuit = Circuit(None, None)

    def test_a_late_failure_does_not_move_the_next_probe(self):
        opened = self.circuit.failed(most=1, probe_at=NOON)
        late = opened.failed(most=1, probe_at=NOON + MINUTE)
        assert (late.state, late.failures, late.probe_at) == (CircuitState.OPEN, 2, NOON)

    def test_a_probe_that_somebody_was_faster_than_opens_nothing(self):
        assert self.circuit.probe_failed().state is CircuitState.CLOSED

    def test_a_closed_one_is_not_probed(self):
        with pytest.raises(IllegalTransition):
            self.circuit.probing(until=NOON)

    def test_how_long_to_wait(self):
        opened = self.circuit.failed(most=1, probe_at=NOON)
        assert self.circuit.wait(NOON) is None
        assert opened.wait(NOON - MINUTE) == MINUTE
        assert opened.wait(NOON + MINUTE) == timedelta()
