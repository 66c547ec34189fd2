"""Leaving an address alone where nobody answers, and looking now and then whether somebody does again.

What waits meanwhile stays in the task ledger: its limit key is held, so it is not even published, and what was
published already is put off. Neither costs a retry.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from notify_core.accounts.model import Callback
from notify_core.callbacks.model import Circuit
from notify_core.callbacks.policies import CallbackRules
from notify_core.callbacks.ports import CallbacksWork
from notify_core.callbacks.states import CircuitState
from notify_core.callbacks.tasks import callback_key
from notify_core.kernel.errors import PutOff
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Breaker:
    """Whoever asks it tells it what became of the delivery. Safe among processes: a circuit is changed by one at a
    time."""

    work: UnitOfWorkFactory[CallbacksWork]
    clock: Clock
    ledger: TaskLedger
    rules: CallbackRules

    def begin_probe(self, callback: Callback) -> bool:
        """Whether the delivery is a probe: false, where the circuit has closed meanwhile.

        :raises PutOff: it is not its turn: a probe was begun a moment ago, and the next one has a time.
        """
        now = self.clock.now()
        with self.work() as work:
            circuit = work.circuits.take(callback.service_id, callback.type)
            wait = circuit.wait(now)
            if wait is None:
                return False
            if not wait:
                circuit = circuit.probing(until=now + self.rules.probe_every)
                work.circuits.put(circuit)
                work.commit()
        # Set anew by everyone who meets a circuit that is not closed: whoever opened it may have died before.
        self._hold(circuit)
        if wait:
            raise PutOff("nobody answers at the service's address; it is tried again later", delay=wait)
        return True

    def answered(self, work: CallbacksWork, callback: Callback) -> bool:
        """Somebody is there. True: the circuit has closed by it, and :meth:`close` is to be called after the commit."""
        circuit = work.circuits.find(callback.service_id, callback.type)
        if circuit is None or circuit.is_sound:
            return False
        was = work.circuits.take(callback.service_id, callback.type)
        work.circuits.put(was.answered())
        return was.state is not CircuitState.CLOSED

    def close(self, callback: Callback) -> None:
        """What waited goes out."""
        self.ledger.release(callback_key(callback.service_id, callback.type))
        _log.info("a service's callbacks go out again", extra=_ids(callback))

    def failed(self, work: CallbacksWork, callback: Callback, *, probe: bool) -> Circuit:
        """Nobody was there; :meth:`leave_alone` is to be called after the commit."""
        circuit = work.circuits.take(callback.service_id, callback.type)
        probe_at = self.clock.now() + self.rules.probe_every
        if probe:
            circuit = circuit.probe_failed()
        else:
            circuit = circuit.failed(most=self.rules.circuit_failures, probe_at=probe_at)
        work.circuits.put(circuit)
        return circuit

    def leave_alone(self, circuit: Circuit) -> None:
        """Nothing more is published for the address, if its circuit is open."""
        if circuit.state is CircuitState.CLOSED:
            return
        if circuit.failures == self.rules.circuit_failures:
            _log.warning(
                "%d callbacks in a row failed; the others wait",
                circuit.failures,
                extra={"service_id": str(circuit.service_id), "callback_type": circuit.type.value},
            )
        self._hold(circuit)

    def until_next_probe(self, circuit: Circuit, message: str) -> PutOff:
        """What a probe that failed is put off by."""
        return PutOff(message, delay=circuit.wait(self.clock.now()) or self.rules.probe_every)

    def _hold(self, circuit: Circuit) -> None:
        wait = circuit.wait(self.clock.now()) or timedelta()
        self.ledger.hold(callback_key(circuit.service_id, circuit.type), wait)


def _ids(callback: Callback) -> dict[str, str]:
    return {"service_id": str(callback.service_id), "callback_type": callback.type.value}
