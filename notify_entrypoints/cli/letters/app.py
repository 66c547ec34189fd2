"""The commands of the group, in the order of its help."""

import typer

app = typer.Typer(help="Letters: look and act.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Letters: look and act."""
