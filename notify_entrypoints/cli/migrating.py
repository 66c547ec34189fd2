"""Bringing the database to another schema, while the platform serves."""

from typing import Annotated

import typer

from notify_entrypoints.cli.context import unmigrated


def migrate(
    back_to: Annotated[
        str | None, typer.Option(metavar="REVISION", help="Undo the steps after this revision instead.")
    ] = None,
    *,
    contract: Annotated[bool, typer.Option(help="Also take away what former releases use.")] = False,
) -> None:
    """Bring the database to the schema of this release.

    May run while the former release serves: it does what those processes need not notice. What takes something from
    them waits for --contract, which comes when none of them runs any more. A database that holds nothing yet gets
    everything at once.

    The way back is for steps that took nothing away. What was written into what they had added is lost.
    """
    if back_to is None:
        _forward(contract=contract)
    elif contract:
        raise typer.BadParameter("--back-to and --contract are opposites")
    else:
        _back(back_to)


def _forward(*, contract: bool) -> None:
    from notify_adapters.storage.sql.migrate import release_of
    from notify_entrypoints.containers import migrate as migrate_database

    schema = migrate_database(unmigrated(), contract=contract)
    release = release_of()
    if schema.revision == release.newest:
        typer.echo(f"The database has the newest schema ({schema.revision}).")
    elif (schema.revision or "") > release.newest:
        typer.echo(f"The database has the schema {schema.revision} of a newer release; there is nothing to do.")
    else:
        left = ", ".join(step.revision for step in release.after(schema))
        typer.echo(
            f"The database has the schema {schema.revision}. Left: {left}. They begin with a step that takes away what "
            "former releases use. When none of their processes runs any more: notify migrate --contract"
        )


def _back(revision: str) -> None:
    from notify_adapters.storage.sql.migrate import back_to
    from notify_entrypoints.containers.database import usable

    engine = unmigrated().engine()
    with usable(engine):
        back_to(engine, revision)
    typer.echo(f"The database has the schema {revision}.")
