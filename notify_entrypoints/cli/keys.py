"""API keys of services."""

from typing import Annotated
from uuid import UUID

import typer

from notify_core.accounts.model import KeyType
from notify_core.accounts.use_cases.api_keys import IssuedKey
from notify_core.kernel.calendar import format_datetime
from notify_core.kernel.ids import ApiKeyId, ServiceId
from notify_entrypoints.cli.context import container
from notify_entrypoints.cli.output import AsJson, print_json, print_rows

app = typer.Typer(help="API keys of services: create, rotate, revoke.", no_args_is_help=True)

Service = Annotated[UUID, typer.Argument(metavar="SERVICE", help="The service's id.")]
Key = Annotated[UUID, typer.Argument(metavar="KEY", help="The key's id (see `notify keys list`).")]


@app.command("list")
def list_(service_id: Service, *, json: AsJson = False) -> None:
    """List a service's keys, newest first.

    Their secrets cannot be shown again.
    """
    rows = [
        {
            "id": key.id,
            "name": key.name,
            "type": key.key_type,
            "created_at": format_datetime(key.created_at),
            "revoked_at": format_datetime(key.revoked_at),
        }
        for key in container().list_api_keys()(ServiceId(service_id))
    ]
    print_rows(rows, as_json=json, empty="The service has no API keys.")


@app.command()
def create(
    service_id: Service,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the service calls it.")],
    key_type: Annotated[KeyType, typer.Option("--type", help="Who may be written to with it.")] = KeyType.NORMAL,
    *,
    json: AsJson = False,
) -> None:
    """Create a key and print it, this once."""
    _print(container().issue_api_key()(ServiceId(service_id), name, key_type), as_json=json)


@app.command()
def rotate(
    key_id: Key,
    *,
    revoke_old: Annotated[bool, typer.Option("--revoke-old", help="Revoke the old key at once.")] = False,
    json: AsJson = False,
) -> None:
    """Create a key's successor and print it, this once.

    The old key works until it is revoked.
    """
    _print(container().rotate_api_key()(ApiKeyId(key_id), revoke_old=revoke_old), as_json=json)


@app.command()
def revoke(key_id: Key) -> None:
    """Revoke a key: it opens nothing any more."""
    key = container().revoke_api_key()(ApiKeyId(key_id))
    typer.echo(f"{key.name} ({key.id}) is revoked.")


def _print(issued: IssuedKey, *, as_json: bool) -> None:
    if as_json:
        print_json({"id": issued.key.id, "name": issued.key.name, "key": issued.text})
    else:
        typer.echo(f"{issued.text}\n(shown this once; its id is {issued.key.id})")
