"""The commands of the group, in the order of its help."""

import typer

from notify_entrypoints.cli.letters import answers, replay_errors, runs, why

app = typer.Typer(help="Letters: look and act.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Letters: look and act."""


app.command("runs")(runs.runs)
app.command("show")(runs.show)
app.command("why")(why.why)
app.command("replay-errors")(replay_errors.replay_errors)
app.command("responses")(answers.responses)
app.command("returned")(answers.returned)
app.command("sorted-counts")(answers.sorted_counts)
