import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest

from notify_core.kernel import trace
from notify_core.kernel.errors import Conflict, PermanentError, PutOff, TransientError
from notify_core.kernel.queues import RETRY, SEND_SMS
from notify_core.kernel.tasks import RetryPolicy, Task, every
from notify_core.ports.heartbeats import Beat
from notify_core.ports.task_ledger import LEASE, EntryState
from notify_core.registry.execute import BEGIN_WITHIN, LONGEST_RETRY_AFTER, ExecutionOutcome
from notify_core.testing.builders import claim_row
from notify_core.testing.fakes.task_ledger import MemoryTaskLedger


@dataclass(frozen=True)
class Apologise(Task):
    name: ClassVar[str] = "apologise"
    queue: ClassVar = RETRY

    letter: str


@dataclass(frozen=True)
class Post(Task):
    name: ClassVar[str] = "post"
    queue: ClassVar = SEND_SMS
    retry: ClassVar = RetryPolicy(delay=every(300, first_at_once=True), maximum=2, queue=RETRY)
    when_exhausted: ClassVar = Apologise

    letter: str = "a"
    again: bool = False


@dataclass(frozen=True)
class Print(Task):
    name: ClassVar[str] = "print"
    queue: ClassVar = SEND_SMS
    when_refused: ClassVar = Apologise

    letter: str = "a"


@dataclass(frozen=True)
class Sweep(Task):
    name: ClassVar[str] = "sweep"
    queue: ClassVar = RETRY


@dataclass(frozen=True)
class Warn(Task):
    name: ClassVar[str] = "warn"
    queue: ClassVar = RETRY
    most_losses: ClassVar = None


class Raises:
    """A use case that meets these errors, one each, and then succeeds without finishing its row itself."""

    def __init__(self, *errors):
        self.errors = list(errors)
        self.calls = 0

    def __call__(self, task, claim):
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)


def test_finished_work_leaves_no_row(world):
    world.handlers[Post] = Raises()
    world.enqueue(Post())
    assert world.execute() is ExecutionOutcome.DONE
    assert world.rows() == []


def test_work_that_finished_its_own_row_is_done(world):
    world.handlers[Post] = lambda task, claim: world.finish(claim, Sweep())
    world.enqueue(Post())
    assert world.execute() is ExecutionOutcome.DONE
    assert [row.task for row in world.rows()] == ["sweep"]


def test_success_is_measured_and_logged(world, caplog):
    caplog.set_level(logging.INFO)
    world.handlers[Post] = lambda task, claim: world.clock.advance(timedelta(seconds=1.25))
    token = trace.request_id.set("request-1")
    world.enqueue(Post())
    trace.request_id.reset(token)
    entry_id = world.rows()[0].id
    world.advance(timedelta(seconds=3))
    world.execute()
    assert list(world.metrics.timings["celery.send-sms-tasks.post.success"]) == [1.25]
    assert list(world.metrics.timings["celery.send-sms-tasks.post.wait"]) == [3.0]
    record = next(record for record in caplog.records if "took" in record.message)
    assert record.message == "Celery task post (queue: send-sms-tasks) took 1.2500"
    assert (record.request_id, record.task_id, record.queue, record.task) == (
        "request-1",
        str(entry_id),
        "send-sms-tasks",
        "post",
    )


def test_work_knows_the_request_that_caused_it(world):
    seen = []
    world.handlers[Post] = lambda task, claim: seen.append(trace.request_id.get())
    token = trace.request_id.set("request-1")
    world.enqueue(Post())
    trace.request_id.reset(token)
    world.execute()
    assert seen == ["request-1"]
    assert trace.request_id.get() is None


def test_a_message_for_a_row_that_is_gone_is_dropped(world):
    world.handlers[Post] = Raises()
    world.enqueue(Post())
    world.relay()
    message = world.queue.take()
    world.execute(message)
    assert world.execute(message) is ExecutionOutcome.DUPLICATE
    assert world.handlers[Post].calls == 1
    assert world.metrics.counts["celery.send-sms-tasks.post.duplicate"] == 1


