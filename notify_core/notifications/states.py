"""The life of a text message or email."""

from enum import StrEnum

from notify_core.kernel.state_machine import StateMachine


class Status(StrEnum):
    CREATED = "created"
    SENDING = "sending"
    SENT = "sent"
    PENDING = "pending"
    DELIVERED = "delivered"
    PERMANENT_FAILURE = "permanent-failure"
    TEMPORARY_FAILURE = "temporary-failure"
    TECHNICAL_FAILURE = "technical-failure"
    CANCELLED = "cancelled"


class Event(StrEnum):
    HANDED_OVER = "handed over"
    HANDED_OVER_ABROAD = "handed over, no receipt expected"
    REFUSED = "refused for good"
    EXHAUSTED = "retries exhausted"
    SERVICE_INACTIVE = "service inactive"
    CANCELLED = "cancelled while scheduled"
    TIMED_OUT = "timed out"
    RECEIPT_DELIVERED = "receipt: delivered"
    RECEIPT_PERMANENT = "receipt: permanent failure"
    RECEIPT_TEMPORARY = "receipt: temporary failure"
    RECEIPT_PENDING = "receipt: pending"
    RECEIPT_UNKNOWN = "receipt: unknown status"


_S = Status
_E = Event
_RECEIPTS = (
    _E.RECEIPT_DELIVERED,
    _E.RECEIPT_PERMANENT,
    _E.RECEIPT_TEMPORARY,
    _E.RECEIPT_PENDING,
    _E.RECEIPT_UNKNOWN,
)
_FINAL = (
    _S.DELIVERED,
    _S.PERMANENT_FAILURE,
    _S.TEMPORARY_FAILURE,
    _S.TECHNICAL_FAILURE,
    _S.CANCELLED,
)
_AFTER_HAND_OVER = {
    _E.RECEIPT_DELIVERED: _S.DELIVERED,
    _E.RECEIPT_PERMANENT: _S.PERMANENT_FAILURE,
    _E.RECEIPT_TEMPORARY: _S.TEMPORARY_FAILURE,
    _E.RECEIPT_UNKNOWN: _S.TECHNICAL_FAILURE,
}

MACHINE: StateMachine[Status, Event] = StateMachine(
    name="notification",
    states=Status,
    events=Event,
    moves={
        (_S.CREATED, _E.HANDED_OVER): _S.SENDING,
        (_S.CREATED, _E.HANDED_OVER_ABROAD): _S.SENT,
        (_S.CREATED, _E.REFUSED): _S.TECHNICAL_FAILURE,
        (_S.CREATED, _E.EXHAUSTED): _S.TECHNICAL_FAILURE,
        (_S.CREATED, _E.SERVICE_INACTIVE): _S.TECHNICAL_FAILURE,
        (_S.CREATED, _E.TIMED_OUT): _S.TECHNICAL_FAILURE,
        (_S.CREATED, _E.CANCELLED): _S.CANCELLED,
        **{
            (state, event): target
            for state in (_S.SENDING, _S.PENDING, _S.SENT)
            for event, target in _AFTER_HAND_OVER.items()
        },
        (_S.SENDING, _E.RECEIPT_PENDING): _S.PENDING,
        (_S.PENDING, _E.RECEIPT_PENDING): _S.PENDING,
        (_S.SENDING, _E.TIMED_OUT): _S.TEMPORARY_FAILURE,
        (_S.PENDING, _E.TIMED_OUT): _S.TEMPORARY_FAILURE,
    },
    ignores=frozenset(
        # Late and repeated receipts; a time-out that finds the message already answered.
        {(state, event) for state in _FINAL for event in (*_RECEIPTS, _E.TIMED_OUT)}
        # A hand-over recorded twice, or after a time-out gave up on the message.
        | {(state, _E.HANDED_OVER) for state in (*_FINAL, _S.SENDING, _S.PENDING, _S.SENT)}
        | {(state, _E.HANDED_OVER_ABROAD) for state in (*_FINAL, _S.SENDING, _S.PENDING, _S.SENT)}
        | {(_S.SENT, _E.RECEIPT_PENDING), (_S.SENT, _E.TIMED_OUT)}
    ),
)

FINAL = MACHINE.final_states
FAILED = frozenset({_S.PERMANENT_FAILURE, _S.TEMPORARY_FAILURE, _S.TECHNICAL_FAILURE})
