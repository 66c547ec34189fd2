from datetime import timedelta

import pytest

from notify_core.kernel import errors
from notify_core.kernel.errors import (
    Conflict,
    DailyLimitReached,
    Forbidden,
    IllegalTransition,
    InvalidValue,
    NotAllowed,
    NotifyError,
    PermanentError,
    RateLimited,
    TransientError,
)


def test_every_error_of_the_platform_is_a_notify_error():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) > 10
    assert all(issubclass(kind, NotifyError) for kind in kinds)


def test_what_may_work_later_can_say_when():
    assert TransientError("busy", retry_after=timedelta(seconds=9)).retry_after == timedelta(seconds=9)
    assert TransientError("busy").retry_after is None
    assert RateLimited("slower", retry_after=timedelta(seconds=1)).retry_after == timedelta(seconds=1)
    assert isinstance(DailyLimitReached("enough", retry_after=timedelta(hours=1)), RateLimited)


def test_a_lost_race_may_be_run_again_a_refusal_not():
    assert issubclass(Conflict, TransientError)
    assert not issubclass(PermanentError, TransientError)
    assert issubclass(Forbidden, NotAllowed)
    assert issubclass(InvalidValue, ValueError)


def test_a_move_that_is_not_in_the_table_names_machine_state_and_event():
    with pytest.raises(IllegalTransition, match=r"^door: opened is not possible in state bricked up$") as refusal:
        raise IllegalTransition("door", "bricked up", "opened")
    assert (refusal.value.machine, refusal.value.state, refusal.value.event) == ("door", "bricked up", "opened")
