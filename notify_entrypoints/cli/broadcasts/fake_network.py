"""The fake networks: what they have on air, and how they are to behave."""

import shutil
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from notify_adapters.cbc.fake_store import Behaviour, Kind
from notify_core.broadcasts.model import Route
from notify_core.kernel.errors import InvalidValue
from notify_entrypoints.cli.context import unmigrated
from notify_entrypoints.cli.output import AsJson, print_json, print_rows
from notify_entrypoints.fake_network import check_played, document, script_text
from notify_entrypoints.maps import terminal_map

if TYPE_CHECKING:  # the platform itself is imported when a command needs it
    from notify_adapters.cbc.fake import FakeNetworks

app = typer.Typer(help="The fake networks: look and script.")

LONGEST_LATENCY = 600.0
_CALLS = 20
_NO_TERMINAL = 100

Network = Annotated[str, typer.Argument(metavar="NETWORK", help="A network, such as ee.")]


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    network: Annotated[str | None, typer.Option(help="Only this network, with its areas and calls.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """Show what the fake networks have on air and how they behave.

    The same as a page: /fake-network beside the API, with an admin secret as the password.
    """
    if context.invoked_subcommand is not None:
        return
    networks, now = _networks()
    found = document(networks, now, network)
    if json:
        print_json(found)
        return
    print_rows([_row(each) for each in found["networks"]], as_json=False, empty="no network is installed")
    for each in found["networks"]:
        _tell(each, in_full=network is not None)


@app.command()
def script(
    network: Network,
    kind: Annotated[Kind, typer.Option(help="How it behaves.")] = Kind.ACKNOWLEDGES,
    route: Annotated[int | None, typer.Option(min=1, max=2, help="Only this route; both when left out.")] = None,
    latency: Annotated[float, typer.Option(help="Seconds before it answers.")] = 0.0,
    times: Annotated[int | None, typer.Option(min=1, help="For so many calls; for ever when left out.")] = None,
) -> None:
    """Make a network misbehave, or answer slowly.

    With time-out and acknowledgement-lost the caller gets no answer; after the latter the network has
    taken the message all the same.
    """
    if not 0 <= latency <= LONGEST_LATENCY:
        raise InvalidValue(f"--latency {latency:g} is not from 0 to {LONGEST_LATENCY:g} seconds")
    networks, now = _networks()
    networks.script(network, None if route is None else Route(route), Behaviour(kind, latency), times)
    (found,) = document(networks, now, network)["networks"]
    for each in found["scripts"]:
        typer.echo(f"{network}: {script_text(each)}")


@app.command()
def recover(
    network: Annotated[str | None, typer.Argument(metavar="NETWORK", help="A network; all when left out.")] = None,
) -> None:
    """Let a network behave well again."""
    networks, _ = _networks()
    networks.store.recover(None if network is None else networks.profile(network).name)
    typer.echo(f"{network or 'every network'} answers as it should.")


@app.command()
def forget() -> None:
    """Forget every broadcast, call and script.

    Networks that have forgotten an alert refuse its update and its cancellation.
    """
    networks, _ = _networks()
    networks.store.forget()
    typer.echo("The fake networks have forgotten everything.")


def _networks() -> "tuple[FakeNetworks, datetime]":
    container = unmigrated()
    check_played(container.settings())
    return container.cbc(), container.clock().now()


def _row(network: Mapping[str, Any]) -> dict[str, Any]:
    last = network["calls"][-1] if network["calls"] else None
    return {
        "network": network["name"],
        "format": network["format"],
        "behaves": "; ".join(map(script_text, network["scripts"])) or ("well" if network["enabled"] else "not enabled"),
        "on air": len(network["on_air"]),
        "taken": network["taken"],
        "last call": f"{last['at'][:19]}Z {last['answer']}" if last else None,
    }


def _tell(network: Mapping[str, Any], *, in_full: bool) -> None:
    for heard in network["on_air"]:
        typer.echo(f"\n{network['name']}: {heard['message_type']} on {heard['channel']} until {heard['expires']}")
        typer.echo(heard["description"])
        if in_full and (drawn := _map(heard["areas"])):
            typer.echo(drawn)
    if in_full and network["calls"]:
        typer.echo()
        print_rows(network["calls"][-_CALLS:], as_json=False, empty="")


def _map(areas: list[Any]) -> str:
    columns = shutil.get_terminal_size((_NO_TERMINAL, 24)).columns if sys.stdout.isatty() else _NO_TERMINAL
    return terminal_map(areas, width=max(min(columns - 2, 60), 10), height=12)
