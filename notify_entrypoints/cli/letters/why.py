"""Why an uploaded letter was refused."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from notify_core.kernel.ids import NotificationId
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json


def why(
    notification_id: Annotated[UUID, typer.Argument(metavar="ID", help="The letter.")],
    *,
    json: AsJson = False,
) -> None:
    """Say why a letter failed validation.

    What its sender is to change, and on which pages.
    """
    refusal = container().explain_refusal()(NotificationId(notification_id))
    if json:
        print_json({"notification_id": notification_id, **asdict(refusal)})
        return
    typer.echo(refusal.message)
    if refusal.invalid_pages:
        listed = ", ".join(map(str, refusal.invalid_pages))
        typer.echo(f"Pages: {listed} of {refusal.page_count}")
