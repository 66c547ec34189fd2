"""Whether a callback's address is called, or left alone because nobody answers there."""

from enum import StrEnum

from notify_core.kernel.state_machine import StateMachine


class CircuitState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class CircuitEvent(StrEnum):
    FAILED_TOO_OFTEN = "failed too often"
    PROBE_BEGUN = "probe begun"
    PROBE_FAILED = "probe failed"
    ANSWERED = "answered"


_S = CircuitState
_E = CircuitEvent

# As in electricity: closed, it carries deliveries; open, it does not.
CIRCUIT: StateMachine[CircuitState, CircuitEvent] = StateMachine(
    name="callback circuit",
    states=CircuitState,
    events=CircuitEvent,
    moves={
        (_S.CLOSED, _E.FAILED_TOO_OFTEN): _S.OPEN,
        (_S.OPEN, _E.PROBE_BEGUN): _S.PROBING,
        # The process of the probe before died.
        (_S.PROBING, _E.PROBE_BEGUN): _S.PROBING,
        (_S.PROBING, _E.PROBE_FAILED): _S.OPEN,
        (_S.PROBING, _E.ANSWERED): _S.CLOSED,
        # A delivery that had begun before came through all the same.
        (_S.OPEN, _E.ANSWERED): _S.CLOSED,
    },
    ignores=frozenset(
        {
            (_S.CLOSED, _E.ANSWERED),
            # Deliveries that had begun before.
            (_S.OPEN, _E.FAILED_TOO_OFTEN),
            (_S.PROBING, _E.FAILED_TOO_OFTEN),
            # A probe that somebody else was faster than.
            (_S.CLOSED, _E.PROBE_FAILED),
            (_S.OPEN, _E.PROBE_FAILED),
        }
    ),
)
