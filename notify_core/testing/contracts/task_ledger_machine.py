"""Everything that may happen to a task ledger, in any order. Needs Hypothesis.

Run it with ``run_state_machine_as_test(lambda: TaskLedgerMachine(storage))``, each time on an empty
database: messages are lost, repeated and reordered, workers die or come too late, operators interfere.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from notify_core.kernel.errors import AlreadyExists, ClaimLost
from notify_core.kernel.ids import LedgerEntryId
from notify_core.kernel.queues import INTERNAL, PRIORITY, Queue
from notify_core.ports.task_ledger import Claim, EntryState, LedgerEntry, RelayLimits
from notify_core.testing.builders import claim_row
from notify_core.testing.contracts.storage import Chore, StorageUnderTest

SECOND = timedelta(seconds=1)
LEASE = 60 * SECOND
LIMITS = RelayLimits(per_queue=3, per_limit_key=2, lease=LEASE)
UNDER_WAY = {EntryState.PUBLISHED, EntryState.CLAIMED}
WORKERS = st.sampled_from(["ada", "bob"])
LIMIT_KEYS = st.sampled_from(["x", "y"])


class TaskLedgerMachine(RuleBasedStateMachine):
    """Knows what each chore's fate must be, and who holds it."""

    def __init__(self, storage: StorageUnderTest) -> None:
        super().__init__()
        self.storage = storage
        self.ledger = storage.ledger
        self.work = storage.work()
        self.number = 0
        self.unfinished: dict[int, Chore] = {}
        self.failed: dict[int, Chore] = {}
        self.recorded: Counter[int] = Counter()
        self.messages: list[LedgerEntryId] = []
        self.claims: list[Claim] = []
        self.holder: dict[LedgerEntryId, str] = {}
        self.held_for: dict[str, timedelta] = {}
        self.lease_left: dict[LedgerEntryId, timedelta] = {}

    # What the platform does.

    @rule(
        keys=st.tuples(
            st.sampled_from([None, "a", "b"]), st.none() | LIMIT_KEYS, st.sampled_from([None, None, "p", "q"])
        ),
        queue=st.sampled_from([INTERNAL, PRIORITY]),
        delay=st.sampled_from([0, 0, 30]),
        copies=st.integers(1, 4),
    )
    def enqueue(self, keys: tuple[str | None, str | None, str | None], queue: Queue, delay: int, copies: int) -> None:
        chores = [self._next(*keys) for _ in range(copies)]
        with self.work() as work:
            for chore in chores:
                work.enqueue(chore, delay=delay * SECOND, queue=queue)
            work.commit()
        for chore in chores:
            if not self._is_taken(chore.dedupe):
                self.unfinished[chore.number] = chore

    @rule(worker=WORKERS)
    def relay(self, worker: str) -> None:
        published = [publication.entry_id for publication in self.ledger.publish_due(LIMITS, worker)]
        assert len(published) == len(set(published))
        for entry_id in published:
            entry = self.ledger.get(entry_id)
            assert entry.state is EntryState.PUBLISHED
            assert entry.limit not in self.held_for
            self.holder.pop(entry_id, None)
        self.messages += published

    # What brokers do.

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), again=st.booleans(), worker=WORKERS)
    def deliver(self, data: st.DataObject, worker: str, *, again: bool) -> None:
        entry_id = data.draw(st.sampled_from(self.messages))
        if not again:
            self.messages.remove(entry_id)
        free = [e for e in self._rows() if e.id == entry_id and self._may_be_claimed(e)]
        claim = claim_row(self.ledger, entry_id, worker, LEASE)
        assert (claim is not None) == bool(free)
        if claim is not None:
            self.claims.append(claim)
            self.holder[entry_id] = claim.token
            self.lease_left[entry_id] = LEASE

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def lose_a_message(self, data: st.DataObject) -> None:
        self.messages.remove(data.draw(st.sampled_from(self.messages)))

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def refuse_a_message(self, data: st.DataObject) -> None:
        self.ledger.put_back([data.draw(st.sampled_from(self.messages))], data.draw(WORKERS))

    @precondition(lambda self: self.messages)
    @rule(data=st.data())
    def be_told_of_a_message(self, data: st.DataObject) -> None:
        entry_id = data.draw(st.sampled_from(self.messages))
        before = {e.id: e for e in self._rows()}
        relay = data.draw(WORKERS)
        self.ledger.handed_over([entry_id], relay, LEASE)
        for entry in self._rows():
            was = before.pop(entry.id)
            told = entry.id == entry_id and was.state is EntryState.PUBLISHED and was.worker == relay
            lasts = entry.leased_until if told else was.leased_until
            assert entry == replace(was, leased_until=lasts)
        assert not before

    # What workers do, in time or too late; one that dies does nothing any more.

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), again=st.booleans())
    def finish(self, data: st.DataObject, *, again: bool) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        before = self._chore(claim)
        follower = self._next(before.fair, before.limit, before.dedupe) if again else None
        if self._record(claim, follower):
            number = _number(claim.entry)
            self.recorded[number] += 1
            del self.unfinished[number]
            if follower is not None:
                self.unfinished[follower.number] = follower

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), delay=st.sampled_from([0, 30]))
    def retry(self, data: st.DataObject, delay: int) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        held = self._holds(claim)
        try:
            self.ledger.retry(claim, delay=delay * SECOND, queue=None, reason="timed out")
        except ClaimLost:
            assert not held
        else:
            assert held
            self._let_go(claim)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), delay=st.sampled_from([0, 30]))
    def put_off(self, data: st.DataObject, delay: int) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        held = self._holds(claim)
        attempt = self.ledger.get(claim.entry.id).attempt if held else 0
        try:
            self.ledger.put_off(claim, delay=delay * SECOND, reason="nobody answers")
        except ClaimLost:
            assert not held
        else:
            assert held
            assert self.ledger.get(claim.entry.id).attempt == attempt
            self._let_go(claim)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def fail(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.claims))
        held = self._holds(claim)
        try:
            self.ledger.fail(claim, "refused")
        except ClaimLost:
            assert not held
        else:
            assert held
            self._let_go(claim)
            number = _number(claim.entry)
            self.failed[number] = self.unfinished.pop(number)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        some = data.draw(st.lists(st.sampled_from(self.claims), unique_by=id))
        held = [claim for claim in some if self._holds(claim)]
        self.ledger.give_back(some)
        for claim in held:
            self._let_go(claim)

    @precondition(lambda self: self.claims)
    @rule()
    def heartbeat(self) -> None:
        self.ledger.extend(self.claims, LEASE)
        self.lease_left.update({claim.entry.id: LEASE for claim in self.claims if self._holds(claim)})

    @rule(worker=WORKERS)
    def restart(self, worker: str) -> None:
        lost = [e for e in self._rows() if e.state in UNDER_WAY and e.worker == worker]
        assert self.ledger.recover(worker) == len(lost)
        for entry in lost:
            self.holder.pop(entry.id, None)

    # What time and operators do.

    @rule(seconds=st.sampled_from([1, 20, 61, 200]))
    def pass_time(self, seconds: int) -> None:
        self.storage.pass_time(seconds * SECOND)
        self.held_for = {key: left - seconds * SECOND for key, left in self.held_for.items()}
        self.held_for = {key: left for key, left in self.held_for.items() if left > timedelta()}
        for entry_id in self.lease_left:
            self.lease_left[entry_id] -= seconds * SECOND

    # No sum of the times that pass is this, so that milliseconds of real time decide nothing.
    @rule(key=LIMIT_KEYS)
    def hold(self, key: str) -> None:
        self.ledger.hold(key, 3600.5 * SECOND)
        self.held_for[key] = 3600.5 * SECOND

    @rule(key=LIMIT_KEYS)
    def release(self, key: str) -> None:
        self.ledger.release(key)
        self.held_for.pop(key, None)

    @precondition(lambda self: self.failed)
    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.failed)))
        taken = self._is_taken(self.failed[number].dedupe)
        try:
            self.ledger.replay(self._id_of(number))
        except AlreadyExists:
            assert taken
        else:
            assert not taken
            self.unfinished[number] = self.failed.pop(number)

    @precondition(lambda self: self.failed)
    @rule(data=st.data())
    def purge(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.failed)))
        self.ledger.purge(self._id_of(number))
        del self.failed[number]

    # What is always so.

    @invariant()
    def nothing_is_lost_and_nothing_comes_twice(self) -> None:
        rows = self._rows()
        assert sorted(_number(e) for e in rows if e.state is not EntryState.FAILED) == sorted(self.unfinished)
        assert sorted(_number(e) for e in rows if e.state is EntryState.FAILED) == sorted(self.failed)
        assert all(times == 1 for times in self.recorded.values())

    @invariant()
    def limits_are_kept(self) -> None:
        under_way = [e for e in self._rows() if e.state in UNDER_WAY]
        assert all(n <= LIMITS.per_queue for n in Counter(e.queue for e in under_way).values())
        by_limit = Counter(e.limit for e in under_way if e.limit is not None)
        assert all(n <= LIMITS.per_limit_key for n in by_limit.values())
        keys = Counter(e.dedupe for e in self._rows() if e.dedupe is not None and e.state is not EntryState.FAILED)
        assert all(n == 1 for n in keys.values())

    @invariant()
    def the_relay_sleeps_only_when_nothing_is_left(self) -> None:
        assert (self.ledger.next_due_in() is None) == (not self.unfinished)

    def teardown(self) -> None:
        """Left alone, everything comes to its end."""
        for key in ("x", "y"):
            self.release(key)
        for _ in range(self.number + 1):
            self.pass_time(200)
            for publication in self.ledger.publish_due(LIMITS, "last"):
                claim = claim_row(self.ledger, publication.entry_id, "last", LEASE)
                assert claim is not None
                self.holder[claim.entry.id] = claim.token
                assert self._record(claim, None)
                del self.unfinished[_number(claim.entry)]
        assert self.unfinished == {}
        self.nothing_is_lost_and_nothing_comes_twice()

    def _next(self, fair: str | None, limit: str | None, dedupe: str | None) -> Chore:
        self.number += 1
        return Chore(number=self.number, fair=fair, limit=limit, dedupe=dedupe)

    def _record(self, claim: Claim, follower: Chore | None) -> bool:
        held = self._holds(claim)
        try:
            with self.work() as work:
                if follower is not None:
                    work.enqueue(follower, queue=claim.entry.queue)
                work.finish(claim)
                work.commit()
        except ClaimLost:
            assert not held
            return False
        assert held
        assert claim.finished
        self._let_go(claim)
        return True

    def _holds(self, claim: Claim) -> bool:
        return self.holder.get(claim.entry.id) == claim.token

    def _may_be_claimed(self, entry: LedgerEntry) -> bool:
        ran_out = self.lease_left.get(entry.id, LEASE) <= timedelta()
        return entry.state is EntryState.PUBLISHED or (entry.state is EntryState.CLAIMED and ran_out)

    def _let_go(self, claim: Claim) -> None:
        del self.holder[claim.entry.id]

    def _is_taken(self, dedupe: str | None) -> bool:
        return dedupe is not None and any(chore.dedupe == dedupe for chore in self.unfinished.values())

    def _rows(self) -> list[LedgerEntry]:
        return list(self.ledger.entries(limit=10_000))

    def _id_of(self, number: int) -> LedgerEntryId:
        return next(entry.id for entry in self._rows() if _number(entry) == number)

    def _chore(self, claim: Claim) -> Chore:
        return Chore.from_arguments(claim.entry.arguments)


def _number(entry: LedgerEntry) -> int:
    return Chore.from_arguments(entry.arguments).number
