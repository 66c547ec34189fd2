"""The life of a job."""

from enum import StrEnum
from typing import Final

from notify_core.kernel.state_machine import StateMachine


class JobStatus(StrEnum):
    SCHEDULED = "scheduled"
    PENDING = "pending"
    IN_PROGRESS = "in progress"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    LIMITS_EXCEEDED = "sending limits exceeded"
    ERROR = "error"


class JobEvent(StrEnum):
    DUE = "due"
    CANCELLED = "cancelled by its service"
    SERVICE_INACTIVE = "service inactive"
    OVER_LIMIT = "more than the service may send today"
    STARTED = "started"
    FINISHED = "every row done"
    STUCK = "stuck, or its file cannot be read"
    RESUMED = "resumed"


_S = JobStatus
_E = JobEvent

MACHINE: StateMachine[JobStatus, JobEvent] = StateMachine(
    name="job",
    states=JobStatus,
    events=JobEvent,
    moves={
        (_S.SCHEDULED, _E.DUE): _S.PENDING,
        (_S.SCHEDULED, _E.CANCELLED): _S.CANCELLED,
        (_S.PENDING, _E.STARTED): _S.IN_PROGRESS,
        (_S.PENDING, _E.SERVICE_INACTIVE): _S.CANCELLED,
        (_S.PENDING, _E.OVER_LIMIT): _S.LIMITS_EXCEEDED,
        (_S.IN_PROGRESS, _E.FINISHED): _S.FINISHED,
        (_S.IN_PROGRESS, _E.STUCK): _S.ERROR,
        (_S.ERROR, _E.RESUMED): _S.IN_PROGRESS,
    },
)

# What somebody or something still has to work on. A job in error is looked at again: its file may be back.
OPEN: Final = frozenset({_S.PENDING, _S.IN_PROGRESS, _S.ERROR})
FINAL: Final = MACHINE.final_states
