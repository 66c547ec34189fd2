"""The latest broadcasts, and which of them need an operator."""

from typing import Annotated, Any
from uuid import UUID

import typer

from notify_core.broadcasts.states import MessageStatus
from notify_core.broadcasts.use_cases.list_broadcasts import ListedBroadcast
from notify_core.broadcasts.use_cases.network_words import clock_time
from notify_core.broadcasts.use_cases.views import listed_view
from notify_core.kernel.ids import BroadcastMessageId, ServiceId
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json, print_rows

QUOTED = 40


def list_(
    status: Annotated[MessageStatus | None, typer.Option(help="Only this status.")] = None,
    service: Annotated[UUID | None, typer.Option(help="Only this service's.")] = None,
    older_than: Annotated[UUID | None, typer.Option(help="Continue behind this message.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=250, help="How many.")] = 50,
    *,
    json: AsJson = False,
) -> None:
    """List the latest messages of all services, newest first.

    Of every event at every network: how many the networks have acknowledged, and how many wait for an
    operator. Times are UTC.
    """
    found = container().list_broadcasts()(
        status=status,
        service_id=None if service is None else ServiceId(service),
        older_than=None if older_than is None else BroadcastMessageId(older_than),
        limit=limit,
    )
    if json:
        print_json([listed_view(listed) for listed in found])
        return
    print_rows([_row(listed) for listed in found], as_json=False, empty="There are no such broadcasts.")
    stuck = [listed.message.id for listed in found if listed.blocked]
    if stuck:
        typer.echo("\nBlocked; what to do:")
    for message_id in stuck:
        typer.echo(f"    notify broadcasts show {message_id}")
    if len(found) == limit:
        typer.echo(f"\nThere may be more: --older-than {found[-1].message.id}")


def _row(listed: ListedBroadcast) -> dict[str, Any]:
    message = listed.message
    text = " ".join(message.content.split())
    return {
        "id": message.id,
        "created": clock_time(message.created_at),
        "status": message.status,
        "practice": None if message.stubbed is None else "yes",
        "acknowledged": f"{listed.acknowledged} of {listed.targets}",
        "blocked": listed.blocked or None,
        "content": text if len(text) <= QUOTED else f"{text[: QUOTED - 1]}…",
    }
