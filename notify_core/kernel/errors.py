"""The errors every layer understands; adapters translate their technology's into these."""

from datetime import timedelta


class NotifyError(Exception):
    """Anything this platform raises on purpose."""


class TransientError(NotifyError):
    """It failed now and may work later: a time-out, a refused connection, a lost race.

    ``retry_after`` is how long the other side asked us to wait, where it said so.
    """

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentError(NotifyError):
    """It failed and will fail again in the same way."""


class PutOff(TransientError):
    """The work has to wait for something that is not its own doing; this counts as none of its tries.

    ``delay`` is how long until it is worth looking again.
    """

    def __init__(self, message: str, *, delay: timedelta) -> None:
        super().__init__(message)
        self.delay = delay


class NotFound(NotifyError):
    """The thing named does not exist (or not for whoever asks)."""


class AlreadyExists(NotifyError):
    """A thing with this identity is already stored."""


class Conflict(TransientError):
    """Somebody else changed the thing between our reading and our writing; read again."""


class ClaimLost(NotifyError):
    """The work is no longer this worker's: its lease ran out and another took it, or it is done."""


class IllegalTransition(NotifyError):
    """A state machine has neither a move nor a declared ignore for this event."""

    def __init__(self, machine: str, state: str, event: str) -> None:
        super().__init__(f"{machine}: {event} is not possible in state {state}")
        self.machine = machine
        self.state = state
        self.event = event


class NotAllowed(NotifyError):
    """A policy refused; the message is its reason."""


class Forbidden(NotAllowed):
    """A policy refused because of who asks or in which account (HTTP 403), not of what is asked."""


class InvalidValue(NotifyError, ValueError):
    """A value cannot be what it claims to be; the message says why, in the sender's words."""


class RateLimited(NotifyError):
    """Too much in too short a time; ``retry_after`` says when there is room again."""

    def __init__(self, message: str, *, retry_after: timedelta) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DailyLimitReached(RateLimited):
    """The service's limit for today is used up."""
