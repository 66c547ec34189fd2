"""Printing for people (tables) and for programs (one JSON document)."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]

# What is piped into a file or another program is not cut to the width of a terminal nobody looks at.
_NO_TERMINAL = 2000


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False, default=str))


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool, empty: str) -> None:
    """Rows with the same keys, as a table or as a JSON array."""
    if as_json:
        print_json(list(rows))
    elif not rows:
        typer.echo(empty)
    else:
        typer.echo(_table(rows))


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console() if sys.stdout.isatty() else Console(width=_NO_TERMINAL)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, example in rows[0].items():
        number = isinstance(example, int | float)
        table.add_column(name.replace("_", " "), overflow="fold", justify="right" if number else "left")
    for row in rows:
        # As texts: what stands in square brackets is no mark-up.
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    with console.capture() as printed:
        console.print(table)
    return "\n".join(line.rstrip() for line in printed.get().splitlines())


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