def test_a_message_that_comes_twice_is_carried_out_once(world):
    outcomes = []

    def post(task, claim):
        outcomes.append(world.execute(message, worker="another"))

    world.handlers[Post] = post
    world.enqueue(Post())
    world.relay()
    message = world.queue.take()
    assert world.execute(message) is ExecutionOutcome.DONE
    assert outcomes == [ExecutionOutcome.DUPLICATE]


def test_a_worker_that_lost_its_claim_records_nothing(world):
    def post(task, claim):
        # It hung for so long that another worker took over and is at it.
        world.advance(LEASE)
        claim_row(world.ledger, claim.entry.id, "another", LEASE)
        world.finish(claim, Sweep())

    world.handlers[Post] = post
    world.enqueue(Post())
    assert world.execute() is ExecutionOutcome.DUPLICATE
    assert [(row.task, row.worker) for row in world.rows()] == [("post", "another")]
    assert world.metrics.counts["celery.send-sms-tasks.post.duplicate"] == 1


def test_a_failure_that_may_pass_is_tried_again_in_the_same_row(world):
    world.handlers[Post] = Raises(TransientError("time-out"))
    world.enqueue(Post(), fair="somebody")
    before = world.rows()[0]
    assert world.execute() is ExecutionOutcome.RETRIED
    (row,) = world.rows()
    assert (row.id, row.attempt, row.state, row.queue) == (before.id, 1, EntryState.DUE, RETRY)
    assert row.due_at == world.database.now()
    assert row.reason == "TransientError: time-out"
    assert world.metrics.counts["celery.send-sms-tasks.post.retry"] == 1
    assert not world.metrics.timings["celery.send-sms-tasks.post.success"]
    assert world.execute() is ExecutionOutcome.DONE
    assert len(world.metrics.timings["celery.retry-tasks.post.success"]) == 1


def test_what_has_to_wait_keeps_its_retries(world):
    world.handlers[Post] = Raises(PutOff("nobody answers", delay=timedelta(seconds=40)))
    world.enqueue(Post())
    assert world.execute() is ExecutionOutcome.PUT_OFF
    (row,) = world.rows()
    assert (row.attempt, row.state, row.reason) == (0, EntryState.DUE, "PutOff: nobody answers")
    assert row.due_at == world.database.now() + timedelta(seconds=40)
    assert not world.metrics.counts["celery.send-sms-tasks.post.retry"]


def test_the_policy_says_how_long_a_retry_waits(world):
    world.handlers[Post] = Raises(TransientError("1"), TransientError("2"))
    world.enqueue(Post())
    world.execute()
    world.execute()
    assert world.rows()[0].due_at == world.database.now() + timedelta(seconds=300)


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        (timedelta(seconds=20), timedelta(seconds=20)),
        (timedelta(days=400), LONGEST_RETRY_AFTER),
    ],
)
def test_a_retry_waits_as_long_as_the_other_side_asks_within_reason(world, asked, waits):
    world.handlers[Post] = Raises(TransientError("busy", retry_after=asked))
    world.enqueue(Post())
    world.execute()
    assert world.rows()[0].due_at == world.database.now() + waits


def test_a_retry_never_waits_less_than_the_policy_says(world):
    world.handlers[Post] = Raises(TransientError("1"), TransientError("2", retry_after=timedelta(seconds=1)))
    world.enqueue(Post())
    world.execute()
    world.execute()
    assert world.rows()[0].due_at == world.database.now() + timedelta(seconds=300)


def test_exhausted_work_is_followed_by_the_task_for_that(world):
    world.handlers[Post] = Raises(*(TransientError("time-out") for _ in range(3)))
    world.enqueue(Post("b"), fair="somebody")
    outcomes = []
    for _ in range(3):
        outcomes.append(world.execute())
        world.advance(timedelta(seconds=300))
    assert outcomes == [ExecutionOutcome.RETRIED, ExecutionOutcome.RETRIED, ExecutionOutcome.FOLLOWED]
    (row,) = world.rows()
    assert (row.task, row.arguments, row.fair, row.attempt) == ("apologise", {"letter": "b"}, "somebody", 0)
    assert world.metrics.counts["celery.retry-tasks.post.failure"] == 1


