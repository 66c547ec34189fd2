"""Whether the networks can be reached."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import typer

from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json, print_rows

_PLACES = len("2026-01-05T12:00:00")


def links(*, json: AsJson = False) -> None:
    """Show whether the networks can be reached.

    Every quarter of an hour both routes to each network are tried with a message that is no alert. Shown are the
    latest results, and how many of the last 24 hours were good.
    """
    found = container().show_links()()
    if json:
        print_json(found)
        return
    print_rows([_row(each) for each in found], as_json=False, empty="No network is enabled.")
    for line in _conclusions(found):
        typer.echo(line)


def _row(link: dict[str, Any]) -> dict[str, Any]:
    tested = link["acknowledged_24h"] + link["failed_24h"]
    return {
        "network": link["provider"],
        "route": link["route"],
        "function": link["function"],
        "latest": link["outcome"] or "never tested",
        "at (UTC)": link["at"] and link["at"][:_PLACES].replace("T", " "),
        "seconds": None if link["seconds"] is None else f"{link['seconds']:.2f}",
        "good in 24 h": f"{link['acknowledged_24h']} of {tested}",
        "detail": link["detail"],
    }


def _conclusions(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What there is to worry about."""
    if found and not any(link["connected"] for link in found):
        yield "\nThis platform is connected to no network: nothing is tested."
        return
    for network, routes in groupby(found, key=lambda link: str(link["provider"])):
        dead = [link["outcome"] == "failed" for link in routes]
        if all(dead):
            yield f"\n{network} CANNOT BE REACHED: neither route answered."
        elif any(dead):
            yield f"\n{network} is reached on one route only: route {dead.index(True) + 1} did not answer."
    overdue = dict.fromkeys(link["provider"] for link in found if link["overdue"])
    if overdue:
        yield f"\nNot tested within the last half an hour: {', '.join(overdue)}."
        yield "Is the scheduler running, and a worker for broadcast-tasks? (notify tasks list --queue broadcast-tasks)"
