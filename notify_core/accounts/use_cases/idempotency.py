"""Requests that may be sent again: their callers give them a name, and get the first answer again.

The name is taken, with a lease, in a transaction of its own before the work. The work keeps the answer in the very
transaction that stores its result (:data:`KeepAnswer`), so that there is never one without the other: a process that
dies before leaves a lease that runs out, one that dies after leaves an answer, and one that comes too late, because
somebody else has taken the name meanwhile, cannot commit. What stores nothing is kept by :class:`EndRequest`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

from notify_core.accounts.model import Answer, IdempotencyRecord, RequestKey
from notify_core.accounts.policies import ANSWERS_KEPT, KeyReused, check_idempotency_key, is_worth_keeping
from notify_core.accounts.ports import AccountsWork
from notify_core.accounts.tasks import ForgetAnswers
from notify_core.kernel.errors import Conflict
from notify_core.ports.clock import Clock
from notify_core.ports.random_source import RandomSource
from notify_core.ports.secrets import Secrets
from notify_core.ports.task_ledger import Claim
from notify_core.ports.unit_of_work import UnitOfWorkFactory

R = TypeVar("R")

# What a use case calls, in the unit of work that stores its result, with that result. It may raise Conflict:
# then nothing is to be committed.
KeepAnswer = Callable[[AccountsWork, R], None]

# No request lasts so long: servers end those that hang earlier.
REQUEST_LEASE: Final = timedelta(seconds=60)

_BODY: Final = "request-body"


def keep_no_answer(_work: AccountsWork, _result: Any) -> None:
    """For requests without a name."""


@dataclass(frozen=True)
class BeginRequest:
    """A record without an answer: the caller is to do the work. With one: it has been done, and this was said.

    :raises InvalidValue: no name that can be kept.
    :raises KeyReused: the name belongs to a request with another body.
    :raises Conflict: the first request of this name is still under way.
    """

    work: UnitOfWorkFactory[AccountsWork]
    clock: Clock
    random: RandomSource
    secrets: Secrets
    lease: timedelta = REQUEST_LEASE

    def __call__(self, request: RequestKey, body: bytes) -> IdempotencyRecord:
        check_idempotency_key(request.key)
        now, indexes = self.clock.now(), self._indexes(body)
        own = IdempotencyRecord(request, indexes[0], self.random.uuid().hex, now)
        with self.work() as work:
            held = work.idempotency.begin(own, self.lease, kept_since=now - ANSWERS_KEPT)
            work.commit()
        if held.token == own.token:
            return own
        if held.body_index not in indexes:
            raise KeyReused("This Idempotency-Key was used for a request with another body")
        if held.answer is None:
            raise Conflict("The first request with this Idempotency-Key is still under way")
        return held

    def _indexes(self, body: bytes) -> tuple[str, ...]:
        """By every accepted key: the first request may have come before a rotation."""
        return self.secrets.blind_indexes(hashlib.sha256(body).hexdigest(), purpose=_BODY)


@dataclass(frozen=True)
class EndRequest:
    """Keep the answer of a request that stored nothing, or, where it says "later", set its name free.

    :raises Conflict: another request has taken the name, and its answer counts.
    """

    work: UnitOfWorkFactory[AccountsWork]

    def __call__(self, record: IdempotencyRecord, answer: Answer) -> None:
        with self.work() as work:
            if is_worth_keeping(answer.status):
                work.idempotency.complete(record, answer)
            else:
                work.idempotency.drop(record)
            work.commit()


@dataclass(frozen=True)
class ForgetKeptAnswers:
    """The task ``forget-idempotency-keys``, a batch an execution."""

    work: UnitOfWorkFactory[AccountsWork]
    clock: Clock
    batch: int = 1000

    def __call__(self, task: ForgetAnswers, claim: Claim) -> None:
        with self.work() as work:
            forgotten = work.idempotency.forget_before(self.clock.now() - ANSWERS_KEPT, self.batch)
            if forgotten == self.batch:
                work.enqueue(task)
            work.finish(claim)
            work.commit()
