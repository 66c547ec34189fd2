"""The lives of a broadcast message, of a revision, and of one event at one network."""

from enum import StrEnum

from notify_core.kernel.state_machine import StateMachine


class MessageStatus(StrEnum):
    DRAFT = "draft"
    PENDING_APPROVAL = "pending-approval"
    REJECTED = "rejected"
    BROADCASTING = "broadcasting"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    TECHNICAL_FAILURE = "technical-failure"


class MessageEvent(StrEnum):
    SUBMITTED = "submitted for approval"
    RETURNED = "returned to draft"
    REJECTED = "rejected"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


_M = MessageStatus

MESSAGE: StateMachine[MessageStatus, MessageEvent] = StateMachine(
    name="broadcast message",
    states=MessageStatus,
    events=MessageEvent,
    moves={
        (_M.DRAFT, MessageEvent.SUBMITTED): _M.PENDING_APPROVAL,
        (_M.PENDING_APPROVAL, MessageEvent.REJECTED): _M.REJECTED,
        (_M.PENDING_APPROVAL, MessageEvent.RETURNED): _M.DRAFT,
        (_M.PENDING_APPROVAL, MessageEvent.APPROVED): _M.BROADCASTING,
        (_M.REJECTED, MessageEvent.RETURNED): _M.DRAFT,
        (_M.REJECTED, MessageEvent.SUBMITTED): _M.PENDING_APPROVAL,
        (_M.BROADCASTING, MessageEvent.EXPIRED): _M.COMPLETED,
        (_M.BROADCASTING, MessageEvent.CANCELLED): _M.CANCELLED,
    },
)

# What a person asks for, as the event it would be; ``completed`` is the system's own move.
EVENT_ASKED_FOR = {
    _M.DRAFT: MessageEvent.RETURNED,
    _M.PENDING_APPROVAL: MessageEvent.SUBMITTED,
    _M.REJECTED: MessageEvent.REJECTED,
    _M.BROADCASTING: MessageEvent.APPROVED,
    _M.CANCELLED: MessageEvent.CANCELLED,
}

EDITABLE = frozenset({_M.DRAFT, _M.PENDING_APPROVAL, _M.REJECTED})


class RevisionStatus(StrEnum):
    PENDING_APPROVAL = "pending-approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class RevisionEvent(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"
    MESSAGE_ENDED = "the message ended"


_R = RevisionStatus

REVISION: StateMachine[RevisionStatus, RevisionEvent] = StateMachine(
    name="broadcast revision",
    states=RevisionStatus,
    events=RevisionEvent,
    moves={
        (_R.PENDING_APPROVAL, RevisionEvent.APPROVED): _R.APPROVED,
        (_R.PENDING_APPROVAL, RevisionEvent.REJECTED): _R.REJECTED,
        (_R.PENDING_APPROVAL, RevisionEvent.MESSAGE_ENDED): _R.LAPSED,
    },
)

# What a person decides, as the event it is; a revision lapses by itself.
REVISION_EVENT_ASKED_FOR = {_R.APPROVED: RevisionEvent.APPROVED, _R.REJECTED: RevisionEvent.REJECTED}


class ProviderMessageStatus(StrEnum):
    SENDING = "sending"
    RETURNED_ACK = "returned-ack"
    RETURNED_ERROR = "returned-error"
    TECHNICAL_FAILURE = "technical-failure"


class ProviderMessageEvent(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    GIVEN_UP = "given up by an operator"
    EXPIRED = "expired unacknowledged"


_P = ProviderMessageStatus

PROVIDER_MESSAGE: StateMachine[ProviderMessageStatus, ProviderMessageEvent] = StateMachine(
    name="broadcast provider message",
    states=ProviderMessageStatus,
    events=ProviderMessageEvent,
    moves={
        (_P.SENDING, ProviderMessageEvent.ACKNOWLEDGED): _P.RETURNED_ACK,
        (_P.SENDING, ProviderMessageEvent.GIVEN_UP): _P.RETURNED_ERROR,
        (_P.SENDING, ProviderMessageEvent.EXPIRED): _P.TECHNICAL_FAILURE,
    },
    # The same acknowledgement recorded by a worker that was thought dead.
    ignores=frozenset({(_P.RETURNED_ACK, ProviderMessageEvent.ACKNOWLEDGED)}),
)
