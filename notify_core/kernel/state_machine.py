"""A state machine is a table keyed by (state, event): moves, declared ignores, nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from notify_core.kernel.errors import IllegalTransition

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class StateMachine(Generic[S, E]):
    """Knows no time, no user and no storage; who may cause an event is a policy's business.

    A pair that is neither in ``moves`` nor in ``ignores`` raises: nothing is allowed by silence.
    """

    name: str
    states: type[S]
    events: type[E]
    moves: Mapping[tuple[S, E], S]
    ignores: frozenset[tuple[S, E]] = frozenset()

    def __post_init__(self) -> None:
        if both := self.ignores & self.moves.keys():
            raise ValueError(f"{self.name}: both move and ignore: {sorted(both)}")

    def after(self, state: S, event: E) -> S:
        """The state after ``event``; the same state where the event is a declared ignore.

        :raises IllegalTransition: for every other pair.
        """
        if (state, event) in self.ignores:
            return state
        try:
            return self.moves[state, event]
        except KeyError:
            raise IllegalTransition(self.name, state, event) from None

    def ignores_event(self, state: S, event: E) -> bool:
        """Whether ``event`` is declared to change nothing in ``state``."""
        return (state, event) in self.ignores

    @property
    def final_states(self) -> frozenset[S]:
        """The states that no move leaves."""
        return frozenset(self.states) - {state for state, _ in self.moves}

    def rows(self) -> Iterator[tuple[S, E, S | None]]:
        """Every (state, event) pair in declaration order, with its target; ``None`` where it raises."""
        for state in self.states:
            for event in self.events:
                if (state, event) in self.ignores:
                    yield state, event, state
                else:
                    yield state, event, self.moves.get((state, event))