def test_exhausted_work_without_a_follower_is_kept(world):
    world.handlers[Sweep] = Raises(TransientError("time-out"))
    world.enqueue(Sweep())
    assert world.execute() is ExecutionOutcome.FAILED
    (row,) = world.rows()
    assert (row.state, row.reason) == (EntryState.FAILED, "TransientError: time-out")


def test_refused_work_is_followed_by_the_task_for_that(world):
    world.handlers[Print] = Raises(PermanentError("no such printer"))
    world.enqueue(Print("b"))
    assert world.execute() is ExecutionOutcome.FOLLOWED
    assert [(row.task, row.arguments) for row in world.rows()] == [("apologise", {"letter": "b"})]


def test_refused_work_without_a_follower_is_kept_with_its_reason(world, caplog):
    world.handlers[Post] = Raises(PermanentError("no such letter box"))
    world.enqueue(Post())
    assert world.execute() is ExecutionOutcome.FAILED
    (row,) = world.rows()
    assert (row.state, row.reason) == (EntryState.FAILED, "PermanentError: no such letter box")
    assert world.metrics.counts["celery.send-sms-tasks.post.failure"] == 1
    (record,) = caplog.records
    assert record.message == "Celery task post (queue: send-sms-tasks) failed"
    assert record.levelno == logging.ERROR


def test_a_mistake_in_the_program_is_kept_and_logged_without_personal_data(world, caplog):
    address, number = "grace@example.gov.uk", "+44 7700 900123"

    def post(task, claim):
        try:
            int(address)
        except ValueError as error:
            raise RuntimeError(f"cannot text {number}") from error

    world.handlers[Post] = post
    world.enqueue(Post())
    assert world.execute() is ExecutionOutcome.FAILED
    assert world.rows()[0].reason == "RuntimeError: cannot text <number>"
    assert "in post" in caplog.text
    assert "RuntimeError: cannot text <number>" in caplog.text
    assert "900123" not in caplog.text
    assert "grace@" not in caplog.text


def test_a_task_that_nobody_knows_is_kept(world):
    world.enqueue(Sweep())
    assert world.execute() is ExecutionOutcome.FAILED
    assert world.rows()[0].reason == "NotFound: there is no task sweep"


def test_a_row_whose_arguments_make_no_sense_is_kept(world):
    @dataclass(frozen=True)
    class OtherPost(Task):
        name: ClassVar[str] = "post"
        queue: ClassVar = SEND_SMS

        address: str

    world.handlers[Post] = Raises()
    world.enqueue(OtherPost("somewhere"))
    assert world.execute() is ExecutionOutcome.FAILED
    assert world.rows()[0].reason == "InvalidValue: task post has no argument address"


def test_only_scheduled_work_has_heartbeats(world):
    world.scheduled = frozenset({"sweep"})
    world.handlers |= {Sweep: Raises(PermanentError("1")), Post: Raises()}
    world.enqueue(Sweep(), Post())
    world.execute()
    world.execute()
    world.enqueue(Sweep())
    world.execute()
    assert world.heartbeats.beats == [
        ("sweep", Beat.RUN),
        ("sweep", Beat.FAIL),
        ("sweep", Beat.RUN),
        ("sweep", Beat.COMPLETE),
    ]


def test_a_lost_race_counts_as_a_failure_that_may_pass(world):
    world.handlers[Post] = Raises()
    world.enqueue(Post())
    world.work.fail_next_commit(Conflict("somebody was first"))
    assert world.execute() is ExecutionOutcome.RETRIED
    assert world.rows()[0].reason == "Conflict: somebody was first"


def test_a_failure_that_cannot_be_recorded_leaves_the_row_to_its_lease(world):
    world.handlers[Print] = Raises(PermanentError("no such printer"))
    world.enqueue(Print())
    world.work.fail_next_commit(TransientError("the database is not there"))
    assert world.execute() is ExecutionOutcome.RETRIED
    assert world.rows()[0].state is EntryState.CLAIMED
    world.advance(LEASE)
    assert world.execute() is ExecutionOutcome.DONE


