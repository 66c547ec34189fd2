"""What became of one message, where each instruction is, and what to do. Times are UTC."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated
from uuid import UUID

import typer

from notify_core.broadcasts.model import Attempt, AttemptOutcome, BroadcastEvent, BroadcastMessage, Revision
from notify_core.broadcasts.use_cases.audited import Act, act_view
from notify_core.broadcasts.use_cases.network_states import Block, NetworkState, Where
from notify_core.broadcasts.use_cases.network_words import clock_time, words_on
from notify_core.broadcasts.use_cases.show_broadcast import Sight
from notify_core.broadcasts.use_cases.views import remedy_lines
from notify_core.kernel.ids import BroadcastMessageId
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json, print_rows
from notify_entrypoints.maps import terminal_map

_BY_ITSELF = frozenset({Where.WAITING, Where.SENDING})
# As much of a history as is read at a glance; all of it is in the JSON.
LATEST = 6


def show(
    message_id: Annotated[UUID, typer.Argument(metavar="ID", help="The broadcast message.")],
    *,
    map_: Annotated[bool | None, typer.Option("--map/--no-map", help="Draw the areas (on a terminal: yes).")] = None,
    json: AsJson = False,
) -> None:
    """Show what became of a message, and what to do.

    That is: its events, each network's copy with every attempt, who approved, cancelled, assumed or replayed what,
    what waits for what, and the commands that mend it. Times are UTC.
    """
    wanted = BroadcastMessageId(message_id)
    if json:
        acts = [act_view(act) for act in container().list_broadcast_acts()(wanted)]
        print_json({**container().show_broadcast()(wanted), "audit": acts})
        return
    sight = container().look_at_broadcast()(wanted)
    _tell_message(sight.known.message, draws=sys.stdout.isatty() if map_ is None else map_)
    for revision in sight.known.revisions:
        _tell_revision(revision)
    for event, states in sight.events:
        _tell_event(event, states, sight)
    _tell_acts(container().list_broadcast_acts()(wanted))
    if sight.events:
        _tell_what_to_do(sight)


def _tell_message(message: BroadcastMessage, *, draws: bool) -> None:
    typer.echo(f"{message.status}: {message.content}")
    end = "not decided" if message.finishes_at is None else clock_time(message.finishes_at)
    start = "" if message.starts_at is None else f"on air from {clock_time(message.starts_at)} "
    typer.echo(f"areas {', '.join(message.areas) or 'none'}; {start}until {end} (UTC)")
    typer.echo(f"service {message.service_id}, reference {message.reference or 'none'}")
    if message.stubbed is not None:
        typer.echo(f"practice, it never goes out: {message.stubbed}")
    if draws and (drawn := terminal_map(message.simple_polygons)):
        typer.echo(f"\n{drawn}")


def _tell_revision(revision: Revision) -> None:
    typer.echo(f"\nrevision {revision.id}, {revision.status}, proposed {clock_time(revision.created_at)}")
    areas = ", ".join(revision.areas) or "none"
    typer.echo(f"{revision.content}\nareas {areas}; until {clock_time(revision.finishes_at)}")


def _tell_event(event: BroadcastEvent, states: Sequence[NetworkState], sight: Sight) -> None:
    typer.echo(f"\n{event.type} {event.id} on {event.channel}, {clock_time(event.sent_at)}")
    typer.echo(f"reference {event.reference}")
    rows = [
        {
            "network": state.provider,
            "where": state.where,
            "status": None if state.own is None else state.own.status,
            "number": None if state.own is None else state.own.message_number,
            "identifier": None if state.own is None else state.own.id,
            "what": words_on(state, sight.known, sight.at),
        }
        for state in states
    ]
    print_rows(rows, as_json=False, empty="it is for no network")
    for state in states:
        if state.attempts:
            typer.echo(f"{state.provider} attempts: {_history(state.attempts)}")


def _history(attempts: Sequence[Attempt]) -> str:
    said = [_attempt(one) for one in attempts[-LATEST:]]
    earlier = len(attempts) - len(said)
    return "; ".join([f"{earlier} earlier ones (--json)", *said] if earlier else said)


def _attempt(one: Attempt) -> str:
    detail = "" if one.detail is None else f" ({one.detail})"
    return f"{one.at:%H:%M:%S} route {one.route} {one.outcome}{detail}"


def _tell_acts(acts: Sequence[Act]) -> None:
    rows = [
        {
            "when": clock_time(act.entry.at),
            "who": act.name or act.entry.who,
            "did": act.entry.what,
            "from": act.entry.where,
            "id": act.entry.who if act.name else None,
        }
        for act in acts
    ]
    typer.echo("\nWho did what:")
    print_rows(rows, as_json=False, empty="nobody did anything")


def _tell_what_to_do(sight: Sight) -> None:
    remedies = list(_remedies(sight))
    if not remedies:
        typer.echo(f"\nNothing to do: {_why_nothing([state for _, at in sight.events for state in at])}.")
        return
    typer.echo("\nWhat to do:")
    for title, lines in remedies:
        typer.echo(f"- {title}")
        for line in lines:
            typer.echo(f"    {line}")


def _why_nothing(states: Sequence[NetworkState]) -> str:
    if all(state.where is Where.ACKNOWLEDGED for state in states):
        return "every network has it"
    silent = [state.provider for state in states if state.where in _BY_ITSELF and _has_failed(state)]
    if silent:
        return (
            f"{', '.join(dict.fromkeys(silent))} did not take it yet and will be asked again and again, without you. "
            "If it lasts, ring them; notify broadcasts links shows whether they can be reached"
        )
    return "nothing waits for you"


def _has_failed(state: NetworkState) -> bool:
    return any(one.outcome is AttemptOutcome.FAILED for one in state.attempts)


def _remedies(sight: Sight) -> Iterator[tuple[str, Sequence[str]]]:
    """What is the same at several networks is said once, with a command for each."""
    for event, states in sight.events:
        for reason, found in _by_reason(states).items():
            networks = ", ".join(provider for provider, _ in found)
            yield f"{event.type} at {networks}: {reason}", remedy_lines([block.mend for _, block in found])


def _by_reason(states: Sequence[NetworkState]) -> Mapping[str, Sequence[tuple[str, Block]]]:
    found: dict[str, list[tuple[str, Block]]] = {}
    for state in states:
        for block in state.blocks:
            found.setdefault(block.reason, []).append((state.provider, block))
    return found
