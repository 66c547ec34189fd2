"""The commands of the group, in the order of its help."""

import typer

from notify_entrypoints.cli.callbacks import replay, show

app = typer.Typer(help="Telling services what happened: look and act.", no_args_is_help=True)

app.command("show")(show.show)
app.command("replay")(replay.replay)
