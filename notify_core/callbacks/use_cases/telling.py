"""Telling services what happened: one way for all kinds of news."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from notify_core.accounts.model import Callback
from notify_core.callbacks import policies
from notify_core.callbacks.model import Attempt
from notify_core.callbacks.policies import CallbackRules, signed_headers
from notify_core.callbacks.policies.bodies import Body
from notify_core.callbacks.ports import (
    CallbackFailed,
    CallbackRefused,
    CallbackRequest,
    CallbackSender,
    CallbacksWork,
)
from notify_core.callbacks.tasks import (
    SendComplaint,
    SendDeliveryStatus,
    SendInboundSms,
    SendReturnedLetter,
    TellService,
)
from notify_core.callbacks.use_cases.breaking import Breaker
from notify_core.kernel.errors import NotFound, PermanentError
from notify_core.kernel.ids import NotificationId, ServiceId
from notify_core.letters.model import Letter, PastMessage
from notify_core.notifications.model import Notification
from notify_core.ports.clock import Clock
from notify_core.ports.task_ledger import Claim, TaskLedger
from notify_core.ports.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class News:
    """Whom to tell, and what."""

    service_id: ServiceId
    body: Body


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One row of the ledger is one delivery, however often it is tried or replayed; ``probe``: it is the only one for
    now, to see whether somebody answers."""

    callback: Callback
    claim: Claim
    probe: bool

    def attempt(self, at: datetime, seconds: float, **end: Any) -> Attempt:
        duration = timedelta(seconds=seconds)
        return Attempt(self.claim.entry.id, self.callback.service_id, self.callback.type, at, duration, **end)


@dataclass(frozen=True)
class _ToService:
    """Address and token are read now: a service that corrected them gets what was waiting. A service that wants to
    hear no more is left in peace. If we die between the answer and our record of it, the same delivery comes again,
    under the same ``webhook-id``.

    :raises PermanentError: what it should be told of has been deleted.
    :raises PutOff: nobody answers there, which was so before: it waits until somebody does.
    :raises CallbackFailed: it did not answer, or asks us to come later.
    :raises CallbackRefused: it refuses, or must not be called.
    """

    work: UnitOfWorkFactory[CallbacksWork]
    clock: Clock
    ledger: TaskLedger
    callback_sender: CallbackSender
    callback_rules: CallbackRules

    def _tell(self, task: TellService, claim: Claim, read: Callable[[CallbacksWork], News]) -> None:
        with self.work(read_only=True) as work:
            news = _read(work, read)
            callback = work.callbacks.find(news.service_id, task.type)
            circuit = work.circuits.find(news.service_id, task.type)
        if callback is None:
            with self.work() as work:
                work.finish(claim)
                work.commit()
            return
        trouble = circuit is not None and circuit.wait(self.clock.now()) is not None
        probe = trouble and self._breaker.begin_probe(callback)
        self._call(_Delivery(callback, claim, probe), json.dumps(news.body).encode())

    def _call(self, delivery: _Delivery, body: bytes) -> None:
        now, begun = self.clock.now(), self.clock.monotonic()
        headers = signed_headers(delivery.callback, str(delivery.claim.entry.id), now, body)
        try:
            status = self.callback_sender.post(CallbackRequest(delivery.callback.url, body, headers))
        except (CallbackFailed, CallbackRefused) as error:
            took = self.clock.monotonic() - begun
            self._not_delivered(
                delivery, delivery.attempt(now, took, status=error.status, problem=error.problem), error
            )
        else:
            self._answered(delivery, delivery.attempt(now, self.clock.monotonic() - begun, status=status), done=True)

    def _not_delivered(self, delivery: _Delivery, attempt: Attempt, error: CallbackFailed | CallbackRefused) -> None:
        if isinstance(error, CallbackRefused) and error.status is not None:
            # Whoever refuses is there.
            self._answered(delivery, attempt, done=False)
            raise error
        with self.work() as work:
            work.callback_attempts.add(attempt)
            circuit = self._breaker.failed(work, delivery.callback, probe=delivery.probe)
            work.commit()
        self._breaker.leave_alone(circuit)
        if delivery.probe and isinstance(error, CallbackFailed):
            raise self._breaker.until_next_probe(circuit, str(error)) from error
        raise error

    def _answered(self, delivery: _Delivery, attempt: Attempt, *, done: bool) -> None:
        with self.work() as work:
            work.callback_attempts.add(attempt)
            closed = self._breaker.answered(work, delivery.callback)
            if done:
                work.finish(delivery.claim)
            work.commit()
        if closed:
            self._breaker.close(delivery.callback)

    @cached_property
    def _breaker(self) -> Breaker:
        return Breaker(self.work, self.clock, self.ledger, self.callback_rules)


