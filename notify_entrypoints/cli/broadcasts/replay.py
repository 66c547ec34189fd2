"""Trying again, after an integrity error."""

from typing import Annotated
from uuid import UUID

import typer

from notify_core.broadcasts.model import Assumption
from notify_core.broadcasts.use_cases.replay import replayed_view
from notify_core.kernel.ids import BroadcastEventId
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json


def replay(
    event_id: Annotated[UUID, typer.Argument(metavar="EVENT", help="The event (see `notify broadcasts show`).")],
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="The network, such as ee.")],
    assume: Annotated[
        Assumption | None, typer.Option(help="What became of the earlier events that are in its way at this network.")
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Send an event to a network after all.

    The same checks as before every try: where they would refuse it again nothing is changed, and the reason
    says what to do. With --assume you decide what nobody can know. sent: people may have received the earlier
    event, and what follows names it. not-sent: nobody did, and nobody will; an update then goes out as an
    alert, a cancellation not at all. It is kept in the audit log, and cannot be taken back.
    """
    replayed = container().replay_broadcast()(BroadcastEventId(event_id), provider, assume)
    if json:
        print_json(replayed_view(replayed))
        return
    for earlier in replayed.settled:
        typer.echo(f"The {earlier.type} {earlier.id} at {provider} is taken for {replayed.assume} from now on.")
    event = replayed.event
    typer.echo(f"The {event.type} {event.id} is due at {provider}. What becomes of it:")
    typer.echo(f"    notify broadcasts show {event.broadcast_message_id}")
