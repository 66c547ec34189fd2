"""How somebody outside can be unwell."""

import random
from enum import StrEnum


class Trouble(StrEnum):
    """``ERRORS`` and ``REFUSING`` take nothing. ``CUT`` and ``LATE`` take what comes, and the platform does not hear of
    it: the connection ends, or the answer comes after the time-out."""

    NONE = "well"
    ERRORS = "answers with errors"
    REFUSING = "refuses connections"
    SLOW = "answers slowly"
    CUT = "takes, and hangs up"
    LATE = "takes, and answers after the time-out"

    @property
    def takes(self) -> bool:
        return self not in {Trouble.ERRORS, Trouble.REFUSING}

    @property
    def answers(self) -> bool:
        """Whether what was taken is said in time."""
        return self in {Trouble.NONE, Trouble.SLOW}


# Seconds that the platform waits for an answer in these runs, and those that it is made to wait.
TIME_OUT = 3
_SLOW, _LATE = (0.5, 2.0), (TIME_OUT + 1.0, TIME_OUT + 2.0)
# Of all that comes to somebody unwell so much is spared, as in life.
_SPARED = 0.25


def wait_of(trouble: Trouble) -> float:
    """Seconds before the answer."""
    if trouble is Trouble.SLOW:
        return random.uniform(*_SLOW)  # noqa: S311 - nobody guesses at it
    return random.uniform(*_LATE) if trouble is Trouble.LATE else 0.0  # noqa: S311


def of_this_request(trouble: Trouble) -> Trouble:
    """What happens to one request while that is the trouble."""
    return Trouble.NONE if random.random() < _SPARED else trouble  # noqa: S311
