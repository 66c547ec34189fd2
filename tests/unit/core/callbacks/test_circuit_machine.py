"""Whatever a server does, in whatever order: nothing is lost, no retry is used up by waiting, and a server that is
silent is asked once a minute."""

from collections import Counter, defaultdict
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from notify_core.callbacks.policies import CallbackRules
from notify_core.callbacks.states import CircuitState
from notify_core.callbacks.use_cases import ReplayCallbacks
from notify_core.kernel.errors import TransientError
from notify_core.testing.fakes.unit_of_work import MemoryStorage
from notify_core.testing.platform import InMemoryPlatform

from .conftest import MINUTE, ServiceUnderTest

MOST = 3
ALL = {200, 204, 404, 429, 503, None}


class CallbackMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.notify = InMemoryPlatform()
        self.notify.callback_rules = CallbackRules(circuit_failures=MOST)
        self.service = ServiceUnderTest(self.notify)
        self.messages = set()
        self.delivered = set()
        self.ids = defaultdict(set)
        self.tries = Counter()
        self.probed_at = None
        self._post, self.notify.callback_sender.post = self.notify.callback_sender.post, self.post

    def post(self, request):
        """The way to the server, which knows what the circuit should be."""
        now, circuit = self.notify.clock.now(), self.service.circuit
        if circuit is not None and circuit.state is not CircuitState.CLOSED:
            assert circuit.state is CircuitState.PROBING
            assert self.probed_at is None or now - self.probed_at >= MINUTE
            self.probed_at = now
        self.tries[request.headers["webhook-id"]] += 1
        self.ids[request.body].add(request.headers["webhook-id"])
        status = self._post(request)
        self.delivered.add(request.headers["webhook-id"])
        return status

    @rule(number=st.integers(1, 4))
    def messages_end(self, number):
        for _ in range(number):
            self.messages.add(self.service.message().id)

    @rule(status=st.sampled_from(sorted(ALL, key=str)))
    def the_server_changes(self, status):
        self.service.answers(status)

    @rule(seconds=st.sampled_from([0, 20, 60, 90, 300, 900]))
    def time_passes(self, seconds):
        self.notify.advance(timedelta(seconds=seconds))
        self.service.run()

    @rule()
    def a_process_dies_before_it_records(self):
        work = self.notify.work
        work.fail_next_commit(TransientError("killed"))
        self.service.run()
        # Where nothing was due nothing died.
        self.notify.work = MemoryStorage(work.database, work.react)

    @rule()
    def an_operator_replays(self):
        self.notify.use(ReplayCallbacks)(self.service.id)

    @rule()
    def a_hold_is_lost(self):
        self.notify.ledger.release(f"callback:{self.service.id}:{self.service.callback.type}")

    @invariant()
    def a_delivery_keeps_its_id(self):
        assert all(len(ids) == 1 for ids in self.ids.values())

    @invariant()
    def nothing_is_lost(self):
        waiting = {str(row.id) for row in self.service.rows()}
        assert len(waiting | self.delivered) == len(self.messages)

    @invariant()
    def no_retry_is_used_up_by_waiting(self):
        for row in self.service.rows():
            assert row.attempt <= self.tries[str(row.id)]

    @invariant()
    def an_open_circuit_has_a_time_for_its_probe(self):
        circuit = self.service.circuit
        if circuit is not None:
            assert (circuit.probe_at is None) == (circuit.state is CircuitState.CLOSED)
            assert circuit.state is not CircuitState.CLOSED or circuit.failures < MOST

    def teardown(self):
        self.service.answers(200)
        self.notify.use(ReplayCallbacks)(self.service.id)
        self.service.run(timedelta(hours=3))
        assert len(self.delivered) == len(self.messages)
        assert self.service.rows() == []


TestCallbackMachine = CallbackMachine.TestCase
TestCallbackMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
