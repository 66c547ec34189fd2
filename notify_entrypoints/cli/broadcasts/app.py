"""The commands of the group, in the order of its help."""

import typer

from notify_entrypoints.cli.broadcasts import dry_run, fake_network, links, listing, replay, show

app = typer.Typer(help="Emergency broadcasts: look and act.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Emergency broadcasts: look and act."""


app.command("list")(listing.list_)
app.command("show")(show.show)
app.command("replay")(replay.replay)
app.command("dry-run")(dry_run.dry_run)
app.command("links")(links.links)
app.add_typer(fake_network.app, name="fake-network")
