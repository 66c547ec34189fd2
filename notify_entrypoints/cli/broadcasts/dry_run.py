"""What the networks would be told, or were."""

import json as text
import re
import sys
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import typer

from notify_core.kernel.errors import NotFound
from notify_core.kernel.ids import BroadcastMessageId
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json
from notify_entrypoints.maps import terminal_map

# A pair of degrees, which the JSON of people's choice puts on four lines.
_PAIR = re.compile(r"\[\s+(-?[\d.e-]+),\s+(-?[\d.e-]+)\s+\]")


def dry_run(
    message_id: Annotated[UUID, typer.Argument(metavar="ID", help="The broadcast message.")],
    network: Annotated[str | None, typer.Option(help="Only what this network is told.")] = None,
    *,
    map_: Annotated[bool | None, typer.Option("--map/--no-map", help="Draw the areas (on a terminal: yes).")] = None,
    json: AsJson = False,
) -> None:
    """Show to the letter what the networks are told; send nothing.

    Of a message that is not approved yet: what its alert would be, and what its approval would be refused for.
    Of a revision that waits: what its update would be.
    """
    found = container().dry_run_broadcast()(BroadcastMessageId(message_id))
    if network is not None:
        _keep_only(network, found)
    if json:
        print_json(found)
        return
    if not found["events"]:
        typer.echo("Nothing was ever sent, and nothing will be.")
    for event in found["events"]:
        _tell(event, draws=sys.stdout.isatty() if map_ is None else map_)


def _keep_only(network: str, found: dict[str, Any]) -> None:
    """:raises NotFound: no event goes to that network."""
    for event in found["events"]:
        event["networks"] = [one for one in event["networks"] if one["provider"] == network]
    if not any(event["networks"] for event in found["events"]):
        raise NotFound(f"no event of broadcast message {found['broadcast_message_id']} goes to {network}")


def _tell(event: dict[str, Any], *, draws: bool) -> None:
    kind = event["message_type"]
    title = f"{kind.upper()} {event['id']}" if event["id"] else f"{kind.upper()}, if it were approved now"
    typer.echo(f"{title}\n{'=' * len(title)}")
    for refusal in event["refusals"]:
        typer.echo(f"Approval would be refused: {refusal}")
    if draws and (drawn := terminal_map(_areas(event["networks"]))):
        typer.echo(f"\n{drawn}")
    for told in event["networks"]:
        _tell_network(told)
    typer.echo()


def _tell_network(told: dict[str, Any]) -> None:
    functions = ", then ".join(told["functions"]) or "unknown"
    typer.echo(f"\n{told['provider']}: {functions}")
    for refusal in told["refusals"]:
        typer.echo(f"Nothing would go out now: {refusal}")
    if told["payload"] is None:
        return
    if told["provisional"]:
        typer.echo("Identifier, message number and times are taken when it is handed over; these stand for them.")
    typer.echo(_PAIR.sub(r"[\1, \2]", text.dumps(told["payload"], indent=2, ensure_ascii=False)))
    typer.echo(told["xml"].rstrip())


def _areas(networks: Sequence[dict[str, Any]]) -> list[Any]:
    """Those of the first network that is told any: all are told the same."""
    told = (one["payload"].get("areas", ()) for one in networks if one["payload"] is not None)
    return [area["polygon"] for area in next(iter(told), ())]
