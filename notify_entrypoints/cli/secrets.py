"""The keys that personal data is encrypted with."""

from typing import Annotated

import typer

from notify_entrypoints.cli.context import container

app = typer.Typer(help="The keys that personal data is encrypted with.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """The keys that personal data is encrypted with."""


@app.command()
def reencrypt(
    batch: Annotated[int, typer.Option(min=1, max=10_000, help="How many rows a transaction takes.")] = 500,
) -> None:
    """Encrypt again what an older key encrypted.

    It is done with the first of NOTIFY_SECRET_KEYS. It may run while the platform serves, and be ended and
    begun again. When it is done, the older keys can leave the list.
    """
    from notify_adapters.storage.sql.reencrypt import reencrypt as run

    made = container()
    latest: dict[str, str] = {}
    for progress in run(made.engine(), made.secrets(), batch=batch):
        latest[progress.table] = f"{progress.table}: {progress.changed} of {progress.read} rows encrypted again"
    for line in latest.values():
        typer.echo(line)
    typer.echo("Everything is encrypted with the first key.")