def test_work_called_without_a_message_has_no_queue(world):
    world.handlers[Post] = Raises()
    world.enqueue(Post())
    world.relay()
    message = world.queue.take()
    world.execute(type(message)(message.entry_id, message.task, "none", None))
    assert len(world.metrics.timings["celery.none.post.success"]) == 1


class TestDying:
    """Whenever the process dies, the work is done later, and its result is recorded once."""

    def test_after_publishing(self, world):
        world.handlers[Post] = Raises()
        world.enqueue(Post())
        world.relay()
        world.queue.lose()
        assert world.relay() == 0
        world.advance(timedelta(minutes=5))
        assert world.execute() is ExecutionOutcome.DONE

    def test_after_claiming(self, world):
        class PulledPlug(BaseException):
            pass

        world.handlers[Post] = Raises(PulledPlug())
        world.enqueue(Post())
        with pytest.raises(PulledPlug):
            world.execute()
        assert world.relay() == 0
        world.advance(LEASE)
        assert world.execute() is ExecutionOutcome.DONE
        assert world.handlers[Post].calls == 2

    def test_after_recording(self, world):
        class PulledPlug(BaseException):
            pass

        def post(task, claim):
            world.finish(claim, Sweep())
            raise PulledPlug

        world.handlers |= {Post: post, Sweep: Raises()}
        world.enqueue(Post())
        world.relay()
        message = world.queue.take()
        with pytest.raises(PulledPlug):
            world.execute(message)
        # The broker, which heard no acknowledgement, delivers it once more.
        assert world.execute(message) is ExecutionOutcome.DUPLICATE
        assert [row.task for row in world.rows()] == ["sweep"]

    def test_under_its_own_name_it_recovers_at_once(self, world):
        class PulledPlug(BaseException):
            pass

        world.handlers[Post] = Raises(PulledPlug())
        world.enqueue(Post())
        with pytest.raises(PulledPlug):
            world.execute()
        assert world.ledger.recover("worker") == 1
        assert world.execute() is ExecutionOutcome.DONE


def test_a_lost_race_is_run_again_at_once(world):
    world.handlers[Post] = Raises(TransientError("busy"), Conflict("somebody was first"))
    world.enqueue(Post())
    world.execute()
    world.execute()
    assert world.rows()[0].due_at == world.database.now()


def test_rows_of_one_message_are_each_done_failed_or_tried_again_on_their_own(world):
    def post(task, claim):
        if task.letter == "b":
            raise TransientError("not now")
        if task.letter == "c":
            raise ValueError

    world.handlers[Post] = post
    world.enqueue(Post("a"), Post("b"), Post("c"), Post("d"))
    assert world.execute_together() == ["done", "retried", "failed", "done"]
    assert [(row.state, row.arguments["letter"]) for row in world.rows()] == [
        (EntryState.DUE, "b"),
        (EntryState.FAILED, "c"),
    ]


def test_rows_of_one_message_that_others_have_are_left_to_them(world):
    world.handlers[Post] = lambda task, claim: None
    world.enqueue(Post("a"), Post("b"))
    world.relay()
    claim_row(world.ledger, world.rows()[0].id, "another", LEASE)
    assert world.execute_together() == ["duplicate", "done"]


def test_slow_work_leaves_its_companions_to_others(world):
    world.handlers[Post] = lambda task, claim: world.advance(BEGIN_WITHIN)
    world.enqueue(Post("a"), Post("b"), Post("c"))
    assert world.execute_together() == ["done", "given back", "given back"]
    assert [(row.state, row.attempt) for row in world.rows()] == [(EntryState.DUE, 0)] * 2
    assert world.execute() is ExecutionOutcome.DONE


def test_a_process_that_is_ended_takes_no_companions_with_it(world):
    def post(task, claim):
        raise SystemExit

    world.handlers[Post] = post
    world.enqueue(Post("a"), Post("b"), Post("c"))
    with pytest.raises(SystemExit):
        world.execute_together()
    assert [(row.state, row.arguments["letter"]) for row in world.rows()] == [
        (EntryState.CLAIMED, "a"),
        (EntryState.DUE, "b"),
        (EntryState.DUE, "c"),
    ]
    assert len(world.under_way) == 0


