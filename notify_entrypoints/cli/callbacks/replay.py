"""Telling a service once more what it was not told."""

from typing import Annotated
from uuid import UUID

import typer

from notify_core.kernel.ids import ServiceId
from notify_entrypoints.cli.callbacks.arguments import ServiceArgument, TypeOption
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json


def replay(
    service: ServiceArgument,
    kind: TypeOption = None,
    delivery: Annotated[UUID | None, typer.Option(help="Only this one (see `notify callbacks show`).")] = None,
    *,
    json: AsJson = False,
) -> None:
    """Make failed deliveries due again: all, or some.

    They keep their webhook-id, by which the service knows one that it got already. What has been
    delivered, or waits, is left as it is, so the command may be repeated.
    """
    done = container().replay_callbacks()(ServiceId(service), kind, delivery)
    if json:
        print_json({"replayed": [str(one) for one in done.deliveries], "skipped": done.skipped})
    elif done.deliveries:
        typer.echo(f"{len(done.deliveries)} failed deliveries are due again.")
    else:
        typer.echo("There is nothing that failed.")
