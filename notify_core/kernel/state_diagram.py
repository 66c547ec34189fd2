"""State tables for people: the same table that decides, as a Markdown page with a Mermaid diagram."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TypeVar

from notify_core.kernel.state_machine import StateMachine

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


def mermaid(machine: StateMachine[S, E], *, begins_in: Sequence[S] = ()) -> str:
    """A page about ``machine``: its moves as a diagram, every (state, event) pair as a table, and its
    declared ignores. The same machine always gives the same text.

    ``begins_in``: the states something may be made in, where these are more than the one declared first.
    """
    begins = begins_in or list(machine.states)[:1]
    sections = ["\n".join(_diagram(machine, begins)), "\n".join(_table(machine)), "\n".join(_ignores(machine))]
    return f"# States of a {machine.name}\n\n" + "\n\n".join(sections) + "\n"


def _diagram(machine: StateMachine[S, E], begins: Sequence[S]) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    # Mermaid's identifiers have no dashes, so each state is named by its place and labelled.
    identifiers = {state: f"s{number}" for number, state in enumerate(machine.states)}
    for state, identifier in identifiers.items():
        yield f'    state "{state}" as {identifier}'
    for state in begins:
        yield f"    [*] --> {identifiers[state]}"
    for (state, event), target in machine.moves.items():
        # A colon would end the label.
        yield f"    {identifiers[state]} --> {identifiers[target]}: {event.replace(':', ',')}"
    reached = set(machine.moves.values())
    for state in machine.states:
        if state in machine.final_states & reached:
            yield f"    {identifiers[state]} --> [*]"
    yield "```"


def _table(machine: StateMachine[S, E]) -> Iterator[str]:
    yield "## Every pair"
    yield ""
    yield "A dash is a pair that raises; *stays* is a declared ignore."
    yield ""
    yield f"| event | {' | '.join(machine.states)} |"
    yield f"| --- |{' --- |' * len(machine.states)}"
    for event in machine.events:
        yield f"| {event} | {' | '.join(_cell(machine, state, event) for state in machine.states)} |"


def _cell(machine: StateMachine[S, E], state: S, event: E) -> str:
    if machine.ignores_event(state, event):
        return "*stays*"
    return machine.moves.get((state, event), "-")


def _ignores(machine: StateMachine[S, E]) -> Iterator[str]:
    yield "## Declared ignores"
    yield ""
    pairs = [
        f"- {event}, in {state}"
        for state in machine.states
        for event in machine.events
        if machine.ignores_event(state, event)
    ]
    yield from pairs or ["None."]