def test_companions_that_cannot_be_given_back_come_when_their_claims_run_out(world):
    class AwayAtTheEnd(MemoryTaskLedger):
        def give_back(self, claims):
            raise TransientError("the database is away")

    world.ledger = AwayAtTheEnd(world.database)
    world.handlers[Post] = lambda task, claim: world.advance(BEGIN_WITHIN)
    world.enqueue(Post("a"), Post("b"), Post("c"))
    assert world.execute_together() == ["done", "given back", "given back"]
    assert {row.state for row in world.rows()} == {EntryState.CLAIMED}
    world.advance(LEASE)
    assert world.relay() == 2


def test_rows_that_wait_for_their_companion_keep_their_lease(world):
    leases = []

    def post(task, claim):
        world.advance(LEASE / 2)
        world.under_way.extend(world.ledger)
        leases.extend(row.leased_until - world.database.now() for row in world.rows())

    world.handlers[Post] = post
    world.enqueue(Post("a"), Post("b"))
    world.execute_together()
    assert leases == [LEASE, LEASE]
    assert len(world.under_way) == 0


class Postman:
    """Does together what it can, and says of each letter what it knew of it before."""

    def __init__(self, error=None):
        self.error = error
        self.seen = []
        self.known = ()

    def ahead(self, tasks):
        if self.error:
            raise self.error
        prepared = Postman()
        prepared.seen, prepared.known = self.seen, tuple(task.letter for task in tasks)
        return prepared

    def __call__(self, task, claim):
        self.seen.append((task.letter, self.known))


def test_rows_of_one_message_are_shown_to_their_use_case_beforehand(world):
    world.handlers[Post] = postman = Postman()
    world.enqueue(Post("a"), Post("b"))
    assert world.execute_together() == ["done", "done"]
    assert postman.seen == [("a", ("a", "b")), ("b", ("a", "b"))]


def test_a_single_row_needs_no_look_ahead(world):
    world.handlers[Post] = postman = Postman()
    world.enqueue(Post("a"))
    world.execute()
    assert postman.seen == [("a", ())]


@pytest.mark.parametrize("error", [TransientError("away"), PermanentError("unreadable"), ValueError("a mistake")])
def test_what_cannot_be_looked_at_together_is_done_one_by_one(world, error):
    world.handlers[Post] = postman = Postman(error)
    world.enqueue(Post("a"), Post("b"))
    assert world.execute_together() == ["done", "done"]
    assert postman.seen == [("a", ()), ("b", ())]


def test_rows_of_a_task_that_nobody_knows_are_kept_one_by_one(world):
    world.enqueue(Post("a"), Post("b"))
    assert world.execute_together() == ["failed", "failed"]


def lose(world, times):
    """So many processes die in the middle of the work."""
    for _ in range(times):
        world.relay()
        message = world.queue.take()
        claim_row(world.ledger, message.entry_id, "dead", LEASE)
        world.advance(LEASE)


def test_work_that_takes_its_process_with_it_time_and_again_is_given_up(world):
    world.handlers[Post] = Raises()
    world.enqueue(Post("a"))
    lose(world, times=5)
    assert world.execute() is ExecutionOutcome.FOLLOWED
    assert world.handlers[Post].calls == 0
    assert [(row.task, row.lost) for row in world.rows()] == [("apologise", 0)]
    assert world.metrics.counts["celery.send-sms-tasks.post.failure"] == 1


def test_work_that_lost_its_process_a_few_times_is_done(world):
    world.handlers[Post] = Raises()
    world.enqueue(Post("a"))
    lose(world, times=4)
    assert world.execute() is ExecutionOutcome.DONE


def test_some_work_is_tried_again_whatever_happens_to_its_processes(world):
    world.handlers[Warn] = Raises()
    world.enqueue(Warn())
    lose(world, times=20)
    assert world.execute() is ExecutionOutcome.DONE