@dataclass(frozen=True)
class SendDeliveryStatusToService(_ToService):
    """The task ``send-delivery-status``: what became of a message."""

    def __call__(self, task: SendDeliveryStatus, claim: Claim) -> None:
        def read(work: CallbacksWork) -> News:
            notification = _notification(work, task.notification_id)
            return News(notification.service_id, policies.delivery_status(notification))

        self._tell(task, claim, read)


@dataclass(frozen=True)
class SendComplaintToService(_ToService):
    """The task ``send-complaint``: a recipient marked an email as spam."""

    def __call__(self, task: SendComplaint, claim: Claim) -> None:
        def read(work: CallbacksWork) -> News:
            complaint = work.complaints.get(task.complaint_id)
            notification = _notification(work, complaint.notification_id)
            return News(complaint.service_id, policies.complaint(complaint, notification))

        self._tell(task, claim, read)


@dataclass(frozen=True)
class SendInboundSmsToService(_ToService):
    """The task ``send-inbound-sms``: a text that somebody sent to the service's number."""

    def __call__(self, task: SendInboundSms, claim: Claim) -> None:
        def read(work: CallbacksWork) -> News:
            text = work.inbound_texts.get(task.inbound_text_id)
            return News(text.service_id, policies.inbound_sms(text))

        self._tell(task, claim, read)


@dataclass(frozen=True)
class SendReturnedLetterToService(_ToService):
    """The task ``send-returned-letter``: the post brought a letter back."""

    def __call__(self, task: SendReturnedLetter, claim: Claim) -> None:
        def read(work: CallbacksWork) -> News:
            letter = _letter(work, task.notification_id)
            body = policies.returned_letter(letter, _template_name(work, letter), _file_name(work, letter))
            return News(letter.service_id, body)

        self._tell(task, claim, read)


def _read(work: CallbacksWork, read: Callable[[CallbacksWork], News]) -> News:
    """:raises PermanentError: what there is to tell has been deleted."""
    try:
        return read(work)
    except NotFound as error:
        raise PermanentError(f"what the service should be told of is not kept any more: {error}") from error


def _notification(work: CallbacksWork, notification_id: NotificationId) -> Notification | PastMessage:
    """:raises NotFound: it is neither kept nor in the history."""
    try:
        return work.notifications.get(notification_id)
    except NotFound:
        return work.history.get(notification_id)


def _letter(work: CallbacksWork, notification_id: NotificationId) -> Letter | PastMessage:
    """:raises NotFound: it is neither kept nor in the history."""
    try:
        return work.letters.get(notification_id)
    except NotFound:
        return work.history.get(notification_id)


def _template_name(work: CallbacksWork, letter: Letter | PastMessage) -> str | None:
    try:
        return work.templates.get(letter.service_id, letter.template_id, letter.template_version).name
    except NotFound:
        # Letters that come as a PDF are written by no template of the service.
        return None


def _file_name(work: CallbacksWork, letter: Letter | PastMessage) -> str | None:
    if letter.job_id is None:
        return None
    try:
        return work.jobs.get(letter.job_id).original_file_name
    except NotFound:
        return None
