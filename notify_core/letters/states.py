"""The life of a letter. Source of the table: the letters page of the specification, "States"."""

from enum import StrEnum

from notify_core.kernel.state_machine import StateMachine


class LetterStatus(StrEnum):
    PENDING_VIRUS_CHECK = "pending-virus-check"
    CREATED = "created"
    SENDING = "sending"
    DELIVERED = "delivered"
    VALIDATION_FAILED = "validation-failed"
    VIRUS_SCAN_FAILED = "virus-scan-failed"
    TEMPORARY_FAILURE = "temporary-failure"
    TECHNICAL_FAILURE = "technical-failure"
    RETURNED = "returned-letter"
    CANCELLED = "cancelled"


class LetterEvent(StrEnum):
    PASSED = "checks passed"
    PASSED_WITH_TEST_KEY = "checks passed, test key"
    INVALID = "not printable"
    INFECTED = "virus found"
    SCAN_ERROR = "scan failed"
    FILE_MISSING = "file missing"
    SCANNED_AGAIN = "scanned again"
    RENDERED_WITH_TEST_KEY = "rendered, test key"
    RENDERING_EXHAUSTED = "rendering retries exhausted"
    CANCELLED = "cancelled"
    SENT = "sent to the printer"
    PRINTED = "printed"
    FAILED = "printing failed"
    REJECTED = "rejected by the printer"
    RETURNED = "returned by the post"


_S = LetterStatus
_E = LetterEvent
_CHECKED = (_E.PASSED, _E.PASSED_WITH_TEST_KEY, _E.INVALID, _E.INFECTED, _E.SCAN_ERROR, _E.FILE_MISSING)
_ANSWERED = (_E.PRINTED, _E.FAILED, _E.REJECTED)
_FINAL = (_S.VALIDATION_FAILED, _S.VIRUS_SCAN_FAILED, _S.TEMPORARY_FAILURE, _S.RETURNED, _S.CANCELLED)

MACHINE: StateMachine[LetterStatus, LetterEvent] = StateMachine(
    name="letter",
    states=LetterStatus,
    events=LetterEvent,
    moves={
        (_S.PENDING_VIRUS_CHECK, _E.PASSED): _S.CREATED,
        (_S.PENDING_VIRUS_CHECK, _E.PASSED_WITH_TEST_KEY): _S.DELIVERED,
        (_S.PENDING_VIRUS_CHECK, _E.INVALID): _S.VALIDATION_FAILED,
        (_S.PENDING_VIRUS_CHECK, _E.INFECTED): _S.VIRUS_SCAN_FAILED,
        (_S.PENDING_VIRUS_CHECK, _E.SCAN_ERROR): _S.TECHNICAL_FAILURE,
        (_S.PENDING_VIRUS_CHECK, _E.FILE_MISSING): _S.TECHNICAL_FAILURE,
        (_S.PENDING_VIRUS_CHECK, _E.CANCELLED): _S.CANCELLED,
        (_S.CREATED, _E.SENT): _S.SENDING,
        (_S.CREATED, _E.RENDERED_WITH_TEST_KEY): _S.DELIVERED,
        (_S.CREATED, _E.RENDERING_EXHAUSTED): _S.TECHNICAL_FAILURE,
        (_S.CREATED, _E.CANCELLED): _S.CANCELLED,
        (_S.SENDING, _E.PRINTED): _S.DELIVERED,
        (_S.SENDING, _E.FAILED): _S.TEMPORARY_FAILURE,
        (_S.SENDING, _E.REJECTED): _S.TECHNICAL_FAILURE,
        (_S.SENDING, _E.RETURNED): _S.RETURNED,
        (_S.DELIVERED, _E.RETURNED): _S.RETURNED,
        (_S.TECHNICAL_FAILURE, _E.SCANNED_AGAIN): _S.PENDING_VIRUS_CHECK,
    },
    ignores=frozenset(
        # Results of the scan and of sanitising that come when somebody else was faster, or come again.
        {(state, event) for state in _S if state is not _S.PENDING_VIRUS_CHECK for event in _CHECKED}
        # Late and repeated answers of the printer.
        | {(state, event) for state in (*_FINAL, _S.DELIVERED, _S.TECHNICAL_FAILURE) for event in _ANSWERED}
        # A step that is done again because its process died before it could say that it was done.
        | {(state, _E.SENT) for state in (_S.SENDING, _S.DELIVERED, _S.TEMPORARY_FAILURE, _S.RETURNED)}
        | {(_S.DELIVERED, _E.RENDERED_WITH_TEST_KEY), (_S.SENDING, _E.RENDERED_WITH_TEST_KEY)}
        | {(_S.PENDING_VIRUS_CHECK, _E.SCANNED_AGAIN), (_S.RETURNED, _E.RETURNED), (_S.CANCELLED, _E.CANCELLED)}
    ),
)

FINAL = MACHINE.final_states
# What a listing means by ``failed``.
FAILED = frozenset({_S.TECHNICAL_FAILURE, _S.TEMPORARY_FAILURE, _S.VALIDATION_FAILED, _S.VIRUS_SCAN_FAILED})
# What still waits for an end; retention leaves it alone.
UNFINISHED = frozenset({_S.PENDING_VIRUS_CHECK, _S.CREATED, _S.SENDING})
