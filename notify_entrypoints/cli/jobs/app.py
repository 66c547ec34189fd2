"""The commands of the group, in the order of its help."""

import typer

from notify_entrypoints.cli.jobs import looking, submitting

app = typer.Typer(help="Jobs: a message to each row of a CSV file.", no_args_is_help=True)


app.command("submit")(submitting.submit)
app.command("list")(looking.list_)
app.command("show")(looking.show)
app.command("results")(looking.results)
app.command("cancel")(looking.cancel)
