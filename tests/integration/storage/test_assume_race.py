"""A worker begins another try while an operator gives the same copy up: only one of them may have its way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

import pytest

from notify_adapters.storage.sql.ledger import SqlTaskLedger
from notify_adapters.storage.sql.unit_of_work import SqlStorage
from notify_core.broadcasts.model import Assumption, Attempt, AttemptOutcome, EventType, Route
from notify_core.broadcasts.policies.sequencing import BroadcastIntegrityError
from notify_core.broadcasts.ports import NetworkFailed
from notify_core.broadcasts.states import ProviderMessageEvent, ProviderMessageStatus
from notify_core.broadcasts.tasks import SendBroadcastProviderMessage
from notify_core.broadcasts.use_cases.replay import ReplayBroadcast
from notify_core.broadcasts.use_cases.send_to_network import SendToNetwork
from notify_core.kernel.errors import Conflict, NotAllowed, TransientError
from notify_core.ports.task_ledger import LEASE, RelayLimits
from notify_core.testing.builders import (
    NOON,
    a_broadcast_event,
    a_broadcast_message,
    a_provider_message,
    a_service,
    an_attempt,
    claim_row,
)
from notify_core.testing.fakes.clock import FakeClock
from notify_core.testing.fakes.metrics import MemoryMetrics
from notify_core.testing.fakes.networks import MemoryNetworks
from notify_core.testing.fakes.random_source import SeededRandom
from notify_core.testing.fakes.secrets import MemorySecrets

ROUNDS = 25
PATIENCE = 30


class Silent(MemoryNetworks):
    """Does not answer before the operator has had an answer."""

    def __init__(self):
        super().__init__(["ee"])
        self.operator_has_an_answer = Event()

    def send(self, network, route, instruction):
        super().send(network, route, instruction)
        assert self.operator_has_an_answer.wait(PATIENCE)
        raise NetworkFailed("time-out")


class Scene:
    """An alert that was tried once, a cancellation that failed because of it, a worker and an operator."""

    def __init__(self, engine):
        self.work = SqlStorage(engine, MemorySecrets())
        self.ledger = SqlTaskLedger(engine)
        self.networks = Silent()
        service = a_service()
        self.message = a_broadcast_message(service_id=service.id)
        self.alert = a_broadcast_event(
            broadcast_message_id=self.message.id, service_id=service.id, number=1, providers=("ee",)
        )
        self.cancel = replace(self.alert, id=a_broadcast_event().id, number=2, type=EventType.CANCEL)
        self.copy = a_provider_message(
            broadcast_event_id=self.alert.id, broadcast_message_id=self.message.id, provider="ee"
        )
        with self.work() as work:
            work.services.put(service)
            work.broadcast_messages.add(self.message)
            for event in (self.alert, self.cancel):
                work.broadcast_events.add(event)
            work.provider_messages.add(self.copy)
            tried = an_attempt(provider_message_id=self.copy.id, outcome=AttemptOutcome.FAILED)
            work.provider_messages.add_attempts([tried])
            work.commit()
        self.ledger.fail(self.claim(self.cancel), "BroadcastIntegrityError")
        self.alerts_claim = self.claim(self.alert)

    def claim(self, event):
        task = SendBroadcastProviderMessage(event.id, "ee")
        with self.work() as work:
            work.enqueue(task)
            work.commit()
        # Scenes before this one have left their cancellations behind.
        self.ledger.publish_due(RelayLimits(per_limit_key=10 * ROUNDS), "relay")
        (row,) = self.ledger.with_dedupe([task.dedupe_key()])
        return claim_row(self.ledger, row.id, "worker", LEASE)

    def worker(self):
        """What became of the alert's next try."""
        send = SendToNetwork(self.work, FakeClock(NOON), SeededRandom(), MemoryMetrics(), self.networks)
        try:
            send(SendBroadcastProviderMessage(self.alert.id, "ee"), self.alerts_claim)
        except (TransientError, BroadcastIntegrityError) as error:
            return error

    def operator(self):
        """What an operator is told who gives the alert up."""
        replay = ReplayBroadcast(
            self.work, FakeClock(NOON), SeededRandom(), MemoryMetrics(), self.ledger, self.networks
        )
        try:
            return replay(self.cancel.id, "ee", Assumption.NOT_SENT)
        except (NotAllowed, Conflict) as error:
            return error
        finally:
            self.networks.operator_has_an_answer.set()

    def stored(self):
        with self.work(read_only=True) as work:
            return work.provider_messages.find(self.alert.id, "ee")


@pytest.fixture(params=["sqlite_engine", "postgresql_engine"])
def engine(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_both_at_once(engine, threads):
    outcomes = set()
    for _ in range(ROUNDS):
        scene, start = Scene(engine), Barrier(2)

        def act(who, start=start):
            start.wait(PATIENCE)
            return who()

        worker = threads.submit(act, scene.worker)
        operator = threads.submit(act, scene.operator)
        said, answer = worker.result(PATIENCE), operator.result(PATIENCE)

        given_up = scene.stored().assumed is Assumption.NOT_SENT
        called = bool(scene.networks.calls())
        outcomes.add((given_up, called))
        assert (given_up, called) in {(True, False), (False, True)}, (said, answer)
    assert outcomes


def test_a_worker_who_comes_second_waits_and_calls_nobody(engine, threads):
    scene = Scene(engine)
    given_up = scene.copy.taken_for(Assumption.NOT_SENT, NOON)
    with scene.work() as work:
        work.provider_messages.change(scene.copy, given_up)
        worker = threads.submit(scene.worker)
        with pytest.raises(TimeoutError):
            worker.result(0.3)
        work.commit()
    error = worker.result(PATIENCE)

    assert scene.networks.calls() == ()
    assert scene.stored().status is ProviderMessageStatus.RETURNED_ERROR
    assert isinstance(error, Conflict | BroadcastIntegrityError)


def test_an_operator_who_comes_second_waits_and_sees_the_call(engine, threads):
    scene = Scene(engine)
    with scene.work() as work:
        work.provider_messages.change(scene.copy, replace(scene.copy, updated_at=NOON))
        work.provider_messages.add_attempts([Attempt(scene.copy.id, NOON, Route.FIRST, AttemptOutcome.STARTED)])
        operator = threads.submit(scene.operator)
        with pytest.raises(TimeoutError):
            operator.result(0.3)
        work.commit()
    answer = operator.result(PATIENCE)

    assert isinstance(answer, NotAllowed)
    assert "may still be under way at ee" in str(answer)
    assert scene.stored().assumed is None


def test_two_operators_of_different_minds(engine, threads):
    """About an alert that has expired: whatever the first one's word brought about must not be taken back."""
    scene = Scene(engine)
    expired = scene.copy.after(ProviderMessageEvent.EXPIRED, NOON)
    with scene.work() as work:
        work.provider_messages.change(scene.copy, expired)
        work.commit()
    with scene.work() as work:
        work.provider_messages.change(expired, expired.taken_for(Assumption.SENT, NOON))
        operator = threads.submit(scene.operator)
        with pytest.raises(TimeoutError):
            operator.result(0.3)
        work.commit()
    answer = operator.result(PATIENCE)

    assert isinstance(answer, NotAllowed | Conflict)
    assert scene.stored().assumed is Assumption.SENT
